"""Sharing: the indexes of a store whose catalog is on a server, as one process has them.

Several machines may serve such a store. Each has a lexical index of its own in its folder, which
follows the catalog; who changes the papers does so under a lock in the catalog's database.
"""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from store import lexical
from store.catalog import Catalog
from store.chroma_client import ChromaServer
from store.chroma_server import ServerFailed, ServerIndex
from store.folder import LEXICAL
from store.indexes import IndexFailed, catch_up, open_index, rebuild
from store.lexical import LexicalIndex
from store.lock import PATIENCE, ServerLock, StoreLock

log = logging.getLogger(__name__)


class SharedAccess:
    """The indexes of a shared store; safe to use from several threads.

    Of the processes on one folder the first keeps its lexical index; the others only read it.
    """

    def __init__(
        self,
        folder: Path,
        catalog: Catalog,
        url: str,
        *,
        chroma: ChromaServer | None,
        write: bool,
        exact_up_to: int,
    ) -> None:
        """Open the indexes; with `write`, bring the `chroma` server's chunks level as well."""
        self._catalog = catalog
        self._exact_up_to = exact_up_to
        self._folder = folder / LEXICAL
        self._keeper = StoreLock(folder)
        self._writer = ServerLock(url)
        self._server = ServerIndex(chroma) if chroma else None
        self._following = threading.Lock()
        self._size: tuple[int, int] | None = None
        self._applied: int | None = None
        self._lexical: LexicalIndex | None = None
        self._keeps = self._keeper.acquire()
        try:
            self._follow()
            if write:
                with self.changing():
                    pass
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Release the index and the locks."""
        if self._lexical:
            self._lexical.close()
        self._keeper.release()
        self._writer.release()

    @contextmanager
    def changing(self, *, patience: float = PATIENCE) -> Iterator[None]:
        """Be the one who changes the papers, within.

        Another process is waited for as the lock says, and no longer than `patience` seconds.
        Afterwards the Chroma server is level, or a warning says why not: the papers are changed all
        the same, and until it is, every vector is compared.
        """
        self._writer.take(patience=min(patience, PATIENCE))
        with self._writer:
            try:
                yield
            finally:
                self._level()

    def rebuild(self) -> None:
        """Make the indexes anew, that on the Chroma server too."""
        if self._server:
            self._server.rebuild(self._catalog)
        with self._following:
            if self._keeps and self._lexical:
                self._applied = rebuild(self._lexical, self._folder, self._catalog)

    def follow(self) -> None:
        """Do nothing: the indexes follow when they are asked."""

    @property
    def is_level(self) -> bool:
        """Whether what is searched is of the papers as they are now: always."""
        return True

    @property
    def lexical(self) -> LexicalIndex:
        """The lexical index, level with the catalog."""
        if self._applied != self._catalog.generation:
            with self._following:
                if self._applied != self._catalog.generation:
                    self._follow()
        assert self._lexical is not None  # noqa: S101 - opened with this object
        return self._lexical

    @property
    def graph(self) -> ServerIndex | None:
        """The Chroma server, where there is one that is level, and chunks enough to need it."""
        if self._server is None or self._chunks() <= self._exact_up_to:
            return None
        return self._server if self._server.is_level(self._catalog) else None

    def _level(self) -> None:
        if self._server:
            try:
                self._server.bring_level(self._catalog)
            except ServerFailed as error:
                log.warning("%s", error)

    def _chunks(self) -> int:
        generation = self._catalog.generation
        size = self._size
        if size is None or size[0] != generation:
            size = self._size = (generation, self._catalog.counts().chunks)
        return size[1]

    def _follow(self) -> None:
        """Bring the lexical index level: the folder's own, or one in memory."""
        if not self._keeps:
            generation = self._catalog.generation
            self._lexical = lexical.open_to_read(self._folder, self._catalog)
            self._applied = generation
            return
        try:
            with self._catalog.database.steady() as generation:
                if self._lexical is None or self._applied is None:
                    self._lexical = open_index(LexicalIndex, self._folder, self._catalog)
                    self._applied = generation
                else:
                    self._applied = catch_up(
                        self._lexical, self._folder, self._catalog, self._applied
                    )
        except IndexFailed as error:
            log.warning("%s. Until then it is kept in memory", error)
            self._keeper.release()
            self._keeps = False
            self._follow()
