"""The lines of a source, decoded one by one so that a wrong byte is reported with its line."""

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from store.errors import ReadError

#: Bytes of one line, or of one record of several lines, at most: a thousand times an abstract.
LONGEST_RECORD = 4 * 2**20
#: The byte order mark as text. Where files were put together it stands where a record begins;
#: within a text it is part of it.
MARK = "\ufeff"
#: What helps where the bytes of a file are no text.
REMEDY = "save the file as UTF-8"
#: Bytes of a line that are read at once.
_PIECE = 2**16


def text_lines(stream: BinaryIO, where: Path | str, *, remedy: str = REMEDY) -> Iterator[str]:
    """Yield the lines of UTF-8 text, ends included, without a byte order mark at the beginning.

    A line ends with a line feed, a carriage return or both, and with nothing else. Raises
    ReadError, with the line, where the bytes are not UTF-8, which `remedy` says a way out of, or
    the line is longer than LONGEST_RECORD.
    """
    for line in lines_or_errors(stream, where, remedy=remedy):
        if isinstance(line, ReadError):
            raise line
        yield line


def lines_or_errors(
    stream: BinaryIO, where: Path | str, *, remedy: str = REMEDY
) -> Iterator[str | ReadError]:
    """Yield the lines as `text_lines` does, in the place of each wrong one its error."""
    for number, raw in enumerate(_raw_lines(stream), 1):
        if len(raw) > LONGEST_RECORD:
            yield too_long(where, number)
            continue
        try:
            line = raw.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError as error:
            yield not_text(where, number, "utf-8", error, remedy)
        else:
            yield line


def _raw_lines(stream: BinaryIO) -> Iterator[bytes]:
    """Yield the lines, ends included; one that is too long is cut off and the rest passed over."""
    line, cut = b"", False
    for part in _parts(stream):
        ended = part.endswith((b"\n", b"\r"))
        if not cut:
            line += part
            cut = len(line) > LONGEST_RECORD
            if ended or cut:
                yield line
                line = b""
        cut = cut and not ended
    if line:
        yield line


def _parts(stream: BinaryIO) -> Iterator[bytes]:
    """Yield lines in parts, of which the last one alone has the line's end."""
    while piece := stream.readline(_PIECE):
        if piece.endswith(b"\r"):
            # The line feed that belongs to it may be still to come.
            piece += stream.readline(1)
        if b"\r" in piece.rstrip(b"\r\n") or not piece.endswith(b"\n"):
            yield from piece.splitlines(keepends=True)
        else:
            yield piece


def too_long(where: Path | str, line: int | None) -> ReadError:
    """Return the error that a record is longer than LONGEST_RECORD."""
    limit = f"{LONGEST_RECORD // 2**20} MB"
    return ReadError(
        where, line, f"a record of more than {limit} is no abstract; is this a list of papers?"
    )


def not_text(
    where: Path | str, line: int, encoding: str, error: UnicodeError, remedy: str
) -> ReadError:
    """Return the error that the bytes of a line are no text in this encoding."""
    wrong = ""
    if isinstance(error, UnicodeDecodeError):
        wrong = f" (byte {error.object[error.start]:#04x})"
    return ReadError(where, line, f"not {encoding.upper()} text{wrong}; {remedy}")
