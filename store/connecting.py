"""Connecting to SQL databases: SQLite and PostgreSQL, and what to do about what they say."""

import os
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError

from store.errors import MissingExtra, StoreError

#: The driver of PostgreSQL, of the extra `postgres`.
POSTGRES = "postgresql+psycopg"
#: The option of an engine that only reads.
READ_ONLY = "read_only"
#: What to do where the database is damaged.
RESTORE = "restore a backup (assistant restore FILE --replace), or add the papers to a new store"
#: What to do where one record of it is.
ONE_RECORD = (
    "restore a backup (assistant restore FILE --replace), or remove that paper (assistant remove)"
    " and add its source again"
)
#: What to do, by what a database says.
ADVICE: Mapping[str, str] = {
    "malformed": RESTORE,
    "not a database": RESTORE,
    "Could not decode": RESTORE,
    "no such": RESTORE,
    "disk is full": "free some space and try again; what was acknowledged is kept",
    "space left": "free some space and try again; what was acknowledged is kept",
    "disk I/O error": "check the disk and the space left on it, then try again",
    "readonly": "it can be read here, but not changed; make its folder writable for that",
    "locked": "another process has it at the moment; try again",
    "onnection": "check that its server runs and can be reached",
}
#: What to do otherwise.
OTHERWISE = "check the disk and its permissions, or restore a backup"


def advice(reason: str) -> str:
    """Return what to do about what a database said."""
    return next((do for phrase, do in ADVICE.items() if phrase in reason), OTHERWISE)


def sqlite_url(file: Path) -> str:
    """Return the URL of the SQLite database in a file."""
    url = sa.URL.create("sqlite", database=str(file))
    return url.render_as_string(hide_password=False)


def is_server(url: str) -> bool:
    """Return whether a database is a server's, and no file."""
    return url.startswith("postgresql")


def engine_for(url: str) -> sa.Engine:
    """Return the engine of a database; raises StoreError where the URL is unusable.

    A file of SQLite's that cannot be written, or lies in a folder that cannot, is only read.
    """
    try:
        parsed = sa.make_url(url)
        if parsed.get_backend_name() == "postgresql":
            return _server(parsed)
        if parsed.get_backend_name() != "sqlite":
            raise ArgumentError("it is neither SQLite's nor PostgreSQL's")
        file = Path(parsed.database or ":memory:")
        if file.exists() and not (os.access(file, os.W_OK) and os.access(file.parent, os.W_OK)):
            return _read_only(file)
        engine = sa.create_engine(parsed)
    except (ArgumentError, ImportError) as error:
        # The URL may hold a password: only its start is shown.
        raise StoreError(
            f"the database URL {url.partition(':')[0] + ':...'!r} cannot be used: {error}; give one"
            " such as postgresql://user@host/papers or sqlite:////path/catalog.sqlite3"
        ) from error
    sa.event.listen(engine, "connect", _make_durable)
    return engine


def _server(url: sa.URL) -> sa.Engine:
    try:
        # Tried before use, since the server may have been started anew in between.
        return sa.create_engine(url.set(drivername=POSTGRES), pool_pre_ping=True)
    except ImportError as error:
        raise MissingExtra("postgres", "psycopg") from error


def _read_only(file: Path) -> sa.Engine:
    """Return an engine that only reads.

    SQLite shares memory with a writer by two files beside the database. Where there are none
    nobody writes, and it must not try to make them. Whether that is so may change, and so each
    connection is new.
    """

    def connect() -> sqlite3.Connection:
        still = "" if Path(f"{file}-wal").exists() else "&immutable=1"
        uri = f"file:{quote(str(file.absolute()))}?mode=ro{still}"
        return sqlite3.connect(uri, uri=True, timeout=10, check_same_thread=False)

    options = {READ_ONLY: True}
    return sa.create_engine(
        "sqlite://", creator=connect, poolclass=sa.NullPool, execution_options=options
    )


def _make_durable(connection: Any, _record: Any) -> None:
    """Make an acknowledged commit outlive the process, and readers not wait for the writer."""
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=10000"):
        connection.execute(f"PRAGMA {pragma}")
