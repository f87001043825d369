"""Watching: what papers came in since, which of them answer saved questions, and who is told.

It is kept beside the catalog in a database of its own, since the papers do not depend on it: no
generation changes with it, and a store without it is whole.
"""

from pathlib import Path

from store.database import Tables
from store.watching.arrivals import Arrivals
from store.watching.recipients import Recipient, Recipients
from store.watching.tables import metadata
from store.watching.watches import Found, Watch, Watches

FILE = "watching.sqlite3"


class Watching:
    """The saved questions of one store and all about them; safe to use from several processes."""

    def __init__(self, folder: Path) -> None:
        """Open or create them in a store's `folder`. Raises StoreError where that fails."""
        self._tables = Tables.beside(folder, FILE, metadata)
        self.arrivals = Arrivals(self._tables)
        self.watches = Watches(self._tables)
        self.recipients = Recipients(self._tables)

    def close(self) -> None:
        """Release the database."""
        self._tables.close()


__all__ = [
    "Arrivals",
    "Found",
    "Recipient",
    "Recipients",
    "Watch",
    "Watches",
    "Watching",
]
