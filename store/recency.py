"""Recency: the day on which papers were last added, as the catalog's facts record it."""

from datetime import UTC, datetime

import sqlalchemy as sa

from store.database import Database, record_fact

_ADDED = "added"


def note_added(connection: sa.Connection) -> None:
    """Record that papers are added today, in UTC."""
    record_fact(connection, _ADDED, datetime.now(UTC).date().isoformat())


def last_added(database: Database) -> str | None:
    """Return the day, in ISO 8601, on which papers were last added; None where none says."""
    return database.known_fact(_ADDED)
