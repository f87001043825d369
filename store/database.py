"""Tables in an SQL database; Database, a catalog's, with its recorded facts and its changes."""

import os
import secrets
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Self

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError

from store.connecting import READ_ONLY, RESTORE, advice, engine_for, is_server, sqlite_url
from store.errors import StoreBusy, StoreError, StoreReadOnly
from store.schema import LAYOUT, READABLE, facts, metadata
from store.upgrade import upgrade

#: Characters of what a database says that are passed on; some repeat what they hold.
REASON = 200
#: Rows of a stream held at a time.
STREAMED = 1000
#: The fact by which a store is told from every other one.
IDENTITY = "store"


class Tables:
    """The tables of `metadata` in one open database; `url` is any SQLAlchemy URL.

    Raises StoreError if unusable.
    """

    def __init__(self, url: str, metadata: sa.MetaData) -> None:
        self._engine = engine_for(url)
        self._metadata = metadata
        with self.errors():
            # Adds the tables that a later version brought.
            metadata.create_all(self._engine)

    @classmethod
    def beside(
        cls, folder: Path, file: str, metadata: sa.MetaData, *, url: str | None = None
    ) -> Self:
        """Open or create tables in a `file` of a store's folder, or on its catalog's server.

        `url` is that of the catalog where it is not in the folder; a file elsewhere is no server.
        """
        if url and is_server(url):
            return cls(url, metadata)
        if not (folder / file).exists() and folder.exists() and not os.access(folder, os.W_OK):
            raise StoreReadOnly(folder)
        return cls(sqlite_url(folder / file), metadata)

    @property
    def is_file(self) -> bool:
        """Whether the database is a file of SQLite's, and no server."""
        return self._engine.dialect.name == "sqlite"

    @property
    def is_read_only(self) -> bool:
        """Whether the database is a file that cannot be written."""
        return bool(self._engine.get_execution_options().get(READ_ONLY))

    @property
    def insert(self) -> Any:
        """The database's own kind of insert, which may say what to do where there is a row."""
        return sqlite.insert if self.is_file else postgresql.insert

    def close(self) -> None:
        """Release the database."""
        self._engine.dispose()

    def rows(self, query: Any) -> Sequence[Any]:
        """Return the rows that a query finds."""
        with self._reading(), self._engine.connect() as connection:
            return connection.execute(query).all()

    def stream(self, query: Any) -> Iterator[Any]:
        """Yield the rows that a query finds, without holding all of them."""
        with self._reading(), self._engine.connect() as connection:
            yield from connection.execution_options(yield_per=STREAMED).execute(query)

    @contextmanager
    def transaction(self) -> Iterator[sa.Connection]:
        """Open a transaction that is committed at the end, and undone where anything is raised."""
        with self.errors(), self._engine.begin() as connection:
            yield connection

    def copy_to(self, file: Path) -> None:
        """Write what is committed now to a new SQLite file, with nothing of what was deleted.

        Others may read and write meanwhile: the copy is of one moment.
        """
        if self.is_file:
            with self.errors(), self.session() as connection:
                connection.exec_driver_sql("VACUUM INTO ?", (str(file),))
            return
        copy = Tables(sqlite_url(file), self._metadata)
        try:
            with self.errors(), self._engine.connect() as connection:
                connection.execution_options(isolation_level="REPEATABLE READ")
                copy.fill(connection)
        finally:
            copy.close()

    def fill(self, source: sa.Connection) -> None:
        """Put the rows that `source` has in the place of all rows here, at once."""
        with self.transaction() as connection:
            for table in reversed(self._metadata.sorted_tables):
                connection.execute(sa.delete(table))
            for table in self._metadata.sorted_tables:
                rows = source.execution_options(yield_per=STREAMED).execute(sa.select(table))
                for some in rows.mappings().partitions():
                    connection.execute(sa.insert(table), [dict(row) for row in some])

    def erase_deleted(self) -> None:
        """Write the database anew without what was deleted from it.

        Raises StoreError where another process keeps the old pages in use.
        """
        with self.errors(), self.session() as connection:
            if not self.is_file:
                for table in self._metadata.sorted_tables:
                    connection.execute(sa.text(f"VACUUM FULL {table.name}"))
                return
            # Else what a page does not use may hold what the memory held.
            connection.exec_driver_sql("PRAGMA secure_delete=ON")
            connection.exec_driver_sql("VACUUM")
            (busy, *_) = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
        if busy:
            raise StoreError(
                "another process is reading the store, and so what was deleted is still on the "
                "disk; try again in a moment: assistant compact"
            )

    def session(self) -> sa.Connection:
        """Return a new connection, each of whose statements commits by itself; close it."""
        with self.errors():
            return self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")

    @contextmanager
    def errors(self) -> Iterator[None]:
        """Raise as StoreError, with what to do, what the database says."""
        try:
            yield
        except DBAPIError as error:
            reason = " ".join(str(error.orig).split())
            raise self.unusable(reason[:REASON], advice(reason)) from error

    @contextmanager
    def _reading(self) -> Iterator[None]:
        try:
            with self.errors():
                yield
        except ValueError as error:
            # What is no JSON where there was some when it was written.
            raise self.damaged(str(error)) from error

    def damaged(self, how: str) -> StoreError:
        """Return the error that says how what the database holds is not what it was given."""
        return self.unusable(f"it is damaged ({how})", RESTORE)

    def unusable(self, reason: str, advice: str) -> StoreError:
        """Return the error that says why the database cannot be used, and what to do."""
        url = self._engine.url.render_as_string(hide_password=True)
        return StoreError(f"the database {url} cannot be used: {reason}; {advice}")


class Database(Tables):
    """The database of one catalog."""

    def __init__(self, url: str) -> None:
        super().__init__(url, metadata)
        self._read = threading.local()
        self._bring_up()
        self.fact("generation", default="0")
        # An older version's, which has none, may be where nothing can be written.
        with suppress(StoreError):
            self.fact(IDENTITY, default=secrets.token_hex(8))

    def _bring_up(self) -> None:
        """Bring an older version's tables up to LAYOUT; raise StoreError where that cannot be."""
        readable = READABLE if self.is_read_only else (LAYOUT,)
        if self.fact("layout", default=str(LAYOUT)) in map(str, readable):
            return
        with self.transaction() as connection:
            upgrade(connection)
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
            # Of several processes that open a new store at once, the first decides.
            new = self.insert(facts).on_conflict_do_nothing()
            connection.execute(new, {"name": name, "value": default})
        return self.fact(name)

    def known_fact(self, name: str) -> str | None:
        """Return a recorded fact, or None where there is none."""
        rows = self.rows(sa.select(facts.c.value).where(facts.c.name == name))
        return str(rows[0].value) if rows else None

    @property
    def generation(self) -> int:
        """The number of changes committed so far."""
        steady: int | None = getattr(self._read, "generation", None)
        return self.number("generation") if steady is None else steady

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

    def number(self, name: str, *, default: int | None = None) -> int:
        """Return a recorded fact that is a number, or the default where there is none."""
        value = self.known_fact(name)
        if value is None and default is not None:
            return default
        try:
            return int(value or self.fact(name))
        except ValueError as error:
            raise self.damaged(f"{name} {value!r}") from error

    @contextmanager
    def change(self, *, after: int | None = None) -> Iterator[tuple[sa.Connection, int]]:
        """Open a transaction that raises the generation when it commits.

        Raises StoreBusy, and changes nothing, where that does not come right `after` a generation.
        """
        counter = facts.c.name == "generation"
        raised = sa.cast(sa.cast(facts.c.value, sa.Integer) + 1, sa.Text)
        with self.transaction() as connection:
            # First of all, so that the database lets one change in at a time.
            connection.execute(sa.update(facts).where(counter).values(value=raised))
            value = int(connection.execute(sa.select(facts.c.value).where(counter)).scalar_one())
            if after is not None and value != after + 1:
                raise StoreBusy(
                    "the papers have been changed by another process meanwhile; what came before "
                    "that is kept, try again"
                )
            yield connection, value


def record_fact(connection: sa.Connection, name: str, value: str) -> None:
    """Record a fact in place of what was recorded under its name."""
    connection.execute(sa.delete(facts).where(facts.c.name == name))
    connection.execute(sa.insert(facts), {"name": name, "value": value})
