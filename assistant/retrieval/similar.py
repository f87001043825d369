"""Similar: the papers most like a given one, by what its own chunks and title say."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from assistant.retrieval.ranking import (
    DEPTH,
    best_of_each,
    depth,
    fused,
    in_order,
    papers_of,
)
from store.chunks import chunk
from store.corpus import Corpus


@dataclass(frozen=True, slots=True)
class Like:
    """A paper like another: fused `score` in 0..1, and the `cosine` of its nearest chunk."""

    paper_id: str
    score: float
    cosine: float


def similar(
    corpus: Corpus, paper_id: str, *, k: int, within: Collection[str] | None = None
) -> list[Like]:
    """Return the `k` papers most like this one, best first; equals stand in id order.

    Its title is searched for by words, and the mean of its chunks' vectors by meaning. The paper
    itself is left out. Raises PaperNotFound where there is no such paper.
    """
    paper = corpus.paper(paper_id)
    own = corpus.vectors([part.id for part in chunk(paper)])
    mean = own.mean(axis=0) if len(own) else corpus.embed(paper.title)
    length = float(np.linalg.norm(mean))
    vector = mean / length if length else mean
    near = corpus.nearest(vector, k=depth(len(corpus)), within=within)
    chunks = best_of_each(papers_of(near), near.scores)
    words = {h.id: h.score for h in corpus.search_lexical(paper.title, k=DEPTH, within=within)}
    # The paper itself would set the scale for all others.
    cosine, bm25 = (
        {other: score for other, score in scores.items() if other != paper.id}
        for scores in (chunks, words)
    )
    scores = fused(bm25, cosine)
    return [Like(other, scores[other], cosine.get(other, 0.0)) for other in in_order(scores)[:k]]
