"""Selection: which papers of the catalog pass given conditions."""

from array import array
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import compress
from typing import Any, Self

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray

from store.database import Database
from store.schema import papers

#: Selections kept for the next question, each of up to as many ids as there are papers.
KEPT = 8

Values = Collection[str] | None


class Selection:
    """Selects papers by what the catalog says of them.

    What it says is kept in memory, each column from when it is first asked about, until the
    generation changes.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._records: _Records | None = None

    def select(
        self,
        *,
        since: str | None = None,
        until: str | None = None,
        venues: Values = None,
        categories: Values = None,
        sources: Values = None,
        authors: Values = None,
        paper_ids: Values = None,
    ) -> frozenset[str]:
        """Return the ids of the papers for which every condition given holds.

        Dates are ISO 8601 prefixes, both ends included; a paper that is dated less exactly passes
        where it may lie between them, and one without a date does not. Of several values any may
        hold, and of none none does. Upper and lower case are one, but in ids.
        """
        given = {
            "venue": venues,
            "categories": categories,
            "source": sources,
            "authors": authors,
            "id": paper_ids,
        }
        wanted = {name: frozenset(values) for name, values in given.items() if values is not None}
        generation = int(self._database.fact("generation"))
        # Held in a local: another thread may put a later one in its place.
        records = self._records
        if records is None or records.generation != generation:
            records = self._records = _Records(self._database, generation)
        return records.passing(since, until, tuple(wanted.items()))


@dataclass(frozen=True, slots=True)
class _Column:
    """One column: record `places[i]` holds the value numbered `codes[i]`, a list holds several."""

    numbers: Mapping[str, int]
    places: NDArray[np.int32]
    codes: NDArray[np.int32]

    @classmethod
    def of(cls, held: Iterable[tuple[int, Iterable[str]]]) -> Self:
        """Return the column of these (place, values)."""
        numbers: dict[str, int] = {}
        places, codes = array("i"), array("i")
        for place, values in held:
            for value in values:
                places.append(place)
                codes.append(numbers.setdefault(value, len(numbers)))
        return cls(numbers, np.array(places), np.array(codes))

    def having(self, values: Iterable[str]) -> NDArray[np.int32]:
        """Return the places of the records that hold one of these values."""
        wanted = np.zeros(len(self.numbers), dtype=bool)
        wanted[[self.numbers[value] for value in values if value in self.numbers]] = True
        return self.places[wanted[self.codes]]


class _Records:
    """What the catalog of one generation says of its papers."""

    def __init__(self, database: Database, generation: int) -> None:
        self.generation = generation
        self._database = database
        self._ids = [row.id for row in database.rows(sa.select(papers.c.id))]
        self._places = {paper_id: place for place, paper_id in enumerate(self._ids)}
        self._column = cache(self._read)
        self.passing = lru_cache(KEPT)(self._passing)

    def _passing(
        self, since: str | None, until: str | None, wanted: tuple[tuple[str, frozenset[str]], ...]
    ) -> frozenset[str]:
        passing = np.ones(len(self._ids), dtype=bool)
        if since or until:
            days = self._column("published")
            inside = (day for day in days.numbers if _may_lie_within(day, since, until))
            passing &= self._marked(days.having(inside))
        for name, values in wanted:
            if name == "id":
                places = [self._places[value] for value in values if value in self._places]
                passing &= self._marked(places)
            else:
                passing &= self._marked(self._column(name).having(map(str.casefold, values)))
        return frozenset(compress(self._ids, passing.tolist()))

    def _marked(self, places: Any) -> NDArray[np.bool_]:
        marks = np.zeros(len(self._ids), dtype=bool)
        marks[places] = True
        return marks

    def _read(self, name: str) -> _Column:
        """Read a column; a paper that has come or gone since the ids were read is passed over."""
        column = papers.c[name]
        rows = self._database.rows(sa.select(papers.c.id, column).where(column.is_not(None)))
        return _Column.of(
            (self._places[paper_id], _folded(held))
            for paper_id, held in rows
            if paper_id in self._places
        )


def _folded(held: str | Collection[str]) -> list[str]:
    return [value.casefold() for value in ([held] if isinstance(held, str) else held)]


def _may_lie_within(day: str, since: str | None, until: str | None) -> bool:
    return not (
        (since and day[: len(since)] < since[: len(day)])
        or (until and day[: len(until)] > until[: len(day)])
    )
