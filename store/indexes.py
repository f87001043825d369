"""Derived indexes, kept level with the catalog and rebuilt from it when they cannot be trusted."""

import logging
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol, TypeVar

from store.catalog import Catalog, Changes
from store.seal import break_seal, put_seal, sealed_generation

log = logging.getLogger(__name__)


class Index(Protocol):
    """What the dense and the lexical index have in common."""

    name: str
    unsealed: frozenset[str]

    def is_level(self, catalog: Catalog) -> bool: ...  # noqa: D102
    def fill(self, catalog: Catalog) -> None: ...  # noqa: D102
    def apply(self, catalog: Catalog, changes: Changes) -> None: ...  # noqa: D102
    def clear(self) -> None: ...  # noqa: D102
    def close(self) -> None: ...  # noqa: D102


Kind = TypeVar("Kind", bound=Index)


def open_index(kind: Callable[[Path], Kind], folder: Path, catalog: Catalog) -> Kind:
    """Open the index in `folder`, whole and level with the catalog.

    An index without a valid seal is never opened, since damaged files can end the process or
    answer in silence: it is deleted and made anew, without embedding anything again. What was
    done is logged as a warning, unless the index is simply new.
    """
    unsealed: frozenset[str] = getattr(kind, "unsealed", frozenset())
    applied = sealed_generation(folder, unsealed=unsealed)
    if applied is not None:
        index = _opened(kind, folder)
        if index is not None:
            catch_up(index, folder, catalog, applied, lagging=True)
            if index.is_level(catalog):
                return index
            index.close()
    shutil.rmtree(folder, ignore_errors=True)
    index = kind(folder)
    rebuild(index, folder, catalog)
    return index


def catch_up(
    index: Index, folder: Path, catalog: Catalog, applied: int, *, lagging: bool = False
) -> None:
    """Apply to the index what the catalog committed after generation `applied`.

    `lagging` says that an earlier process should have done so, which is worth a message.
    """
    generation = catalog.generation
    if applied == generation:
        return
    if lagging:
        log.warning(
            "The %s index had missed %d committed changes of an interrupted run; catching up",
            index.name,
            generation - applied,
        )
    break_seal(folder)
    index.apply(catalog, catalog.changes(applied))
    put_seal(folder, generation, unsealed=index.unsealed)


def rebuild(index: Index, folder: Path, catalog: Catalog) -> None:
    """Make the index anew from the catalog; nothing is embedded again."""
    began = time.monotonic()
    generation = catalog.generation
    break_seal(folder)
    index.clear()
    index.fill(catalog)
    put_seal(folder, generation, unsealed=index.unsealed)
    if generation:
        log.warning(
            "The %s index was damaged, missing or left half-written; rebuilt it from the catalog "
            "(%d papers, %.1f s)",
            index.name,
            catalog.counts().papers,
            time.monotonic() - began,
        )


def _opened(kind: Callable[[Path], Kind], folder: Path) -> Kind | None:
    try:
        return kind(folder)
    except Exception:
        # The engines raise bare exceptions of many kinds for damaged files.
        log.debug("index in %s cannot be opened", folder, exc_info=True)
        return None
