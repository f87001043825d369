"""Recency: the day on which papers were last added, as the catalog's facts record it."""

from datetime import UTC, datetime

import sqlalchemy as sa

from store.database import Database
from store.schema import facts

_ADDED = "added"


def note_added(connection: sa.Connection) -> None:
    """Record that papers are added today, in UTC."""
    connection.execute(sa.delete(facts).where(facts.c.name == _ADDED))
    today = datetime.now(UTC).date().isoformat()
    connection.execute(sa.insert(facts), {"name": _ADDED, "value": today})


def last_added(database: Database) -> str | None:
    """Return the day, in ISO 8601, on which papers were last added; None where none says."""
    return database.known_fact(_ADDED)
