"""Evidence: the sentences of the retrieved papers, scored as answers to the question."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.answer import Kind
from assistant.features import Sentence, features_of
from assistant.retrieval import Found
from assistant.scorer import LinearScorer
from store.corpus import Corpus
from store.papers import Paper
from store.sentences import sentence_spans


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


def sentences_of(paper: Paper) -> list[Sentence]:
    """Return the sentences of a paper's abstract, in order."""
    spans = sentence_spans(paper.abstract)
    return [Sentence(paper, index, tuple(spans)) for index in range(len(spans))]
