"""Arrivals: the papers of a store in the order in which they came."""

from collections.abc import Iterable
from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from store.batches import SLICE, batches
from store.corpus import Corpus
from store.database import Tables
from store.watching.tables import arrivals, findings, sent


class Arrivals:
    """Which paper came after which. A paper that is removed and comes again is no new one."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        # The generation of the papers that has been looked at.
        self._followed: int | None = None

    def follow(self, corpus: Corpus) -> int:
        """Note the papers that have come since the last time, and return the last one's number.

        Those that come at once are taken in the order of their dates. The first time, that is all.
        """
        generation = corpus.generation
        if self._followed != generation:
            known = {row.paper_id for row in self._tables.rows(sa.select(arrivals.c.paper_id))}
            newest_first = corpus.browse(k=len(corpus)).paper_ids
            for old, paper in corpus.get(sorted(known.difference(newest_first))).items():
                self._hand_over(old, paper.id)
                known.add(paper.id)
            self._note(one for one in reversed(newest_first) if one not in known)
            self._followed = generation
        return self.last

    @property
    def last(self) -> int:
        """The number of the last paper that came, 0 where none has."""
        rows = self._tables.rows(sa.select(sa.func.max(arrivals.c.number)))
        return int(rows[0][0] or 0)

    def between(self, after: int, last: int) -> list[str]:
        """Return the ids of the papers after one number, up to another, in order."""
        query = sa.select(arrivals.c.paper_id).order_by(arrivals.c.number)
        return [row.paper_id for row in self._tables.rows(query.where(_within(after, last)))]

    def newest(self, k: int) -> list[tuple[str, str]]:
        """Return the `k` papers that came last, the last first, each with when, in ISO 8601."""
        query = sa.select(arrivals.c.paper_id, arrivals.c.at).order_by(arrivals.c.number.desc())
        return [(row.paper_id, row.at) for row in self._tables.rows(query.limit(k))]

    def _note(self, paper_ids: Iterable[str]) -> None:
        at = now()
        for some in batches(paper_ids, SLICE):
            rows = [{"paper_id": paper_id, "at": at} for paper_id in some]
            with self._tables.transaction() as connection:
                connection.execute(insert(arrivals).on_conflict_do_nothing(), rows)

    def _hand_over(self, old: str, new: str) -> None:
        """Let all that is noted of a paper be noted of its better id, unless that is so already."""
        with self._tables.transaction() as connection:
            for table in (arrivals, findings, sent):
                moved = sa.update(table).where(table.c.paper_id == old).values(paper_id=new)
                connection.execute(moved.prefix_with("OR IGNORE"))


def now() -> str:
    """Return the time, in UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def _within(after: int, last: int) -> sa.ColumnElement[bool]:
    return (arrivals.c.number > after) & (arrivals.c.number <= last)
