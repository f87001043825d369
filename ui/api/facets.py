"""The route that tells which values papers have, such as their venues: what filters may name."""

import sys
from collections import Counter
from typing import Annotated, Any

from fastapi import APIRouter, Query

from store.corpus import Corpus
from ui.api.forms import Counted, Value, Values
from ui.api.responses import errors, etag
from ui.service import Service

_COLUMNS = {
    "venues": "venue",
    "categories": "categories",
    "sources": "source",
    "authors": "authors",
}
#: Characters of an ISO 8601 date up to the end of its year.
_YEAR = 4


def add_routes(router: APIRouter, service: Service) -> None:
    """Add the route to `router`."""

    @router.get("/facets", tags=["search"], responses=errors(304), dependencies=[etag(service)])
    async def facets(counted: Annotated[Counted, Query()]) -> Values:
        """List the values that the papers passing the filters have, the commonest first."""
        found, distinct = await service.run(lambda: _values(service.corpus, counted))
        return Values(
            values=tuple(Value(value=value, papers=papers) for value, papers in found.items()),
            distinct=distinct,
            snapshot=service.corpus.snapshot,
        )


def _values(corpus: Corpus, counted: Counted) -> tuple[dict[str, int], int]:
    conditions = counted.filters().model_dump()
    if counted.of == "published":
        return _years(corpus, like=counted.like, k=counted.k, **conditions)
    column = _COLUMNS[counted.of]
    return corpus.values(column, like=counted.like, k=counted.k, **conditions)


def _years(corpus: Corpus, *, like: str, k: int, **conditions: Any) -> tuple[dict[str, int], int]:
    """Return the latest years in which papers were published."""
    days, _ = corpus.values("published", k=sys.maxsize, **conditions)
    years: Counter[str] = Counter()
    for day, papers in days.items():
        if like in day[:_YEAR]:
            years[day[:_YEAR]] += papers
    return dict(sorted(years.items(), reverse=True)[:k]), len(years)
