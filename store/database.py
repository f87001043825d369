"""Tables in an SQL database; Database, a catalog's, with its recorded facts and its changes."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError, DBAPIError

from store.errors import StoreError
from store.schema import LAYOUT, facts, metadata
from store.upgrade import upgrade

#: Rows of a stream held at a time.
STREAMED = 1000


class Tables:
    """The tables of `metadata` in one open database; `url` is any SQLAlchemy URL.

    Raises StoreError if unusable.
    """

    def __init__(self, url: str, metadata: sa.MetaData) -> None:
        self._engine = _engine(url)
        if self._engine.dialect.name == "sqlite":
            sa.event.listen(self._engine, "connect", _make_durable)
        with self._errors():
            # Adds the tables that a later version brought.
            metadata.create_all(self._engine)

    def close(self) -> None:
        """Release the database."""
        self._engine.dispose()

    def rows(self, query: Any) -> Sequence[Any]:
        """Return the rows that a query finds."""
        with self._errors(), self._engine.connect() as connection:
            return connection.execute(query).all()

    def stream(self, query: Any) -> Iterator[Any]:
        """Yield the rows that a query finds, without holding all of them."""
        with self._errors(), self._engine.connect() as connection:
            yield from connection.execution_options(yield_per=STREAMED).execute(query)

    @contextmanager
    def transaction(self) -> Iterator[sa.Connection]:
        """Open a transaction that is committed at the end, and undone where anything is raised."""
        with self._errors(), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            url = self._engine.url.render_as_string(hide_password=True)
            reason = " ".join(str(error.orig).split())
            raise StoreError(
                f"the database {url} cannot be used: {reason}; "
                "check the disk and its permissions, or restore a backup"
            ) from error


class Database(Tables):
    """The database of one catalog."""

    def __init__(self, url: str) -> None:
        super().__init__(url, metadata)
        self._read = threading.local()
        self.fact("layout", default=str(LAYOUT))
        if self.fact("layout") != str(LAYOUT):
            with self.transaction() as connection:
                upgrade(connection)
        self.fact("generation", default="0")
        if self.fact("layout") != str(LAYOUT):
            raise StoreError(
                f"the store has layout {self.fact('layout')}, this version reads {LAYOUT}; "
                "use the version that made it, or add its sources to a new store"
            )

    def fact(self, name: str, *, default: str | None = None) -> str:
        """Return a recorded fact; with a default, record that where there is none yet."""
        value = self.known_fact(name)
        if value is not None:
            return value
        if default is None:
            raise StoreError(f"the catalog lacks {name!r}; it is not a whole store, restore it")
        with self.transaction() as connection:
            connection.execute(sa.insert(facts), {"name": name, "value": default})
        return default

    def known_fact(self, name: str) -> str | None:
        """Return a recorded fact, or None where there is none."""
        rows = self.rows(sa.select(facts.c.value).where(facts.c.name == name))
        return str(rows[0].value) if rows else None

    @property
    def generation(self) -> int:
        """The number of changes committed so far."""
        steady: int | None = getattr(self._read, "generation", None)
        return int(self.fact("generation")) if steady is None else steady

    @contextmanager
    def steady(self) -> Iterator[int]:
        """Read the generation once, and take it for the same on this thread until the end.

        What is read meanwhile may be of a later one, so that one must be looked at afterwards.
        """
        before = getattr(self._read, "generation", None)
        self._read.generation = None
        self._read.generation = self.generation
        try:
            yield self._read.generation
        finally:
            self._read.generation = before

    @contextmanager
    def change(self) -> Iterator[tuple[sa.Connection, int]]:
        """Open a transaction that raises the generation when it commits."""
        counter = facts.c.name == "generation"
        raised = sa.cast(sa.cast(facts.c.value, sa.Integer) + 1, sa.Text)
        with self.transaction() as connection:
            # First of all, so that the database lets one change in at a time.
            connection.execute(sa.update(facts).where(counter).values(value=raised))
            value = connection.execute(sa.select(facts.c.value).where(counter)).scalar_one()
            yield connection, int(value)


def _engine(url: str) -> sa.Engine:
    try:
        return sa.create_engine(url)
    except (ArgumentError, ImportError) as error:
        # The URL may hold a password: only its start is shown.
        raise StoreError(
            f"the database URL {url.partition(':')[0] + ':...'!r} cannot be used: {error}; "
            "give one such as sqlite:////path/catalog.sqlite3, and install its driver"
        ) from error


def _make_durable(connection: Any, _record: Any) -> None:
    """Make an acknowledged commit outlive the process, and readers not wait for the writer."""
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=10000"):
        connection.execute(f"PRAGMA {pragma}")
