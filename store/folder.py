"""A store's folder: where the catalog is in it, and whether a folder may become one."""

from pathlib import Path

import sqlalchemy as sa

from store.errors import StoreError

CATALOG = "catalog.sqlite3"
#: The folders of the two indexes.
DENSE, LEXICAL = "chroma", "lexical"
#: What only a store has; a folder with one of these is one.
MARKS = (CATALOG, "lock")


def catalog_url(folder: Path) -> str:
    """Return the database URL of the catalog in a store's folder."""
    return database_url(folder / CATALOG)


def database_url(file: Path) -> str:
    """Return the URL of the SQLite database in a file."""
    url = sa.URL.create("sqlite", database=str(file))
    return url.render_as_string(hide_password=False)


def prepare(folder: Path) -> None:
    """Make the folder of a new store.

    Raises StoreError where it cannot be made, and where there is one with other things in it,
    since the indexes are deleted and made anew as need be.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        empty = next(folder.iterdir(), None) is None
    except OSError as error:
        raise StoreError(
            f"cannot make a store in {str(folder)!r}: {error.strerror}; name another folder"
        ) from error
    if not empty and not any((folder / mark).exists() for mark in MARKS):
        raise StoreError(
            f"the folder {str(folder)!r} holds other things and no store; name a new or empty one"
        )
