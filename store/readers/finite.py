"""Finite: JSON with null in the place of NaN and Infinity, which programs write though it has none.

Without that, one number that is missing in one record would end the reading of all that follow.
"""

import re
from typing import Protocol

#: A text, which may go on in the next piece; a number that is none; what may become one there.
_PART = re.compile(
    rb'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|(?P<open>\\?\Z))'
    rb"|-?(?:NaN|Infinity)(?![\w.])(?!\Z)|(?P<begun>(?:-|[A-Za-z])[A-Za-z]{0,8}+\Z)",
    re.DOTALL,
)


class Readable(Protocol):
    """What gives bytes piece by piece."""

    def read(self, size: int = -1, /) -> bytes:
        """Return up to `size` bytes, none at the end."""
        ...


class Finite:
    """Gives the bytes of `stream`, numbers that are none as null; texts are left as they are."""

    def __init__(self, stream: Readable) -> None:
        self._stream = stream
        self._held = b""
        self._in_text = False

    def read(self, size: int = -1) -> bytes:
        """Return some bytes, none at the end."""
        while piece := self._stream.read(size):
            if finite := self._finite(piece):
                return finite
        rest, self._held = self._held, b""
        return b"null" if rest in (b"NaN", b"Infinity", b"-Infinity") else rest

    def _finite(self, piece: bytes) -> bytes:
        """Return a piece without what its end leaves open, which is held for the next one."""
        quote = b'"' if self._in_text else b""
        data = quote + self._held + piece
        self._held, self._in_text = b"", False
        return _PART.sub(self._part, data)[len(quote) :]

    def _part(self, match: re.Match[bytes]) -> bytes:
        part, begun = match[0], match["begun"]
        if begun is not None:
            self._held = part
            return b""
        if part[:1] != b'"':
            return b"null"
        if match["open"] is not None:
            self._in_text, self._held = True, match["open"]
            return part.removesuffix(b"\\") if match["open"] else part
        return part
