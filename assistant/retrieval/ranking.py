"""Retrieval: a query to ranked papers, by fusing lexical and dense search."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from store.chunks import paper_of, span_of
from store.corpus import Corpus
from store.dense import Neighbours, Vectors
from store.hits import Hit

Mode = Literal["lexical", "dense", "hybrid"]
MODES: tuple[Mode, ...] = ("lexical", "dense", "hybrid")

#: Papers taken from each search before they are fused; of 100, 200 and 300.
DEPTH = 300
#: Chunks searched so that about DEPTH papers are among them: an abstract has about three.
CHUNK_DEPTH = 900
#: The share of the dense score in the fused one. Per-query scaling with equal shares beat
#: reciprocal rank fusion on every collection tried.
DENSE_SHARE = 0.5
#: Feedback (Rocchio 1971): the best chunks of so many papers are taken for relevant, and the
#: question's vector is moved towards their mean with this weight, as is usual.
FEEDBACK_PAPERS, FEEDBACK_WEIGHT = 3, 0.5


@dataclass(frozen=True, slots=True)
class Found:
    """A retrieved paper: fused `score` in 0..1, raw BM25, and the cosine of each found chunk.

    `first_score` is what the paper scored before the feedback, which makes the best papers of any
    question agree. `cosines` maps a chunk's (start, end) to its cosine; it is empty where only
    words matched.
    """

    paper_id: str
    rank: int
    score: float
    first_score: float
    bm25: float
    cosines: Mapping[tuple[int, int], float]

    @property
    def cosine(self) -> float:
        """The best cosine among the paper's chunks, 0 where none was found."""
        return max(self.cosines.values(), default=0.0)


def rank(corpus: Corpus, text: str, *, k: int, mode: Mode) -> list[tuple[str, float]]:
    """Return the `k` best (paper id, score) of one way of searching, best first."""
    if mode == "lexical":
        scores = _with_names(_bm25(corpus, text), corpus, text)
        return sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))[:k]
    if mode == "dense":
        chunks = by_paper(corpus.search_dense(text, k=CHUNK_DEPTH))
        return sorted(best_of_each(chunks).items(), key=lambda pair: (-pair[1], pair[0]))[:k]
    return [(found.paper_id, found.score) for found in retrieve(corpus, text, k=k)]


def retrieve(
    corpus: Corpus, text: str, *, k: int, within: Collection[str] | None = None
) -> list[Found]:
    """Return the `k` best papers for a standalone text, best first; equals stand in id order.

    What the dense search finds is ranked twice, the second time by what the best papers of the
    first ranking say as well.
    """
    bm25 = _bm25(corpus, text, within=within)
    lexical = _with_names(bm25, corpus, text, within=within)
    vector = corpus.embed(text)
    near = corpus.nearest(vector, k=CHUNK_DEPTH, within=within)
    chunks = by_paper(near.hits)
    first = fused(lexical, best_of_each(chunks))
    moved = _moved(near, vector, chunks, in_order(first)[:FEEDBACK_PAPERS])
    scores = fused(lexical, best_of_each(by_paper(near.ranked(moved))))
    order = in_order(scores)[:k]
    return [
        Found(
            paper_id,
            rank,
            score=scores[paper_id],
            first_score=first.get(paper_id, 0.0),
            bm25=bm25.get(paper_id, 0.0),
            cosines={span_of(key): cosine for key, cosine in chunks.get(paper_id, {}).items()},
        )
        for rank, paper_id in enumerate(order, 1)
    ]


def _bm25(corpus: Corpus, text: str, *, within: Collection[str] | None = None) -> dict[str, float]:
    return {hit.id: hit.score for hit in corpus.search_lexical(text, k=DEPTH, within=within)}


def _with_names(
    bm25: Mapping[str, float], corpus: Corpus, text: str, *, within: Collection[str] | None = None
) -> dict[str, float]:
    """Return the best scores once each paper has its own for the names in the text."""
    scores = dict(bm25)
    for hit in corpus.search_names(text, k=DEPTH, within=within):
        scores[hit.id] = scores.get(hit.id, 0.0) + hit.score
    return {paper_id: scores[paper_id] for paper_id in in_order(scores)[:DEPTH]}


def _moved(
    near: Neighbours,
    vector: Vectors,
    chunks: Mapping[str, Mapping[str, float]],
    relevant: Sequence[str],
) -> Vectors:
    """Return the question's vector moved towards the best chunk of each relevant paper."""
    # Best first.
    best = [next(iter(chunks[paper_id])) for paper_id in relevant if paper_id in chunks]
    said = near.of(best)
    if not len(said):
        return vector
    moved: Vectors = vector + FEEDBACK_WEIGHT * said.mean(axis=0)
    length = float(np.linalg.norm(moved))
    return moved / length if length else vector


def fused(words: Mapping[str, float], cosine: Mapping[str, float]) -> dict[str, float]:
    """Return each paper's score, 0 to 1, from its BM25 and its cosine, both scaled."""
    lexical, dense = _scaled(words), _scaled(cosine)
    return {
        paper_id: round(
            (1 - DENSE_SHARE) * lexical.get(paper_id, 0.0) + DENSE_SHARE * dense.get(paper_id, 0.0),
            6,
        )
        for paper_id in lexical.keys() | dense.keys()
    }


def in_order(scores: Mapping[str, float]) -> list[str]:
    """Return the ids by score, best first; equals stand in id order."""
    return sorted(scores, key=lambda paper_id: (-scores[paper_id], paper_id))


def best_of_each(chunks: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
    """Return the cosine of each paper's best chunk."""
    return {paper_id: next(iter(found.values())) for paper_id, found in chunks.items()}


def by_paper(hits: Sequence[Hit]) -> dict[str, dict[str, float]]:
    """Return the score of each chunk found, by paper, the best of both first; of DEPTH papers."""
    papers: dict[str, dict[str, float]] = {}
    for hit in hits:
        paper_id = paper_of(hit.id)
        if found := papers.get(paper_id):
            found[hit.id] = hit.score
        elif len(papers) < DEPTH:
            papers[paper_id] = {hit.id: hit.score}
    return papers


def _scaled(scores: Mapping[str, float]) -> dict[str, float]:
    """Scale scores to 0..1 within this query: the best becomes 1, the worst 0."""
    if not scores:
        return {}
    low, high = min(scores.values()), max(scores.values())
    width = high - low
    return {key: (value - low) / width if width else 1.0 for key, value in scores.items()}
