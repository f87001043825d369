"""Retrieval: a query to ranked papers, by fusing lexical and dense search."""

import math
from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Literal

import numpy as np

from store.chunks import paper_of, span_of
from store.corpus import Corpus
from store.dense import Neighbours, Vectors
from store.lexical import LexicalIndex

Mode = Literal["lexical", "dense", "hybrid"]
MODES: tuple[Mode, ...] = ("lexical", "dense", "hybrid")

#: Papers taken from each search before they are fused; of 100, 200 and 300.
DEPTH = 300
#: Chunks searched so that about DEPTH papers are among them: an abstract has about three. Of many
#: papers fewer chunks of each are near, so fewer are searched: those of 440 papers among 160,000.
CHUNK_DEPTH, MANY_PAPERS, CHUNK_DEPTH_OF_MANY = 900, 20_000, 600
#: The share of the dense score in the fused one. Per-query scaling with equal shares beat
#: reciprocal rank fusion on every collection tried.
DENSE_SHARE = 0.5
#: Feedback (Rocchio 1971): the best chunks of so many papers are taken for relevant, and the
#: question's vector is moved towards their mean with this weight, as is usual.
FEEDBACK_PAPERS, FEEDBACK_WEIGHT = 3, 0.5
#: Decimals kept of a fused score.
DECIMALS = 6


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
        _, scores = _by_words(corpus.lexical, text)
    elif mode == "dense":
        near = corpus.nearest(corpus.embed(text), k=depth(len(corpus)))
        scores = best_of_each(papers_of(near), near.scores)
    else:
        return [(found.paper_id, found.score) for found in retrieve(corpus, text, k=k)]
    return [(paper_id, scores[paper_id]) for paper_id in in_order(scores)[:k]]


def retrieve(
    corpus: Corpus, text: str, *, k: int, within: Collection[str] | None = None
) -> list[Found]:
    """Return the `k` best papers for a standalone text, best first; equals stand in id order.

    What the dense search finds is ranked twice, the second time by what the best papers of the
    first ranking say as well.
    """
    index = corpus.lexical
    # Neither search has use for the second core by itself.
    with ThreadPoolExecutor(max_workers=1) as beside:
        words = beside.submit(_by_words, index, text, within=within)
        vector = corpus.embed(text)
        near = corpus.nearest(vector, k=depth(len(corpus)), within=within)
        bm25, lexical = words.result()
    papers = papers_of(near)
    first = fused(lexical, best_of_each(papers, near.scores))
    moved = _moved(near, vector, papers, in_order(first)[:FEEDBACK_PAPERS])
    scores = fused(lexical, best_of_each(papers, near.cosines(moved)))
    order = in_order(scores)[:k]
    cosines: dict[str, dict[tuple[int, int], float]] = {paper_id: {} for paper_id in order}
    for paper_id, chunk_id, cosine in zip(papers, near.ids, near.scores, strict=True):
        if paper_id in cosines:
            cosines[paper_id][span_of(chunk_id)] = cosine
    return [
        Found(
            paper_id,
            rank,
            score=scores[paper_id],
            first_score=first.get(paper_id, 0.0),
            bm25=bm25.get(paper_id, 0.0),
            cosines=cosines[paper_id],
        )
        for rank, paper_id in enumerate(order, 1)
    ]


def depth(papers: int) -> int:
    """Return how many chunks are searched of so many papers."""
    return CHUNK_DEPTH_OF_MANY if papers >= MANY_PAPERS else CHUNK_DEPTH


def _by_words(
    index: LexicalIndex, text: str, *, within: Collection[str] | None = None
) -> tuple[dict[str, float], dict[str, float]]:
    """Return the best papers' BM25, and their scores once each has its own for the text's names."""
    bm25 = {hit.id: hit.score for hit in index.search(text, k=DEPTH, within=within)}
    scores = dict(bm25)
    for hit in index.search_names(text, k=DEPTH, within=within):
        scores[hit.id] = scores.get(hit.id, 0.0) + hit.score
    return bm25, {paper_id: scores[paper_id] for paper_id in in_order(scores)[:DEPTH]}


def _moved(
    near: Neighbours, vector: Vectors, papers: Sequence[str], relevant: Sequence[str]
) -> Vectors:
    """Return the question's vector moved towards the best chunk of each relevant paper."""
    # Best first.
    rows = [papers.index(paper_id) for paper_id in relevant if paper_id in papers]
    if not rows:
        return vector
    moved: Vectors = vector + FEEDBACK_WEIGHT * near.vectors[rows].mean(axis=0)
    length = float(np.linalg.norm(moved))
    return moved / length if length else vector


def fused(words: Mapping[str, float], cosine: Mapping[str, float]) -> dict[str, float]:
    """Return each paper's score, 0 to 1, from its BM25 and its cosine, both scaled."""
    scores = _scaled(words, to=1 - DENSE_SHARE)
    for paper_id, score in _scaled(cosine, to=DENSE_SHARE).items():
        scores[paper_id] = scores.get(paper_id, 0.0) + score
    # All at once: one by one takes most of the time.
    return dict(zip(scores, np.round(list(scores.values()), DECIMALS).tolist(), strict=True))


def in_order(scores: Mapping[str, float]) -> list[str]:
    """Return the ids by score, best first; equals stand in id order."""
    # Turned round, pairs are compared as they stand, which is the faster by far.
    return [key for _, key in sorted([(-score, key) for key, score in scores.items()])]


def papers_of(near: Neighbours) -> list[str]:
    """Return the id of each chunk's paper."""
    return [paper_of(chunk_id) for chunk_id in near.ids]


def best_of_each(papers: Sequence[str], cosines: Sequence[float]) -> dict[str, float]:
    """Return the best cosine of each paper's chunks, given with the paper of each; of DEPTH papers.

    These are the best ones.
    """
    best: dict[str, float] = {}
    for paper_id, cosine in zip(papers, cosines, strict=True):
        if cosine > best.get(paper_id, -math.inf):
            best[paper_id] = cosine
    if len(best) <= DEPTH:
        return best
    return {paper_id: best[paper_id] for paper_id in in_order(best)[:DEPTH]}


def _scaled(scores: Mapping[str, float], *, to: float) -> dict[str, float]:
    """Scale scores within this query: the best becomes `to`, the worst 0."""
    if not scores:
        return {}
    low, high = min(scores.values()), max(scores.values())
    width = high - low
    if not width:
        return dict.fromkeys(scores, to)
    return {key: to * ((value - low) / width) for key, value in scores.items()}
