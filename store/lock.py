"""The lock that one process at a time holds on a store."""

import errno
import os
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Protocol, Self

import sqlalchemy as sa
from filelock import FileLock, Timeout

from store.connecting import is_server
from store.database import Tables
from store.errors import StoreBusy, StoreError, StoreReadOnly

#: Which of a database's advisory locks is that of a store's writer.
KEY = 0x61627374
#: What taking a lock in a folder ends in that cannot be written.
_READ_ONLY = (errno.EACCES, errno.EPERM, errno.EROFS)
#: Seconds that a writer to a database waits for another, and between its attempts.
PATIENCE, PAUSE = 10.0, 0.1


class Lock(Protocol):
    """What both kinds of locks have in common; in a `with` they are taken, and given back."""

    def take(self) -> None: ...  # noqa: D102
    def release(self) -> None: ...  # noqa: D102
    def __enter__(self) -> Self: ...
    def __exit__(self, *_: object) -> None: ...


def lock_of(folder: Path, *, url: str | None = None) -> Lock:
    """Return the lock of who changes a store: in its folder, or where its catalog's server is."""
    return ServerLock(url) if url and is_server(url) else StoreLock(folder)


class StoreLock:
    """An exclusive lock on a store's folder; the system frees it when its holder dies."""

    def __init__(self, folder: Path) -> None:
        # Held by the process, whichever of its threads took it.
        self._lock = FileLock(folder / "lock", thread_local=False)
        self._note = folder / "lock.holder"

    def __enter__(self) -> Self:
        self.take()
        return self

    def __exit__(self, *_: object) -> None:
        self.release()

    @property
    def held(self) -> bool:
        """Whether this process holds the lock through this object."""
        return self._lock.is_locked

    def acquire(self) -> bool:
        """Take the lock if it is free and the folder can be written, and return whether it was."""
        try:
            self._lock.acquire(timeout=0)
        except Timeout:
            return False
        except OSError as error:
            if error.errno in _READ_ONLY:
                return False
            raise StoreError(
                f"the store's lock {self._lock.lock_file!r} cannot be taken: {error.strerror}; "
                "check the folder and its permissions"
            ) from error
        command = " ".join([Path(sys.argv[0]).name, *sys.argv[1:2]])
        # The note only names the holder in another process's message.
        with suppress(OSError):
            self._note.write_text(f"process {os.getpid()} ({command})", "utf-8")
        return True

    def take(self) -> None:
        """Take the lock; raise StoreBusy where another process holds it."""
        if not self.acquire():
            if not os.access(self._note.parent, os.W_OK):
                raise StoreReadOnly(self._note.parent)
            raise StoreBusy(
                f"the store {str(self._note.parent)!r} is being written by {self.holder()}; "
                "wait for it or stop it, then try again"
            )

    def release(self) -> None:
        """Give the lock back, if held, however often it was taken."""
        self._lock.release(force=True)

    def holder(self) -> str:
        """Return a description of the process that took the lock last."""
        try:
            return self._note.read_text("utf-8")
        except OSError:
            return "another process"


class ServerLock:
    """An exclusive lock in the database of a catalog; its server frees it when its holder dies."""

    def __init__(self, url: str) -> None:
        """Connect to the database."""
        self._tables = Tables(url, sa.MetaData())
        self._session: sa.Connection | None = None

    def __enter__(self) -> Self:
        self.take()
        return self

    def __exit__(self, *_: object) -> None:
        self.release()

    def take(self, *, patience: float = PATIENCE) -> None:
        """Take the lock; raise StoreBusy where another process holds it for `patience` seconds."""
        until = time.monotonic() + patience
        while not self._acquire():
            if time.monotonic() > until:
                self.release()
                raise StoreBusy(
                    "the store's papers are being changed by another process; wait for it or stop "
                    "it, then try again"
                )
            time.sleep(PAUSE)

    def release(self) -> None:
        """Give the lock back, if held."""
        session, self._session = self._session, None
        if session is not None:
            # With the session ends what it holds, also where the server has gone away.
            with suppress(sa.exc.DBAPIError):
                session.execute(sa.select(sa.func.pg_advisory_unlock_all()))
            session.close()
        # Else its connection would be kept for a next time.
        self._tables.close()

    def _acquire(self) -> bool:
        if self._session is not None:
            return True
        with self._tables.errors():
            session = self._tables.session()
            own = sa.func.hashtext(sa.func.current_schema())
            if session.scalar(sa.select(sa.func.pg_try_advisory_lock(KEY, own))):
                self._session = session
            else:
                session.close()
        return self._session is not None
