"""Selection: which papers of the catalog pass given conditions."""

from collections.abc import Callable, Collection, Sequence
from typing import Any

import sqlalchemy as sa

from store.batches import SLICE, batches
from store.schema import papers

Rows = Callable[[Any], Sequence[Any]]


def select(
    rows: Rows,
    *,
    since: str | None = None,
    until: str | None = None,
    venues: Collection[str] = (),
    categories: Collection[str] = (),
    sources: Collection[str] = (),
    authors: Collection[str] = (),
    paper_ids: Collection[str] = (),
) -> list[str]:
    """Return the ids, sorted, of the papers for which every condition given holds.

    Dates are ISO 8601 prefixes, both ends included; a paper that is dated less exactly passes
    where it may lie between them, and one without a date does not. Upper and lower case are one,
    but in ids. `rows` runs a query.
    """
    # A list is read, which takes longest, only where it is asked about.
    lists = [(papers.c.categories, _folded(categories)), (papers.c.authors, _folded(authors))]
    asked = [(column, wanted) for column, wanted in lists if wanted]
    query = sa.select(papers.c.id, *(column for column, _ in asked))
    day = papers.c.published
    if since:
        query = query.where(_prefix(day, len(since)) >= _prefix(since, sa.func.length(day)))
    if until:
        query = query.where(_prefix(day, len(until)) <= _prefix(until, sa.func.length(day)))
    for column, values in ((papers.c.venue, venues), (papers.c.source, sources)):
        if values:
            query = query.where(column.in_(_spellings(rows, column, values)))
    parts = [query]
    if paper_ids:
        parts = [query.where(papers.c.id.in_(some)) for some in batches(set(paper_ids), SLICE)]
    # Compared here: how databases look into a list differs, down to upper and lower case.
    return sorted(
        paper_id
        for part in parts
        for paper_id, *held in rows(part)
        if all(wanted & _folded(values) for (_, wanted), values in zip(asked, held, strict=True))
    )


def _spellings(rows: Rows, column: sa.Column[Any], values: Collection[str]) -> list[str]:
    """Return the values of the column that are one of these but for upper and lower case."""
    wanted = _folded(values)
    every = rows(sa.select(column).where(column.is_not(None)).distinct())
    return [value for (value,) in every if value.casefold() in wanted]


def _prefix(text: Any, length: Any) -> Any:
    return sa.func.substr(text, 1, length)


def _folded(values: Collection[str]) -> frozenset[str]:
    return frozenset(value.casefold() for value in values)
