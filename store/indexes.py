"""Derived indexes, kept level with the catalog and rebuilt from it when they cannot be trusted."""

import logging
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol, TypeVar

from store.catalog import Catalog, Changes
from store.connecting import advice
from store.errors import AssistantError, StoreError, in_one_line
from store.seal import break_seal, is_sealed, put_seal, sealed_generation

log = logging.getLogger(__name__)


class Index(Protocol):
    """What the dense and the lexical index have in common."""

    name: str

    def __init__(self, folder: Path) -> None: ...
    @staticmethod
    def covers(file: Path) -> bool: ...  # noqa: D102
    def is_level(self, catalog: Catalog) -> bool: ...  # noqa: D102
    def fill(self, catalog: Catalog) -> None: ...  # noqa: D102
    def apply(self, catalog: Catalog, changes: Changes) -> None: ...  # noqa: D102
    def close(self) -> None: ...  # noqa: D102


Kind = TypeVar("Kind", bound=Index)


class IndexFailed(StoreError):
    """Raised if an index cannot be written; the catalog, from which it is made, is whole."""


def open_index(kind: type[Kind], folder: Path, catalog: Catalog) -> Kind:
    """Open the index in `folder`, whole and level with the catalog.

    An index without a valid seal is never opened, since damaged files can end the process or
    answer in silence: it is deleted and made anew, without embedding anything again. What was
    done is logged as a warning, unless the index is simply new.
    """
    applied = sealed_generation(folder, covers=kind.covers, store=catalog.identity)
    # A later generation than the catalog's is of a catalog that was replaced by an older one.
    if applied is not None and catalog.horizon <= applied <= catalog.generation:
        index = _levelled(kind, folder, catalog, applied)
        if index is not None:
            return index
    # A machine that is new to a catalog on a server has had no index.
    if catalog.generation and (catalog.database.is_file or folder.exists()):
        log.warning(
            "The %s index was damaged, missing or left half-written; making it anew", kind.name
        )
    return remake(kind, folder, catalog)


def remake(kind: type[Kind], folder: Path, catalog: Catalog) -> Kind:
    """Delete the index in `folder`, whatever it holds, and make it anew from the catalog."""
    with _writing(kind.name):
        break_seal(folder)
        shutil.rmtree(folder, ignore_errors=True)
        index = kind(folder)
    rebuild(index, folder, catalog)
    return index


def is_level(kind: type[Index], folder: Path, catalog: Catalog) -> bool:
    """Return whether the index in `folder` is sealed at the catalog's generation."""
    return (
        sealed_generation(folder, covers=kind.covers, store=catalog.identity) == catalog.generation
    )


def catch_up(
    index: Index, folder: Path, catalog: Catalog, applied: int, *, lagging: bool = False
) -> int:
    """Apply to the index what was committed after generation `applied`; return the one reached.

    `lagging` says that an earlier process should have done so, which is worth a message.
    """
    # Another machine may go on changing the catalog: all is of one generation.
    with catalog.database.steady() as generation:
        if applied == generation:
            return generation
        # What an earlier change left unsealed may hold some of these changes already.
        if applied < catalog.horizon or not is_sealed(folder):
            return rebuild(index, folder, catalog)
        if lagging:
            log.warning(
                "The %s index had missed %d committed changes of an interrupted run; catching up",
                index.name,
                generation - applied,
            )
        with _writing(index.name):
            break_seal(folder)
            index.apply(catalog, catalog.changes(applied))
            put_seal(folder, generation, covers=index.covers, store=catalog.identity)
    return generation


def rebuild(index: Index, folder: Path, catalog: Catalog) -> int:
    """Make the index anew from the catalog, and return its generation; nothing is embedded."""
    began = time.monotonic()
    with catalog.database.steady() as generation, _writing(index.name):
        break_seal(folder)
        index.fill(catalog)
        put_seal(folder, generation, covers=index.covers, store=catalog.identity)
    if generation:
        log.info(
            "Made the %s index from the catalog: %d papers, %.1f s",
            index.name,
            catalog.counts().papers,
            time.monotonic() - began,
        )
    return generation


@contextmanager
def _writing(name: str) -> Iterator[None]:
    """Raise what an engine raises, whatever its sort, as IndexFailed."""
    try:
        yield
    except (AssistantError, KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:
        reason = in_one_line(error)
        raise IndexFailed(
            f"the {name} index cannot be written: {reason}; {advice(reason)}"
        ) from error


def _levelled(kind: type[Kind], folder: Path, catalog: Catalog, applied: int) -> Kind | None:
    """Return the sealed index, caught up with the catalog, or None where it cannot be used."""
    index = None
    try:
        index = kind(folder)
        # What other machines changed meanwhile is no interruption.
        catch_up(index, folder, catalog, applied, lagging=catalog.database.is_file)
        if index.is_level(catalog):
            return index
    except IndexFailed:
        log.debug("index in %s cannot be brought level", folder, exc_info=True)
    except (AssistantError, KeyboardInterrupt, SystemExit):
        raise
    except BaseException:
        # For damaged files the engines raise bare exceptions of many kinds; a panic in their
        # Rust is not even an Exception.
        log.debug("index in %s cannot be used", folder, exc_info=True)
    if index is not None:
        index.close()
    return None
