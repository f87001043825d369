"""Sources of papers: one module a format; `read_papers` picks by content, then by name."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePath
from typing import BinaryIO

from store.errors import ReadError
from store.readers.packed import documents
from store.readers.record import Origin, Record, Skipped
from store.readers.source import Source

__all__ = ["Record", "Skipped", "read_papers", "source_files"]

#: Why a source of a known format is Skipped as a whole.
_EMPTY = "no records in it"


def source_files(paths: Iterable[Path]) -> list[Path]:
    """Return the files that `paths` name, in order; a folder stands for the files in it.

    Folders are walked in name order; hidden files are left out. Raises ReadError for a path that
    does not exist and for a folder without files.
    """
    files: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = [
                file
                for file in sorted(path.rglob("*"))
                if file.is_file() and not _hidden(file.relative_to(path))
            ]
            if not inside:
                raise ReadError(path, None, "this folder holds no files to read; name another")
            files.extend(inside)
        elif path.exists():
            files.append(path)
        else:
            raise ReadError(path, None, "no such file or folder; check the path")
    return files


def read_papers(
    source: Path | BinaryIO,
    *,
    name: str | None = None,
    encoding: str | None = None,
    may_be_empty: bool = False,
) -> Iterator[Record]:
    """Yield a Paper, or a Skipped with its place and reason, for each record of `source`.

    `name` is what reports call the source; a path's own name by default. `encoding` is that of
    text which does not say its own; UTF-8 by default. What holds no record is Skipped as a whole,
    unless it `may_be_empty`, as the answer of a service. Raises ReadError, with the line where
    there is one, for what is damaged, is not text, or is in no known format; of an archive, only
    the member is Skipped.
    """
    label = name or (source.name if isinstance(source, Path) else "standard input")
    # A file's name may hold bytes that are not UTF-8; a paper's source may not.
    label = os.fsencode(label).decode("utf-8", "replace")
    if not isinstance(source, Path):
        yield from _read(
            source, where=label, name=label, encoding=encoding, may_be_empty=may_be_empty
        )
        return
    try:
        with source.open("rb") as stream:
            yield from _read(
                stream, where=source, name=label, encoding=encoding, may_be_empty=may_be_empty
            )
    except OSError as error:
        raise ReadError(source, None, f"cannot be read: {error.strerror}") from error


def _read(
    stream: BinaryIO, *, where: Path | str, name: str, encoding: str | None, may_be_empty: bool
) -> Iterator[Record]:
    empty = not may_be_empty
    for document, place in documents(stream, where):
        empty = False
        inside = f"{where}{place}" if place else where
        records = _read_document(document, where=inside, name=f"{name}{place}", encoding=encoding)
        try:
            yield from records if may_be_empty else _with_emptiness(records, inside)
        except ReadError as error:
            if not place:
                raise
            yield Skipped(error.path, error.line, error.reason)
    if empty:
        yield Skipped(where, None, _EMPTY)


def _with_emptiness(records: Iterator[Record], where: Path | str) -> Iterator[Record]:
    """Yield the records; where there are none, a Skipped that says so."""
    record: Record | None = None
    for record in records:
        yield record
    if record is None:
        yield Skipped(where, None, _EMPTY)


def _read_document(
    stream: BinaryIO, *, where: Path | str, name: str, encoding: str | None
) -> Iterator[Record]:
    # Most of the formats' libraries are loaded only where something is read.
    from store.readers import spreadsheet
    from store.readers.formats import format_of

    if stream.seekable() and spreadsheet.recognises(stream):
        yield from spreadsheet.read(stream, Origin(where, name))
        return
    source = Source(stream, where=where, name=name, encoding=encoding)
    yield from format_of(source, suffix=PurePath(name).suffix.casefold()).read(source)


def _hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)
