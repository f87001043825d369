"""The lines of a source, decoded one by one so that a wrong byte is reported with its line."""

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from store.errors import ReadError


def text_lines(stream: BinaryIO, where: Path | str) -> Iterator[str]:
    """Yield the lines of UTF-8 text, ends included, without a byte order mark.

    Raises ReadError, with the line, where the bytes are not UTF-8.
    """
    for number, raw in enumerate(stream, 1):
        try:
            yield raw.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError as error:
            reason = f"not UTF-8 text (byte {raw[error.start]:#04x}); save the file as UTF-8"
            raise ReadError(where, number, reason) from error
