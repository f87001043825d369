"""Access: the two indexes of a store as one process has them, to read or as the writer."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from store import lexical
from store.catalog import Catalog
from store.dense import DenseIndex
from store.folder import DENSE, LEXICAL
from store.indexes import Index, IndexFailed, catch_up, is_level, open_index, rebuild, remake
from store.lexical import LexicalIndex
from store.lock import StoreLock

#: Seconds that who asks waits at most for what is being changed to be found.
PATIENCE = 60.0

log = logging.getLogger(__name__)


class Access:
    """The indexes in `folder`, level with the catalog; safe to read from several threads.

    Any number of processes read them, without the lock. One is the writer: it holds the lock, and
    both indexes, until it is closed.
    """

    def __init__(self, folder: Path, catalog: Catalog, *, write: bool, exact_up_to: int) -> None:
        """Open the indexes; with `write`, raises StoreBusy where another process is writing.

        Chroma's graph, of use from more than `exact_up_to` chunks on, cannot be shared between
        processes, so a store as large as that is held as the writer holds it, if nobody else does.
        """
        self._catalog = catalog
        self._exact_up_to = exact_up_to
        self._dense_folder, self._lexical_folder = folder / DENSE, folder / LEXICAL
        self._lock = StoreLock(folder)
        self._following = threading.Lock()
        self._dense: DenseIndex | None = None
        # The generation that each index has applied.
        self._applied: dict[str, int] = {}
        # The thread that changes the papers, whether others of this process ask of them, and how
        # many of these wait.
        self._levelled = threading.Condition()
        self._changer: int | None = None
        self._asked = False
        self._waiting = 0
        try:
            if write:
                self.become_writer()
            else:
                self._start_reading()
        except BaseException:
            self._lock.release()
            raise

    def close(self) -> None:
        """Release the indexes and the lock."""
        if self._dense:
            self._dense.close()
        self._lexical.close()
        self._lock.release()

    def become_writer(self) -> None:
        """Take the lock, unless held, and open both indexes, whole and level, for good."""
        if self._dense:
            return
        self._lock.take()
        dense = open_index(DenseIndex, self._dense_folder, self._catalog)
        try:
            self._lexical = open_index(LexicalIndex, self._lexical_folder, self._catalog)
        except BaseException:
            dense.close()
            raise
        # Before others see that this process is the writer, and ask how far its indexes are.
        generation = self._catalog.generation
        self._applied |= {index.name: generation for index in (dense, self._lexical)}
        self._dense = dense

    @contextmanager
    def changing(self, *, patience: float) -> Iterator[None]:
        """Be the writer from here on; what is committed within is in both indexes at its end.

        Another process that is the writer stays it as a rule, and is not waited for.
        """
        del patience
        self.become_writer()
        self._changer = threading.get_ident()
        try:
            yield
        finally:
            try:
                self._catch_up()
            finally:
                with self._levelled:
                    self._changer = None
                    self._levelled.notify_all()

    def follow(self) -> None:
        """As the one who changes the papers, let who asks of them meanwhile wait no longer.

        What will be asked may be waited for as well, where that takes little.
        """
        if self._waiting or (self._asked and not self._is_dear):
            self._catch_up()
            with self._levelled:
                self._levelled.notify_all()

    @property
    def _is_dear(self) -> bool:
        """Whether to catch up makes the lexical index anew: papers were removed or replaced."""
        return self._catalog.has_dropped(self._applied[LexicalIndex.name])

    @property
    def is_level(self) -> bool:
        """Whether what is searched is of the papers as they are now."""
        return not self._dense or self._has_applied(self._catalog.generation)

    def _has_applied(self, generation: int) -> bool:
        return min(self._applied[index.name] for index, _ in self._held()) >= generation

    def _wait(self) -> None:
        """Wait until the indexes hold what the thread that changes the papers has committed."""
        self._asked = True
        generation = self._catalog.generation
        if self._changer in (None, threading.get_ident()) or self._has_applied(generation):
            return
        with self._levelled:
            self._waiting += 1
            try:
                self._levelled.wait_for(
                    lambda: self._changer is None or self._has_applied(generation), PATIENCE
                )
            finally:
                self._waiting -= 1

    def _catch_up(self) -> None:
        """Bring both indexes level with the catalog."""
        for index, folder in self._held():
            # One at a time: where the second fails, the first must not be applied again.
            self._applied[index.name] = catch_up(
                index, folder, self._catalog, self._applied[index.name]
            )

    def rebuild(self) -> None:
        """As the writer, make both indexes anew from the catalog."""
        for index, folder in self._held():
            self._applied[index.name] = rebuild(index, folder, self._catalog)

    @property
    def lexical(self) -> LexicalIndex:
        """The lexical index, as it is committed by now, by this process or another."""
        if self._dense:
            self._wait()
        elif self._applied[LexicalIndex.name] != self._catalog.generation:
            with self._following:
                if self._applied[LexicalIndex.name] != self._catalog.generation:
                    self._follow()
        return self._lexical

    @property
    def graph(self) -> DenseIndex | None:
        """Chroma's graph, where this process has it and the store is large enough to need it."""
        if self._dense is None:
            return None
        self._wait()
        return self._dense if self._dense.count() > self._exact_up_to else None

    def _start_reading(self) -> None:
        """Read without the lock; take it for a moment where the indexes need mending."""
        large = self._catalog.counts().chunks > self._exact_up_to
        level = is_level(DenseIndex, self._dense_folder, self._catalog) and is_level(
            LexicalIndex, self._lexical_folder, self._catalog
        )
        if (large or not level) and self._lock.acquire():
            try:
                self.become_writer()
                if large:
                    return
            except IndexFailed as error:
                log.warning("%s. Until then this process reads without it", error)
            self._release_writer()
        self._follow()

    def _release_writer(self) -> None:
        if self._dense:
            self._dense.close()
            self._dense = None
        self._lock.release()

    def _follow(self) -> None:
        """Open the lexical index as it is now, without the lock."""
        generation = self._catalog.generation
        self._lexical = lexical.open_to_read(self._lexical_folder, self._catalog)
        self._applied[LexicalIndex.name] = generation

    def _held(self) -> list[tuple[Index, Path]]:
        pairs: list[tuple[Index, Path]] = [(self._lexical, self._lexical_folder)]
        return [*pairs, (self._dense, self._dense_folder)] if self._dense else pairs


def remake_indexes(folder: Path, catalog: Catalog) -> None:
    """Delete the indexes in `folder`, whatever they hold, and make them anew from the catalog.

    Those of a catalog on a server follow it by themselves, wherever they are.
    """
    if catalog.database.is_file:
        remake(DenseIndex, folder / DENSE, catalog).close()
        remake(LexicalIndex, folder / LEXICAL, catalog).close()
