"""Recipients: who is told of new papers by mail, and of which each has been told."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from store.database import Tables
from store.errors import SettingsError
from store.watching.tables import arrivals, recipients, sent, watches


@dataclass(frozen=True, slots=True)
class Recipient:
    """An address; whoever knows its `token` can take it off."""

    address: str
    token: str
    since: int


class Recipients:
    """Those who get the digest of one store."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    def add(self, address: str, *, since: int) -> None:
        """Enter an address, unless it is; papers up to the arrival `since` are no news to it."""
        row = {"address": address, "token": secrets.token_urlsafe(32), "since": since}
        with self._tables.transaction() as connection:
            connection.execute(insert(recipients).on_conflict_do_nothing(), row)

    def all(self) -> list[Recipient]:
        """Return everybody, by address."""
        query = sa.select(recipients).order_by(recipients.c.address)
        return [Recipient(**row._mapping) for row in self._tables.rows(query)]

    def find(self, token: str) -> Recipient | None:
        """Return who has this token, if anybody has."""
        rows = self._tables.rows(sa.select(recipients).where(recipients.c.token == token))
        return Recipient(**rows[0]._mapping) if rows else None

    def remove(self, address: str) -> None:
        """Forget an address and all that was sent to it; its questions stay, for nobody.

        Raises SettingsError where it is not entered.
        """
        if all(one.address != address for one in self.all()):
            raise SettingsError(f"nobody is told at {address!r}; see: assistant watch list")
        with self._tables.transaction() as connection:
            for table in (recipients, sent):
                connection.execute(sa.delete(table).where(table.c.address == address))
            theirs = sa.update(watches).where(watches.c.address == address)
            connection.execute(theirs.values(address=None))

    def untold(self, recipient: Recipient) -> list[str]:
        """Return the papers that came since somebody was entered and that they were not told of."""
        told = sa.select(sent.c.paper_id).where(sent.c.address == recipient.address)
        query = (
            sa.select(arrivals.c.paper_id)
            .where(arrivals.c.number > recipient.since, arrivals.c.paper_id.not_in(told))
            .order_by(arrivals.c.number)
        )
        return [row.paper_id for row in self._tables.rows(query)]

    def note_sent(self, recipient: Recipient, paper_ids: Collection[str]) -> None:
        """Note that somebody has been told of these papers."""
        rows = [{"address": recipient.address, "paper_id": one} for one in paper_ids]
        with self._tables.transaction() as connection:
            if rows:
                connection.execute(insert(sent).on_conflict_do_nothing(), rows)
