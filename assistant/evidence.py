"""Evidence: the sentences of the retrieved papers, scored as answers to the question."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.answer import Kind
from assistant.features import features_of
from assistant.reranker import Reranker
from assistant.retrieval import Found
from assistant.scorer import LinearScorer
from assistant.sentence import Sentence, sentences_of
from store.corpus import Corpus
from store.papers import Paper

#: Sentences that the reranker reads.
READ = 16
#: Probabilities nearer to 0 or 1 than this are taken for this.
LEAST = 1e-4
#: Decimals of a logit, so that last bits never decide an order.
LOGIT_DECIMALS = 4


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence and how well it answers, from 0 to 1; `features` says why."""

    sentence: Sentence
    score: float
    features: Mapping[str, float]


def gather(
    corpus: Corpus,
    question: str,
    *,
    kind: Kind,
    found: Sequence[Found],
    papers: Mapping[str, Paper],
    scorer: LinearScorer,
) -> list[Evidence]:
    """Return every sentence of the found papers, best first; equals stand in reading order."""
    sentences = [sentence for item in found for sentence in sentences_of(papers[item.paper_id])]
    rows = features_of(corpus, question, kind=kind, found=found, sentences=sentences)
    scored = [
        Evidence(sentence, scorer.probability(row), row)
        for sentence, row in zip(sentences, rows, strict=True)
    ]
    place = {item.paper_id: item.rank for item in found}
    return sorted(
        scored,
        key=lambda item: (-item.score, place[item.sentence.paper.id], item.sentence.index),
    )


def reranked(
    question: str,
    evidence: Sequence[Evidence],
    *,
    kind: Kind,
    reranker: Reranker,
    scorer: LinearScorer,
) -> list[Evidence]:
    """Return the best evidence, scored again with the reranker's reading, best first.

    `evidence` is best first; what is not read again is left out. A list is returned as it came:
    it has a sentence of each paper, and the reranker has learnt to find the one that answers.
    """
    if kind == "list":
        return list(evidence)
    read = evidence[:READ]
    logits = reranker.score(question, [(e.sentence.paper.title, e.sentence.text) for e in read])
    scored = []
    for item, logit in zip(read, logits.tolist(), strict=True):
        features = {
            **item.features,
            "features": log_odds(item.score),
            "reranker": round(logit, LOGIT_DECIMALS),
        }
        scored.append(Evidence(item.sentence, scorer.probability(features), features))
    order = {id(item.sentence): place for place, item in enumerate(read)}
    return sorted(scored, key=lambda item: (-item.score, order[id(item.sentence)]))


def log_odds(probability: float) -> float:
    """Return the logit of a probability, which is kept off 0 and 1."""
    kept = min(max(probability, LEAST), 1 - LEAST)
    return math.log(kept / (1 - kept))
