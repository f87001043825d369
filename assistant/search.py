"""Search: papers themselves, ranked, for a text or for another paper."""

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from assistant.correction import corrected
from assistant.query import Filters, checked
from assistant.retrieval import retrieve
from store.chunks import chunk, paper_of
from store.corpus import Corpus
from store.errors import PaperNotFound
from store.papers import Paper

#: Chunks looked at for each paper wanted: an abstract has about three.
CHUNKS_A_PAPER = 8


class Result(BaseModel):
    """A paper that was found; a higher `score` is better, `rank` counts from 1.

    For a text the score is the fused one of words and meaning, 0 to 1 within one search; for a
    paper it is the cosine of its nearest part.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    rank: int = Field(ge=1)
    score: float
    paper: Paper


def search(
    corpus: Corpus, text: str, *, k: int = 10, filters: Filters | None = None
) -> tuple[Result, ...]:
    """Return the `k` best papers for a text, best first, of those that pass the `filters`.

    Raises QuestionError where the text is empty or too long.
    """
    query, _ = corrected(corpus, checked(text))
    within = filters.matching(corpus) if filters else None
    found = retrieve(corpus, query, k=k, within=within)
    return _results(corpus, [(item.paper_id, item.score) for item in found])


def similar(corpus: Corpus, paper_id: str, *, k: int = 10) -> tuple[Result, ...]:
    """Return the `k` papers nearest in meaning to a paper, nearest first.

    Raises PaperNotFound where the store does not hold it.
    """
    paper = corpus.get([paper_id]).get(paper_id)
    if paper is None:
        raise PaperNotFound(f"no paper {paper_id!r} in this store; check the id")
    own = corpus.vectors([part.id for part in chunk(paper)])
    if not len(own):
        return ()
    mean = own.mean(axis=0)
    hits = corpus.nearest(mean / np.linalg.norm(mean), k=CHUNKS_A_PAPER * (k + 1))
    best: dict[str, float] = {}
    for hit in hits:
        best.setdefault(paper_of(hit.id), hit.score)
    best.pop(paper_id, None)
    return _results(corpus, list(best.items())[:k])


def _results(corpus: Corpus, scored: list[tuple[str, float]]) -> tuple[Result, ...]:
    papers = corpus.get([paper_id for paper_id, _ in scored])
    # Another process may have removed some meanwhile.
    kept = [(papers[paper_id], score) for paper_id, score in scored if paper_id in papers]
    return tuple(
        Result(rank=rank, score=score, paper=paper) for rank, (paper, score) in enumerate(kept, 1)
    )
