"""Watches: saved questions, and the papers found to answer each."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from store.database import Tables
from store.errors import SettingsError
from store.watching.arrivals import now
from store.watching.tables import findings, watches

#: A sentence that answers: where it starts and ends in the abstract, and its text.
Span = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class Watch:
    """A saved question and its filters, such as {"venues": ["ACL"]}.

    `address` is that of who is told by mail, if anybody is; `at` says when it was saved.
    """

    id: str
    question: str
    filters: Mapping[str, Any]
    address: str | None
    at: str
    checked: int


@dataclass(frozen=True, slots=True)
class Found:
    """A paper that answers a watch, since when that is known, and with which sentences."""

    paper_id: str
    at: str
    quotes: tuple[Span, ...]


class Watches:
    """The saved questions of one store."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    def add(self, question: str, *, filters: Mapping[str, Any], address: str | None) -> Watch:
        """Save a question and return it; its id cannot be guessed. Nothing is looked at yet.

        Raises SettingsError where the same is saved for the same person.
        """
        for watch in self.all():
            if (watch.question, watch.filters, watch.address) == (question, filters, address):
                raise SettingsError(f"this is saved already, as {watch.id}; see: watch list")
        watch = Watch(secrets.token_hex(9), question, dict(filters), address, now(), 0)
        with self._tables.transaction() as connection:
            connection.execute(sa.insert(watches), asdict(watch))
        return watch

    def all(self) -> list[Watch]:
        """Return every saved question, the first saved first."""
        query = sa.select(watches).order_by(sa.column("rowid"))
        return [Watch(**row._mapping) for row in self._tables.rows(query)]

    def find(self, watch_id: str) -> Watch | None:
        """Return the saved question of that id, if there is one."""
        return next((watch for watch in self.all() if watch.id == watch_id), None)

    def remove(self, watch_id: str) -> Watch:
        """Forget a saved question; raise SettingsError where there is none of that id."""
        watch = self.find(watch_id)
        if watch is None:
            raise SettingsError(f"no question is saved as {watch_id!r}; see: assistant watch list")
        with self._tables.transaction() as connection:
            connection.execute(sa.delete(watches).where(watches.c.id == watch_id))
            connection.execute(sa.delete(findings).where(findings.c.watch == watch_id))
        return watch

    def note(self, watch: Watch, found: Mapping[str, Sequence[Span]], *, checked: int) -> None:
        """Keep which papers answer, among those up to the arrival `checked`."""
        at = now()
        rows = [
            {"watch": watch.id, "paper_id": paper_id, "at": at, "quotes": list(quotes)}
            for paper_id, quotes in found.items()
        ]
        reached = sa.update(watches).where(watches.c.id == watch.id)
        with self._tables.transaction() as connection:
            connection.execute(reached.where(watches.c.checked < checked).values(checked=checked))
            if rows:
                connection.execute(insert(findings).on_conflict_do_nothing(), rows)

    def found(self, watch_id: str) -> list[Found]:
        """Return the papers that answer a saved question, in the order in which they were found."""
        query = sa.select(findings).where(findings.c.watch == watch_id)
        return [
            Found(row.paper_id, row.at, tuple((start, end, text) for start, end, text in row[3]))
            for row in self._tables.rows(query.order_by(sa.column("rowid")))
        ]

    def forget_unsaid(self, abstract: Callable[[str], str]) -> None:
        """Forget quotes that the abstract of a paper's id no longer has; with "", the paper too."""
        for row in self._tables.rows(sa.select(findings)):
            said = abstract(row.paper_id)
            quotes = [span for span in row.quotes if span[2] in said]
            this = (findings.c.watch == row.watch) & (findings.c.paper_id == row.paper_id)
            if not said:
                self._do(sa.delete(findings).where(this))
            elif quotes != row.quotes:
                self._do(sa.update(findings).where(this).values(quotes=quotes))

    def _do(self, change: sa.Delete | sa.Update) -> None:
        with self._tables.transaction() as connection:
            connection.execute(change)
