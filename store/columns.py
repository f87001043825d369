"""Columns: what the catalog of one generation says of its papers, kept in memory."""

import re
from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import compress
from operator import itemgetter
from typing import Any, Self

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray

from store.conditions import Conditions
from store.database import Database
from store.schema import papers

#: Selections kept for the next question, each of up to as many ids as there are papers.
KEPT = 8
#: One word, or several of which all but the last are particles: "lee", "van der maaten".
_LAST_NAME = re.compile(
    r"(?:(?:al|bin|da|de|del|della|den|der|di|dos|du|el|ibn|la|le|ten|ter|van|von|zu|zur) )*[^\s,]+"
)
#: An initial or several, and a last name: "a. vaswani".
_INITIAL = re.compile(r"(?P<first>[^\W\d_])\.?(?: ?[^\W\d_]\.?)* (?P<last>[^\W\d_][\w'’-]+)")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

Marks = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: record `places[i]` holds the value numbered `codes[i]`, a list holds several.

    Values that differ in case only are one; `names` has the spelling of each that comes first.
    """

    numbers: Mapping[str, int]
    names: Sequence[str]
    places: NDArray[np.int32]
    codes: NDArray[np.int32]

    @classmethod
    def of(cls, held: Iterable[tuple[int, Iterable[str]]]) -> Self:
        """Return the column of these (place, values)."""
        numbers: dict[str, int] = {}
        names: list[str] = []
        places, codes = array("i"), array("i")
        for place, values in held:
            for value in values:
                code = numbers.setdefault(value.casefold(), len(numbers))
                if code == len(names):
                    names.append(value)
                places.append(place)
                codes.append(code)
        return cls(numbers, names, np.array(places), np.array(codes))

    def having(self, values: Iterable[str]) -> NDArray[np.int32]:
        """Return the places of the records that hold one of these values."""
        wanted = np.zeros(len(self.numbers), dtype=bool)
        wanted[[self.numbers[value] for value in values if value in self.numbers]] = True
        return self.places[wanted[self.codes]]

    def people(self, names: Iterable[str]) -> set[str]:
        """Return the values, in lower case, that are these names or what is short for them.

        That is a last name alone, or behind the initial of the first name: "a. vaswani".
        """
        asked = set(names)
        initials = [match for name in asked if (match := _INITIAL.fullmatch(name))]
        last = tuple(name for name in asked if _LAST_NAME.fullmatch(name))
        if not last and not initials:
            # Every name would be looked at for nothing.
            return asked
        ends, starts = tuple(f" {name}" for name in last), tuple(f"{name}," for name in last)
        found = {one for one in self.numbers if one in asked or one.endswith(ends)}
        found |= {one for one in self.numbers if one.startswith(starts)}
        for initial in initials:
            first, end = initial["first"], f" {initial['last']}"
            found |= {one for one in self.numbers if one.endswith(end) and one.startswith(first)}
        return found

    def counts(self, marks: Marks) -> dict[str, int]:
        """Return how many of the marked records hold each value that one of them holds."""
        held = np.bincount(self.codes[marks[self.places]], minlength=len(self.names))
        return {self.names[code]: int(held[code]) for code in np.flatnonzero(held).tolist()}

    def most(self, marks: Marks, *, like: str, k: int) -> tuple[dict[str, int], int]:
        """Return the `k` values that most of the marked records hold, with how many do.

        Only those with `like` in them count; and how many such values there are.
        """
        held = np.bincount(self.codes[marks[self.places]], minlength=len(self.names))
        codes = np.flatnonzero(held)
        folded = list(self.numbers)
        if part := like.casefold():
            codes = codes[[part in folded[code] for code in codes.tolist()]]
        # Of equals at the end those that were met first: to sort all by name takes seconds.
        best = codes[np.argsort(-held[codes], kind="stable")[:k]].tolist()
        ordered = sorted(best, key=lambda code: (-held[code], folded[code]))
        return {self.names[code]: int(held[code]) for code in ordered}, len(codes)

    def greatest(self, keys: Sequence[Any], *, records: int) -> NDArray[np.int64]:
        """Return of each record the rank of the greatest of its values by `keys`, 0 of none."""
        order = {key: rank for rank, key in enumerate(sorted(set(keys)), 1)}
        ranks = np.array([order[key] for key in keys], dtype=np.int64)
        greatest = np.zeros(records, dtype=np.int64)
        if len(self.codes):
            np.maximum.at(greatest, self.places, ranks[self.codes])
        return greatest


class Columns:
    """The columns of one generation, each from when it is first asked about."""

    def __init__(self, database: Database, generation: int) -> None:
        self.generation = generation
        self._database = database
        rows = database.rows(sa.select(papers.c.id).order_by(papers.c.id))
        self.ids = [row.id for row in rows]
        self.places = {paper_id: place for place, paper_id in enumerate(self.ids)}
        self._held: dict[str, Column] = {}
        self.newest_first = cache(self._newest_first)
        self.marks = lru_cache(KEPT)(self._marks)
        self.passing = lru_cache(KEPT)(self._passing)

    def column(self, name: str) -> Column:
        """Return a column by its name in the table."""
        self.read([name])
        return self._held[name]

    def read(self, names: Iterable[str]) -> None:
        """Read those of these columns that are not read yet, in one pass over the table.

        A paper that has come or gone since the ids were read is passed over.
        """
        wanted = [name for name in names if name not in self._held]
        if not wanted:
            return
        rows = self._database.rows(sa.select(papers.c.id, *(papers.c[name] for name in wanted)))
        # Sorted here: in the order of its ids the database reads the table here and there.
        placed = sorted(
            ((self.places[row[0]], row) for row in rows if row[0] in self.places),
            key=itemgetter(0),
        )
        for number, name in enumerate(wanted, 1):
            self._held[name] = Column.of(
                (place, [held] if isinstance(held, str) else held)
                for place, row in placed
                if (held := row[number]) is not None
            )

    def _passing(self, conditions: Conditions) -> frozenset[str]:
        """Return the ids of the papers that pass."""
        return frozenset(compress(self.ids, self.marks(conditions).tolist()))

    def _marks(self, conditions: Conditions) -> Marks:
        """Return for each paper whether it passes."""
        passing = np.ones(len(self.ids), dtype=bool)
        if conditions.since or conditions.until:
            days = self.column("published")
            passing &= self._marked(days.having(filter(conditions.may_be_dated, days.numbers)))
        for name, values in conditions.columns():
            column = self.column(name)
            held = column.people(values) if name == "authors" else values
            passing &= self._marked(column.having(held))
        if conditions.paper_ids is not None:
            known = (self.places.get(paper_id) for paper_id in conditions.paper_ids)
            passing &= self._marked([place for place in known if place is not None])
        return passing

    def _newest_first(self) -> NDArray[np.intp]:
        """Return the places of all papers, the latest published first, then the latest listed.

        A listing's day names no year: the later in the year goes first. Equals stand in id order.
        """
        published, listed = self.column("published"), self.column("listed")
        years = published.greatest(published.names, records=len(self.ids))
        days = listed.greatest([day_of_year(day) for day in listed.names], records=len(self.ids))
        return np.lexsort((-days, -years))

    def _marked(self, places: Any) -> Marks:
        marks = np.zeros(len(self.ids), dtype=bool)
        marks[places] = True
        return marks


def day_of_year(listed: str) -> tuple[int, int]:
    """Return the month and day of a listing's day as printed ("Mar 11"), (0, 0) if it is none."""
    month, _, day = listed.partition(" ")
    known = month[:3].casefold() in _MONTHS and day.isdecimal()
    return (_MONTHS.index(month[:3].casefold()) + 1, int(day)) if known else (0, 0)
