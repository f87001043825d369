"""Source: the bytes of one document, read in pieces of bounded size."""

import codecs
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from store.errors import ReadError
from store.readers.lines import LONGEST_RECORD, lines_or_errors, not_text, text_lines, too_long
from store.readers.record import Origin

#: Bytes at the start of a document that its format is told by.
HEAD = 2**16

#: What helps where the bytes of papers are no text.
_REMEDY = "save the file as UTF-8, or name its encoding with assistant add --encoding"

#: How XML says its encoding.
_DECLARED = re.compile(rb"""<\?xml[^>]{1,80}\bencoding\s*=\s*["']([\w.:-]{1,40})["']""")

#: Longer marks first, since that of UTF-32 begins like that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


class Source(Origin):
    """One document as UTF-8.

    What is another encoding, by its byte order mark, by `encoding`, by what XML declares or since
    every second byte is none, is turned into UTF-8.
    """

    def __init__(
        self, stream: BinaryIO, *, where: Path | str, name: str, encoding: str | None = None
    ) -> None:
        super().__init__(where, name)
        self._since_record = 0
        raw = io.BufferedReader(_Filling(stream), HEAD)
        start = raw.peek(HEAD)
        mark, marked = _mark(start)
        raw.read(len(mark))
        given = marked or encoding or _declared(start) or _unmarked(start) or "utf-8"
        utf8 = codecs.lookup(given).name == "utf-8"
        again: io.RawIOBase = _Filling(raw) if utf8 else _Utf8(raw, given, where)
        self._bytes = io.BufferedReader(again, HEAD)

    def head(self) -> bytes:
        """Return the beginning, up to HEAD bytes, which stays to be read."""
        return self._bytes.peek(HEAD)

    def beginning(self) -> str:
        """Return the head as text, with line feeds as the ends of its lines."""
        head = self.head().decode("utf-8", "replace")
        return head.replace("\r\n", "\n").replace("\r", "\n")

    def read(self, size: int = -1) -> bytes:
        """Return `size` bytes, or those left; ReadError where a record has become too long."""
        size = LONGEST_RECORD + 1 if size < 0 else size
        piece = self._bytes.read(size)
        self._since_record += len(piece)
        if self._since_record > LONGEST_RECORD:
            raise self.too_long(None)
        return piece

    def begin_record(self) -> None:
        """Count the bytes of a record from here on."""
        self._since_record = 0

    def lines(self) -> Iterator[str]:
        """Yield the lines, ends included; see `text_lines`."""
        return text_lines(self._bytes, self.where, remedy=_REMEDY)

    def lines_or_errors(self) -> Iterator[str | ReadError]:
        """Yield the lines, and in the place of each wrong one its error."""
        return lines_or_errors(self._bytes, self.where, remedy=_REMEDY)

    def too_long(self, line: int | None) -> ReadError:
        """Return the error that a record is longer than LONGEST_RECORD."""
        return too_long(self.where, line)


class _Filling(io.RawIOBase):
    """A stream that gives all that it is asked for until its end, as a pipe does not."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        filled = 0
        while filled < len(buffer) and (piece := self._stream.read(len(buffer) - filled)):
            buffer[filled : filled + len(piece)] = piece
            filled += len(piece)
        return filled


class _Utf8(io.RawIOBase):
    """Text of another encoding as UTF-8; a wrong byte is a ReadError with its line."""

    def __init__(self, stream: BinaryIO, encoding: str, where: Path | str) -> None:
        self._stream = stream
        self._encoding = encoding
        self._decoder = codecs.getincrementaldecoder(encoding)()
        self._where = where
        # Line ends are one of these, or both together.
        self._feeds = self._returns = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        encoded = b""
        # One character may take four bytes, and a piece may hold none that is complete.
        while not encoded and len(buffer) >= 4:
            piece = self._stream.read(len(buffer) // 4)
            try:
                text = self._decoder.decode(piece, final=not piece)
                encoded = text.encode("utf-8")
            except UnicodeError as error:
                before = ""
                if isinstance(error, UnicodeDecodeError):
                    before = error.object[: error.start].decode(self._encoding, "replace")
                self._count(before)
                line = 1 + max(self._feeds, self._returns)
                raise not_text(self._where, line, self._encoding, error, _REMEDY) from error
            self._count(text)
            if not piece:
                break
        buffer[: len(encoded)] = encoded
        return len(encoded)

    def _count(self, text: str) -> None:
        self._feeds += text.count("\n")
        self._returns += text.count("\r")


def _mark(start: bytes) -> tuple[bytes, str | None]:
    """Return the byte order mark that stands first, and the encoding that it marks."""
    return next(((mark, name) for mark, name in _MARKS if start.startswith(mark)), (b"", None))


def _declared(start: bytes) -> str | None:
    """Return the encoding that XML says it is in, unless it cannot be, since that was read."""
    match = _DECLARED.match(start)
    name = match[1].decode() if match else ""
    try:
        return name if name and "<".encode(name) == b"<" else None
    except (LookupError, ValueError):
        return None


def _unmarked(start: bytes) -> str | None:
    """Return which UTF-16 bytes are in that have no mark: in English half of them are zero."""
    first, second = start[:64:2].count(0), start[1:64:2].count(0)
    if not (first or second):
        return None
    enough = len(start[:64]) // 4
    return (
        "utf-16-le" if second > enough > first else "utf-16-be" if first > enough > second else None
    )
