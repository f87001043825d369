"""Popularity: which papers people vote for, and how often answers cite each.

It is kept beside the catalog in a database of its own, since the papers do not depend on it: no
generation changes with it, and a store without it is whole. No question and no name is kept.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

import sqlalchemy as sa

from store.batches import SLICE, batches
from store.corpus import Corpus
from store.database import Tables
from store.papers import sha256
from store.schema import Text

FILE = "popularity.sqlite3"

Order = Literal["votes", "citations"]

metadata = sa.MetaData()

#: `voter` is the hash of what a browser was given to know it again, `day` an ISO 8601 date.
_votes = sa.Table(
    "votes",
    metadata,
    sa.Column("paper_id", Text, primary_key=True),
    sa.Column("voter", sa.String(64), primary_key=True),
    sa.Column("day", sa.String(10), nullable=False, index=True),
)

_citations = sa.Table(
    "citations",
    metadata,
    sa.Column("paper_id", Text, primary_key=True),
    sa.Column("day", sa.String(10), primary_key=True, index=True),
    sa.Column("times", sa.Integer, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Standing:
    """How many votes a paper has, and how many answers have cited it."""

    votes: int = 0
    citations: int = 0


class Popularity:
    """The votes and citations of the papers of one store; safe to use from several processes."""

    def __init__(self, folder: Path, *, url: str | None = None) -> None:
        """Open or create them in a store's `folder`, or where its catalog's server is.

        Raises StoreError where that fails.
        """
        self._tables = Tables.beside(folder, FILE, metadata, url=url)
        # The generation of the papers up to which they have been followed to better ids.
        self._followed: int | None = None

    def close(self) -> None:
        """Release the database."""
        self._tables.close()

    def follow(self, corpus: Corpus) -> None:
        """Let what is counted under ids that papers had before count under their present ones."""
        generation = corpus.generation
        if self._followed == generation:
            return
        counted = {row.paper_id for table in (_votes, _citations) for row in self._ids(table)}
        present = {old: paper.id for old, paper in corpus.get(sorted(counted)).items()}
        for old, new in present.items():
            if old != new:
                self._hand_over(old, new)
        self._followed = generation

    def vote(self, paper_id: str, voter: str, *, on: date) -> None:
        """Count the vote of `voter` for a paper; a second one changes nothing."""
        row = {"paper_id": paper_id, "voter": sha256(voter), "day": on.isoformat()}
        with self._tables.transaction() as connection:
            connection.execute(self._tables.insert(_votes).on_conflict_do_nothing(), row)

    def withdraw(self, paper_id: str, voter: str) -> None:
        """Take the vote of `voter` for a paper back, if there is one."""
        given = (_votes.c.paper_id == paper_id) & (_votes.c.voter == sha256(voter))
        with self._tables.transaction() as connection:
            connection.execute(sa.delete(_votes).where(given))

    def voted(self, voter: str, paper_ids: Collection[str]) -> frozenset[str]:
        """Return which of these papers `voter` has voted for."""
        by_voter = sa.select(_votes.c.paper_id).where(_votes.c.voter == sha256(voter))
        return frozenset(
            row.paper_id
            for some in batches(paper_ids, SLICE)
            for row in self._tables.rows(by_voter.where(_votes.c.paper_id.in_(some)))
        )

    def note_cited(self, paper_ids: Iterable[str], *, on: date) -> None:
        """Count one more citation, on that day, of each of these papers."""
        rows = [
            {"paper_id": paper_id, "day": on.isoformat(), "times": 1}
            for paper_id in dict.fromkeys(paper_ids)
        ]
        counted = self._tables.insert(_citations).on_conflict_do_update(
            index_elements=["paper_id", "day"], set_={"times": _citations.c.times + 1}
        )
        if rows:
            with self._tables.transaction() as connection:
                connection.execute(counted, rows)

    def standings(self, paper_ids: Collection[str]) -> dict[str, Standing]:
        """Return the standing of each of these papers, over all time."""
        return _standings(
            row
            for some in batches(paper_ids, SLICE)
            for counts in _counts()
            for row in self._tables.rows(counts.where(sa.column("paper_id").in_(some)))
        )

    def trending(self, *, since: date, by: Order) -> list[tuple[str, Standing]]:
        """Return the papers with votes, or citations, since that day and their standing since.

        Those with most stand first; among equals those with most of the other, then in id order.
        """
        recent = sa.column("day") >= since.isoformat()
        found = _standings(
            row for counts in _counts() for row in self._tables.rows(counts.where(recent))
        )
        other: Order = "citations" if by == "votes" else "votes"
        return sorted(
            ((paper_id, one) for paper_id, one in found.items() if getattr(one, by)),
            key=lambda pair: (-getattr(pair[1], by), -getattr(pair[1], other), pair[0]),
        )

    def _ids(self, table: sa.Table) -> Iterable[Any]:
        return self._tables.rows(sa.select(table.c.paper_id).distinct())

    def _hand_over(self, old: str, new: str) -> None:
        """Count for one paper what was counted for another; who voted for both has one vote."""
        votes = self._tables.insert(_votes).from_select(_votes.c.keys(), _as(_votes, old, new))
        cited = self._tables.insert(_citations).from_select(
            _citations.c.keys(), _as(_citations, old, new)
        )
        both = cited.on_conflict_do_update(
            index_elements=["paper_id", "day"],
            set_={"times": _citations.c.times + cited.excluded.times},
        )
        with self._tables.transaction() as connection:
            connection.execute(votes.on_conflict_do_nothing())
            connection.execute(both)
            for table in (_votes, _citations):
                connection.execute(sa.delete(table).where(table.c.paper_id == old))


def _as(table: sa.Table, old: str, new: str) -> sa.Select[Any]:
    """Return the rows of a paper, as those of another."""
    _, *others = table.c
    return sa.select(sa.literal(new), *others).where(table.c.paper_id == old)


def _counts() -> tuple[sa.Select[Any], sa.Select[Any]]:
    """Return what counts votes, and what counts citations, by paper."""
    votes = sa.select(_votes.c.paper_id, sa.func.count().label("votes"), sa.literal(0))
    times = sa.select(_citations.c.paper_id, sa.literal(0), sa.func.sum(_citations.c.times))
    return votes.group_by(_votes.c.paper_id), times.group_by(_citations.c.paper_id)


def _standings(rows: Iterable[Any]) -> dict[str, Standing]:
    found: dict[str, Standing] = {}
    for paper_id, votes, citations in rows:
        before = found.get(paper_id, Standing())
        found[paper_id] = Standing(before.votes + votes, before.citations + citations)
    return found
