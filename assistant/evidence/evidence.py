"""Evidence: the sentences of the retrieved papers, scored as answers to the question."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.evidence.features import features_of
from assistant.evidence.scorer import LinearScorer
from assistant.evidence.sentence import Sentence, sentences_of
from assistant.question.kinds import MANY
from assistant.question.need import Need
from assistant.reranking.reranker import Reranker
from assistant.retrieval.ranking import Found
from store.papers import Paper

#: Sentences that the reranker reads.
READ = 8
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
    need: Need,
    *,
    found: Sequence[Found],
    papers: Mapping[str, Paper],
    scorer: LinearScorer,
) -> list[Evidence]:
    """Return every sentence of the found papers, best first; equals stand in reading order."""
    sentences = [sentence for item in found for sentence in sentences_of(papers[item.paper_id])]
    rows = features_of(need, found=found, sentences=sentences)
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
    need: Need,
    evidence: Sequence[Evidence],
    *,
    reranker: Reranker,
    scorer: LinearScorer,
    besides: Sequence[Evidence] = (),
) -> list[Evidence]:
    """Return the best evidence, scored again with the reranker's reading, best first.

    `evidence` is best first; what is not read again is left out. For a list the best sentence of
    each paper is read besides, and whatever is to be read `besides` of it.
    """
    read = evidence[:READ]
    if need.kind in MANY:
        read = [*read, *_best_of_other_papers(evidence, read)]
    read = [*read, *(item for item in besides if all(item is not one for one in read))]
    logits = reranker.score(need.text, [(e.sentence.paper.title, e.sentence.text) for e in read])
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


def _best_of_other_papers(evidence: Sequence[Evidence], read: Sequence[Evidence]) -> list[Evidence]:
    known = {item.sentence.paper.id for item in read}
    first: dict[str, Evidence] = {}
    for item in evidence:
        if item.sentence.paper.id not in known:
            first.setdefault(item.sentence.paper.id, item)
    return list(first.values())


def log_odds(probability: float) -> float:
    """Return the logit of a probability, which is kept off 0 and 1."""
    kept = min(max(probability, LEAST), 1 - LEAST)
    return math.log(kept / (1 - kept))
