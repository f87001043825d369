"""Selection: which papers of the catalog pass given conditions, and the newest of them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from store.aliases import resolved
from store.columns import Columns
from store.conditions import Conditions
from store.database import Database

#: The columns whose values are counted when papers are browsed.
FACETS = ("published", "listed", "venue", "categories", "source")


@dataclass(frozen=True, slots=True)
class Shelf:
    """Some of the papers that pass, the newest first, of `total` in all.

    `facets` maps a column to its values, each with the number of papers that pass and hold it.
    """

    total: int
    paper_ids: tuple[str, ...]
    facets: Mapping[str, Mapping[str, int]]


class Selection:
    """Selects papers by what the catalog says of them.

    What it says is kept in memory, each column from when it is first asked about, until the
    generation changes.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._columns: Columns | None = None

    def select(self, **conditions: Any) -> frozenset[str]:
        """Return the ids of the papers that pass; see `store.conditions.Conditions`."""
        columns = self._current()
        return columns.passing(self._present(Conditions.of(**conditions), columns))

    def browse(self, *, k: int, skip: int = 0, **conditions: Any) -> Shelf:
        """Return `k` of the papers that pass, after the `skip` newest."""
        columns = self._current()
        columns.read(FACETS)
        marks = columns.marks(self._present(Conditions.of(**conditions), columns))
        order = columns.newest_first()
        places = order[marks[order]][skip : skip + k]
        return Shelf(
            total=int(np.count_nonzero(marks)),
            paper_ids=tuple(columns.ids[place] for place in places),
            facets={name: columns.column(name).counts(marks) for name in FACETS},
        )

    def values(
        self, name: str, *, like: str = "", k: int, **conditions: Any
    ) -> tuple[dict[str, int], int]:
        """Return the `k` values of a column that most of the papers that pass hold.

        Each with how many do, and how many values there are; only those with `like` in them count.
        """
        columns = self._current()
        marks = columns.marks(self._present(Conditions.of(**conditions), columns))
        return columns.column(name).most(marks, like=like, k=k)

    def _present(self, conditions: Conditions, columns: Columns) -> Conditions:
        """Return the conditions with the present ids of papers that are limited to former ones."""
        wanted = frozenset(conditions.paper_ids or ())
        former = wanted - columns.places.keys()
        if not former:
            return conditions
        present = resolved(self._database, former).values()
        return replace(conditions, paper_ids=(wanted - former).union(present))

    def _current(self) -> Columns:
        generation = self._database.generation
        # Held in a local: another thread may put a later one in its place.
        columns = self._columns
        if columns is None or columns.generation != generation:
            columns = self._columns = Columns(self._database, generation)
        return columns
