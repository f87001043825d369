"""Backup: all of a store that cannot be made anew, in one file that says whether it is whole.

It is a ZIP archive of the files that are kept in the store's folder, with a manifest of their
hashes. The catalog in it is SQLite's wherever the store has its own, so that a backup of one kind
of store can be restored as another.
"""

import hashlib
import os
import secrets
import shutil
import sqlite3
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

import sqlalchemy as sa
from pydantic import BaseModel, ValidationError

from store import feedback, popularity, schema
from store.access import remake_indexes
from store.catalog import Catalog
from store.connecting import is_server, sqlite_url
from store.database import IDENTITY, Tables, record_fact
from store.errors import StoreError
from store.folder import CATALOG, DENSE, LEXICAL, UNPACKED, kept_files, prepare
from store.lock import lock_of
from store.opening import open_catalog, store_exists
from store.seal import break_seal
from store.stats import Stats

MANIFEST = "manifest.json"
#: The end of the names of SQLite's files, which may change while they are copied.
DATABASE = ".sqlite3"
#: What is in the database of a store that several machines share, by the file it has elsewhere.
SHARED = {
    CATALOG: schema.metadata,
    popularity.FILE: popularity.metadata,
    feedback.FILE: feedback.metadata,
}
#: Who may ask, and who wants no more mail. Where there is such a file already it stays: an older
#: one would let in whose key was taken back since.
STAYING = ("keys.json", "watching.sqlite3")
#: How hard the archive is packed, of 1 to 9: vectors, most of it, hardly get smaller.
PACKED = 1
#: What reading a damaged archive ends in.
_DAMAGED = (
    BadZipFile, EOFError, KeyError, NotImplementedError, RuntimeError, ValidationError, zlib.error
)  # fmt: skip


class Manifest(BaseModel):
    """What a backup holds: the store's figures, and the SHA-256 of each file by its path."""

    format: Literal[1] = 1
    made: datetime
    stats: Stats
    files: dict[str, str]


def back_up(folder: Path, destination: Path, *, url: str | None = None) -> Manifest:
    """Write a backup of the store in `folder` to a new file, and return what is in it.

    Others may read and write the store meanwhile: the catalog is copied as of one moment. `url` is
    that of a catalog in another database. The file appears once it is whole and has been read
    again. Raises StoreError where it cannot be written, or the store is damaged.
    """
    if destination.resolve().is_relative_to(folder.resolve()):
        raise StoreError(
            f"{str(destination)!r} lies in the store itself; name a file outside of {str(folder)!r}"
        )
    if destination.exists():
        raise StoreError(f"there is {str(destination)!r} already; name a new file for the backup")
    with (
        _disk_errors(destination),
        TemporaryDirectory(prefix=".backup-", dir=destination.absolute().parent) as aside,
    ):
        files = _copied(folder, Path(aside), url=url)
        # Looked at first, since opening a database may change its file.
        try:
            stats = _checked_stats(Path(aside) / CATALOG)
        except StoreError as error:
            # It is the store that is damaged, not the copy of it.
            copy, own = sqlite_url(Path(aside) / CATALOG), url or sqlite_url(folder / CATALOG)
            shown = sa.make_url(own).render_as_string(hide_password=True)
            raise StoreError(str(error).replace(copy, shown)) from error
        manifest = Manifest(
            made=datetime.now(UTC).replace(microsecond=0),
            stats=stats,
            files={name: _digest(Path(aside) / name) for name in files},
        )
        archive = Path(aside) / "archive"
        with ZipFile(archive, "x", ZIP_DEFLATED, compresslevel=PACKED) as packed:
            for name in files:
                packed.write(Path(aside) / name, name)
            packed.writestr(MANIFEST, manifest.model_dump_json(indent=1))
        with archive.open("rb") as stream:
            os.fsync(stream.fileno())
        # The hashes of keys, and what people said of answers, are nobody else's.
        archive.chmod(0o600)
        verify_backup(archive)
        archive.replace(destination)
    return manifest


def verify_backup(source: Path) -> Manifest:
    """Return what a backup holds; raise StoreError where it is none, or is not whole."""
    try:
        with ZipFile(source) as packed:
            manifest = Manifest.model_validate_json(packed.read(MANIFEST))
            for name, digest in manifest.files.items():
                _require_inside(name)
                with packed.open(name) as stream:
                    found = hashlib.file_digest(stream, "sha256").hexdigest()  # type: ignore[arg-type]
                if found != digest:
                    raise BadZipFile(f"{name} has another hash than the manifest says")
    except OSError as error:
        raise StoreError(f"the backup {str(source)!r} cannot be read: {error.strerror}") from error
    except _DAMAGED as error:
        raise StoreError(
            f"{str(source)!r} is no whole backup of this version ({' '.join(str(error).split())});"
            " take another one"
        ) from error
    return manifest


def restore(
    source: Path, folder: Path, *, url: str | None = None, replace: bool = False
) -> Manifest:
    """Make the store in `folder` what it was when the backup was made, and make its indexes anew.

    `url` puts the catalog in another database. Raises StoreError, and changes nothing, where the
    backup is not whole, and where there is a store already, unless it is to be replaced: then all
    of it is, but for STAYING.
    """
    manifest = verify_backup(source)
    prepare(folder)
    held = [name for name in (*SHARED, *STAYING) if name != CATALOG and (folder / name).exists()]
    if not replace and (held or (store_exists(folder, url=url) and _generation(folder, url=url))):
        raise StoreError(
            f"there is a store in {str(url or folder)!r} already; name another folder, or replace "
            "all that it holds: assistant restore FILE --replace"
        )
    with lock_of(folder, url=url), _disk_errors(folder):
        unpacked = folder / UNPACKED
        shutil.rmtree(unpacked, ignore_errors=True)
        with ZipFile(source) as packed:
            for name in manifest.files:
                place = Path(packed.extract(name, unpacked))
                # Who may read a file is kept in this half of the attributes, if at all.
                if mode := packed.getinfo(name).external_attr >> 16 & 0o777:
                    place.chmod(mode)
        # Broken first, so that no index of other papers is ever taken for one of these. Whoever
        # keeps that of a catalog on a server follows what comes with a later generation.
        if not (url and is_server(url)):
            for index in (DENSE, LEXICAL):
                break_seal(folder / index)
        _make_latest(unpacked / CATALOG, folder, url=url)
        elsewhere = _elsewhere(url)
        for name in manifest.files:
            if url and name in elsewhere:
                _fill(url, unpacked / name, elsewhere[name])
            elif name not in STAYING or not (folder / name).exists():
                _put(unpacked / name, folder / name)
        # Only what is a store's own: whatever else lies here is somebody's.
        for name in SHARED.keys() - manifest.files.keys():
            _unlink(folder / name)
        shutil.rmtree(unpacked)
        with closing(open_catalog(folder, url=url)) as catalog:
            remake_indexes(folder, catalog)
    return manifest


def _copied(folder: Path, aside: Path, *, url: str | None) -> Sequence[str]:
    """Copy what is kept of a store to the folder `aside`, and return the names."""
    names = []
    for name, metadata in _elsewhere(url).items():
        with closing(Tables(str(url), metadata)) as tables:
            tables.copy_to(aside / name)
        names.append(name)
    for file in kept_files(folder):
        if str(file) in names:
            continue
        (aside / file).parent.mkdir(parents=True, exist_ok=True)
        if file.suffix == DATABASE:
            with closing(Tables(sqlite_url(folder / file), sa.MetaData())) as tables:
                tables.copy_to(aside / file)
        else:
            shutil.copy(folder / file, aside / file)
        names.append(file.as_posix())
    return names


def _elsewhere(url: str | None) -> Mapping[str, sa.MetaData]:
    """Return what of a store is in the database at `url`, by the file that it has else."""
    if not url:
        return {}
    return SHARED if is_server(url) else {CATALOG: SHARED[CATALOG]}


def _checked_stats(file: Path) -> Stats:
    """Return the figures of the catalog in a file, once every record has been looked at."""
    with closing(Catalog(sqlite_url(file))) as catalog:
        for _ in catalog.every_paper():
            pass
        return Stats.of(catalog)


def _generation(folder: Path, *, url: str | None) -> int:
    with closing(open_catalog(folder, url=url)) as catalog:
        return catalog.generation


def _make_latest(file: Path, folder: Path, *, url: str | None) -> None:
    """Let the catalog in a file be a change that comes after all that there were in its place.

    It takes over the identity, too: where it comes to a new place, the store it was a copy of may
    live on beside it.
    """
    before, identity = 0, ""
    if store_exists(folder, url=url):
        try:
            with closing(open_catalog(folder, url=url)) as replaced:
                before, identity = replaced.generation, replaced.identity
        except StoreError:
            # Damaged, which may be why it is replaced.
            if url:
                raise
    with closing(Catalog(sqlite_url(file))) as catalog:
        later = str(max(before, catalog.generation) + 1)
        with catalog.database.transaction() as connection:
            record_fact(connection, IDENTITY, identity or secrets.token_hex(8))
            if before:
                record_fact(connection, "generation", later)
                record_fact(connection, "horizon", later)


def _fill(url: str, file: Path, metadata: sa.MetaData) -> None:
    with (
        closing(Tables(sqlite_url(file), metadata)) as source,
        closing(Tables(url, metadata)) as target,
        source.transaction() as rows,
    ):
        target.fill(rows)


def _put(file: Path, place: Path) -> None:
    """Put a file in its place; who has a database open there goes on with what it holds now."""
    place.parent.mkdir(parents=True, exist_ok=True)
    if place.suffix == DATABASE and place.exists():
        try:
            with (
                closing(sqlite3.connect(file)) as source,
                closing(sqlite3.connect(place, timeout=10)) as target,
            ):
                source.backup(target)
            return
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError):
                raise StoreError(
                    f"{str(place)!r} cannot be replaced: {error}; stop what uses it and try again"
                ) from error
    # What a crash left beside it would be read into the new one.
    _unlink(place)
    file.replace(place)


def _unlink(place: Path) -> None:
    """Delete a file, and what SQLite keeps beside a database."""
    beside = ("", "-wal", "-shm") if place.suffix == DATABASE else ("",)
    for rest in beside:
        Path(f"{place}{rest}").unlink(missing_ok=True)


def _digest(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _require_inside(name: str) -> None:
    """Raise BadZipFile for a name that leads out of the folder."""
    if Path(name).is_absolute() or ".." in Path(name).parts or "\\" in name:
        raise BadZipFile(f"it holds {name!r}, which leads elsewhere")


@contextmanager
def _disk_errors(place: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreError(
            f"{str(place)!r} cannot be written: {error.strerror}; check the place and the space"
            " left on it"
        ) from error
