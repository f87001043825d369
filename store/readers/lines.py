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


def text_lines(stream: BinaryIO, where: Path | str) -> Iterator[str]:
    """Yield the lines of UTF-8 text, ends included.

    A line ends with a line feed and with nothing else. Raises ReadError, with the line, where the
    bytes are not UTF-8 or the line is longer than LONGEST_RECORD.
    """
    number = 0
    while raw := stream.readline(LONGEST_RECORD + 1):
        number += 1
        if len(raw) > LONGEST_RECORD:
            raise too_long(where, number)
        try:
            yield raw.decode("utf-8")
        except UnicodeDecodeError as error:
            raise not_text(where, number, "utf-8", error) from error


def too_long(where: Path | str, line: int | None) -> ReadError:
    """Return the error that a record is longer than LONGEST_RECORD."""
    limit = f"{LONGEST_RECORD // 2**20} MB"
    return ReadError(
        where, line, f"a record of more than {limit} is no abstract; is this a list of papers?"
    )


def not_text(where: Path | str, line: int, encoding: str, error: UnicodeError) -> ReadError:
    """Return the error that the bytes of a line are no text in this encoding."""
    wrong = ""
    if isinstance(error, UnicodeDecodeError):
        wrong = f" (byte {error.object[error.start]:#04x})"
    reason = f"not {encoding.upper()} text{wrong}; save the file as UTF-8"
    return ReadError(where, line, reason)
