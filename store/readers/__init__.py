"""Sources of papers: one module a format; `read_papers` picks by content, then by name."""

import os
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from store.errors import ReadError
from store.readers import json_lines, listing
from store.readers.lines import text_lines
from store.readers.record import Record, Skipped

__all__ = ["Record", "Skipped", "read_papers", "source_files"]


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


def read_papers(source: Path | BinaryIO, *, name: str | None = None) -> Iterator[Record]:
    """Yield a Paper, or a Skipped with its line and reason, for each record of `source`.

    `name` is what reports call the source; a path's own name by default. Raises ReadError, with
    the line, where the source is not UTF-8 text or is in no known format.
    """
    label = name or (source.name if isinstance(source, Path) else "standard input")
    # A file's name may hold bytes that are not UTF-8; a paper's source may not.
    label = os.fsencode(label).decode("utf-8", "replace")
    if isinstance(source, Path):
        try:
            with source.open("rb") as stream:
                yield from _read(text_lines(stream, source), where=source, source=label)
        except OSError as error:
            raise ReadError(source, None, f"cannot be read: {error.strerror}") from error
    else:
        yield from _read(text_lines(source, label), where=label, source=label)


def _read(lines: Iterator[str], *, where: Path | str, source: str) -> Iterator[Record]:
    blank = 0
    first = next(lines, "")
    while first and not first.strip():
        blank += 1
        first = next(lines, "")
    if not first:
        raise ReadError(where, None, "this file is empty; nothing was read from it")
    # The blank lines count: reports name lines by number.
    every = chain([""] * blank, [first], lines)
    if json_lines.recognises(first):
        yield from json_lines.read(every, where=where, source=source)
    elif listing.recognises(first):
        yield from listing.read(every, where=where, source=source)
    else:
        raise ReadError(
            where,
            blank + 1,
            f"neither JSON lines nor a daily-papers listing: {_shortened(first)!r}; "
            'give one paper a line, {"title": ..., "abstract": ...}',
        )


def _shortened(line: str, width: int = 60) -> str:
    text = line.strip()
    return text if len(text) <= width else text[: width - 1] + "…"


def _hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)
