"""A store's folder: where the catalog is in it, and whether a folder may become one."""

from fnmatch import fnmatch
from pathlib import Path

from store.connecting import sqlite_url
from store.errors import StoreError
from store.seal import is_sealed

CATALOG = "catalog.sqlite3"
#: The folders of the two indexes.
DENSE, LEXICAL = "chroma", "lexical"
#: What only a store has; a folder with one of these is one.
MARKS = (CATALOG, "lock")
#: Where a backup is unpacked in the folder, for a moment.
UNPACKED = "restoring"
#: What the folder holds that can be made anew, or is of the moment; all else is to be kept.
PASSING = (
    "lock", "lock.holder", "*.lock", "*.seal", "*.part", "*.new", "*-wal", "*-shm", "*-journal",
    "map.npz", "fetching.json", f"{DENSE}/*", f"{LEXICAL}/*", f"{UNPACKED}/*",
)  # fmt: skip


def catalog_url(folder: Path) -> str:
    """Return the database URL of the catalog in a store's folder."""
    return sqlite_url(folder / CATALOG)


def prepare(folder: Path) -> None:
    """Make the folder of a new store.

    Raises StoreError where it cannot be made, and where there is one with other things in it,
    since the indexes are deleted and made anew as need be.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        empty = next(folder.iterdir(), None) is None
        if empty:
            (folder / "lock").touch()
    except OSError as error:
        raise StoreError(
            f"cannot make a store in {str(folder)!r}: {error.strerror}; name another folder"
        ) from error
    if not empty and not any((folder / mark).exists() for mark in MARKS):
        raise StoreError(
            f"the folder {str(folder)!r} holds other things and no store; name a new or empty one"
        )


def require_catalog(folder: Path) -> None:
    """Raise StoreError where indexes lie in the folder whose catalog is gone."""
    file = folder / CATALOG
    size = file.stat().st_size if file.exists() else None
    if not size and any(is_sealed(folder / index) for index in (DENSE, LEXICAL)):
        raise StoreError(
            f"the catalog {str(file)!r} is {'gone' if size is None else 'empty'}, and with it the "
            "store's papers; restore a backup (assistant restore FILE --replace), or say where it "
            "is (ASSISTANT_DATABASE_URL), or delete the folder to add the papers again"
        )


def kept_files(folder: Path) -> list[Path]:
    """Return the files of a store that cannot be made anew, by their paths in its folder."""
    inside = sorted(file.relative_to(folder) for file in folder.rglob("*") if file.is_file())
    return [file for file in inside if not any(fnmatch(str(file), some) for some in PASSING)]
