"""Search: papers themselves, ranked, for a text or for another paper."""

from pydantic import BaseModel, ConfigDict, Field

from assistant.query import Filters, checked
from assistant.question.correction import corrected
from assistant.retrieval.ranking import retrieve
from assistant.retrieval.similar import similar as nearest_papers
from store.corpus import Corpus
from store.papers import Paper


class Result(BaseModel):
    """A paper that was found; a higher `score` is better, `rank` counts from 1.

    The score is the fused one of words and meaning, 0 to 1 within one search.
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
    """Return the `k` papers most like a paper, best first.

    Raises PaperNotFound where the store does not hold it.
    """
    found = nearest_papers(corpus, paper_id, k=k)
    return _results(corpus, [(like.paper_id, like.score) for like in found])


def _results(corpus: Corpus, scored: list[tuple[str, float]]) -> tuple[Result, ...]:
    papers = corpus.get([paper_id for paper_id, _ in scored])
    # Another process may have removed some meanwhile.
    kept = [(papers[paper_id], score) for paper_id, score in scored if paper_id in papers]
    return tuple(
        Result(rank=rank, score=score, paper=paper) for rank, (paper, score) in enumerate(kept, 1)
    )
