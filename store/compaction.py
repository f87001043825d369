"""Compaction: what was removed from a store is erased from the disk, and its space given back."""

import ctypes
import shutil
from collections.abc import Iterator
from contextlib import closing, suppress
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import sqlalchemy as sa

from store import feedback, watching
from store.access import remake_indexes
from store.atlas.paper_map import FILE, kept
from store.catalog import Catalog
from store.connecting import sqlite_url
from store.database import Tables
from store.feedback import Feedback
from store.folder import CATALOG, DENSE, LEXICAL, UNPACKED
from store.indexes import remake
from store.lexical import LexicalIndex
from store.lock import StoreLock, lock_of
from store.opening import open_catalog
from store.seal import break_seal
from store.watching import Watching

#: The option of glibc's `mallopt` that sets with what freed memory is overwritten.
M_PERTURB = -6
#: Papers held at a time while their quotes are looked at.
KEPT = 1000


class Compaction(NamedTuple):
    """The bytes of the store's folder before and after."""

    before: int
    after: int


def compact(folder: Path, *, url: str | None = None) -> Compaction:
    """Write everything in a store's `folder` anew, so that nothing is left of what was removed.

    `url` is that of a catalog in another database. Raises StoreBusy where another process is
    writing, and StoreError where one is reading in such a way that something would be left.
    """
    with lock_of(folder, url=url), closing(open_catalog(folder, url=url)) as catalog:
        before = _size(folder)
        _overwrite_memory()
        _forget_quotes(folder, catalog, url=url)
        # Once forgotten, what is gone cannot be told to an index that has missed it.
        catalog.forget_changes()
        if catalog.database.is_file:
            for index in (DENSE, LEXICAL):
                break_seal(folder / index)
        catalog.database.erase_deleted()
        for file in folder.glob("*.sqlite3"):
            if file.name != CATALOG:
                with closing(Tables(sqlite_url(file), sa.MetaData())) as tables:
                    tables.erase_deleted()
        if catalog.database.is_file:
            remake_indexes(folder, catalog)
        else:
            _remake_own(folder, catalog)
        for rest in _left_over(folder, catalog):
            rest.unlink()
        shutil.rmtree(folder / UNPACKED, ignore_errors=True)
    return Compaction(before, _size(folder))


def _forget_quotes(folder: Path, catalog: Catalog, *, url: str | None) -> None:
    """Forget what was quoted of papers, and judged of them, that they no longer say."""

    @lru_cache(KEPT)
    def abstract(paper_id: str) -> str:
        return "".join(paper.abstract for paper in catalog.find([paper_id]).values())

    def holds(paper_id: str, quote: str) -> bool:
        return quote in abstract(paper_id)

    if (folder / watching.FILE).exists():
        with closing(Watching(folder)) as watched:
            watched.watches.forget_unsaid(abstract)
    if (folder / feedback.FILE).exists() or not catalog.database.is_file:
        with closing(Feedback(folder, url=url)) as judged:
            judged.forget_unless(holds)
            if not catalog.database.is_file:
                judged.erase_deleted()


def _remake_own(folder: Path, catalog: Catalog) -> None:
    """Make a machine's own lexical index anew; who keeps it does so when it is next asked."""
    keeper = StoreLock(folder)
    if keeper.acquire():
        try:
            remake(LexicalIndex, folder / LEXICAL, catalog).close()
        finally:
            keeper.release()


def _left_over(folder: Path, catalog: Catalog) -> Iterator[Path]:
    """Yield what an interruption left, and a map on which papers stand that were removed."""
    yield from folder.glob("*.part")
    drawn = kept(folder)
    if drawn is None or not set(drawn.paper_ids) <= set(catalog.paper_ids()):
        yield from folder.glob(FILE)


def _overwrite_memory() -> None:
    """Let memory be overwritten when it is freed or given out, from now on.

    Of its graph's files Chroma fills what it does not use with whatever it finds in memory, which
    may be what was read from the database before.
    """
    # Neither musl nor Windows has it; there ctypes raises one of these.
    with suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).mallopt(M_PERTURB, 1)


def _size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
