"""The lock that one process at a time holds on a store."""

import os
import sys
from contextlib import suppress
from pathlib import Path

from filelock import FileLock, Timeout

from store.errors import StoreBusy, StoreError


class StoreLock:
    """An exclusive lock on a store's folder; the system frees it when its holder dies."""

    def __init__(self, folder: Path) -> None:
        # Held by the process, whichever of its threads took it.
        self._lock = FileLock(folder / "lock", thread_local=False)
        self._note = folder / "lock.holder"

    @property
    def held(self) -> bool:
        """Whether this process holds the lock through this object."""
        return self._lock.is_locked

    def acquire(self) -> bool:
        """Take the lock if it is free, and return whether it was."""
        try:
            self._lock.acquire(timeout=0)
        except Timeout:
            return False
        except OSError as error:
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
