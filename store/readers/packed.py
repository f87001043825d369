"""Compressed sources: the documents in a .gz, .bz2, .xz, .zst or .zip."""

import bz2
import gzip
import io
import lzma
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, cast

from store.errors import AssistantError, MissingExtra, ReadError
from store.readers.record import shortened
from store.readers.spreadsheet import BOOK

#: Unpacked bytes, for each packed one, from which a source is taken for a bomb. Real text packs
#: to a third or a tenth.
RATIO = 200
#: Unpacked bytes that are never a bomb.
HARMLESS = 64 * 2**20
#: How deep packed things may lie in packed things: a .gz in a .zip is two.
DEEPEST = 3

Document = tuple[BinaryIO, str]
"""A stream of bytes that is not packed, and its place within its source, "" for all of it."""

_ZIP = b"PK\x03\x04"


def documents(stream: BinaryIO, where: Path | str) -> Iterator[Document]:
    """Yield the documents in a stream, told by its first bytes; a spreadsheet stays packed.

    The members of a .zip come in name order; a hidden one is a stream that cannot be read. Raises
    ReadError where what is packed is damaged or unpacks to absurdly much, MissingExtra where a
    library is missing.
    """
    yield from _documents(stream, where, "", 0)


def _documents(stream: BinaryIO, where: Path | str, place: str, depth: int) -> Iterator[Document]:
    counted = _Counted(stream)
    packed = io.BufferedReader(counted)
    start = packed.peek(6)
    unpack = next((unpack for mark, unpack in _UNPACKERS.items() if start.startswith(mark)), None)
    if unpack is None and not start.startswith(_ZIP):
        yield packed, place
        return
    inside = f"{where}{place}"
    if depth >= DEEPEST:
        raise ReadError(inside, None, "packed too many times over; unpack it first")
    if unpack:
        with _damage(inside):
            unpacked = _Unpacked(unpack(packed), counted, inside)
        yield from _documents(cast("BinaryIO", unpacked), where, place, depth + 1)
        return
    with _seekable(packed) as file:
        yield from _members(file, where, place, depth)


def _members(file: BinaryIO, where: Path | str, place: str, depth: int) -> Iterator[Document]:
    with _damage(f"{where}{place}"):
        archive = zipfile.ZipFile(file)
    _require_harmless(archive, f"{where}{place}")
    if BOOK in archive.namelist():
        file.seek(0)
        yield file, place
        return
    for member in sorted(archive.infolist(), key=lambda info: info.filename):
        if member.is_dir() or _is_litter(member.filename):
            continue
        inside = f"{place}/{member.filename}"
        try:
            _require_shown(member.filename, f"{where}{inside}")
            with _damage(f"{where}{inside}"):
                stream = archive.open(member)
            unpacked = cast("BinaryIO", _Unpacked(stream, None, f"{where}{inside}"))
            yield from _documents(unpacked, where, inside, depth + 1)
        except ReadError as error:
            # The other members are read all the same.
            yield cast("BinaryIO", _Failing(error)), inside


def _require_harmless(archive: zipfile.ZipFile, where: str) -> None:
    # No member can be read further than the size that it declares.
    size = sum(member.file_size for member in archive.infolist())
    packed = sum(member.compress_size for member in archive.infolist())
    if size > max(HARMLESS, RATIO * packed):
        raise _bomb(where)


class _Counted(io.RawIOBase):
    """A stream that counts the bytes read, and is left open at the end."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.count = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        piece = self._stream.read(len(buffer))
        buffer[: len(piece)] = piece
        self.count += len(piece)
        return len(piece)


class _Failing(io.RawIOBase):
    """A stream that cannot be read, for the reason given."""

    def __init__(self, error: ReadError) -> None:
        self._error = error

    def readable(self) -> bool:
        return True

    def readinto(self, _buffer: Any) -> int:
        raise self._error


class _Unpacked(io.RawIOBase):
    """What is unpacked of a stream; damage and absurd growth are ReadErrors."""

    def __init__(self, stream: Any, packed: _Counted | None, where: str) -> None:
        self._stream = stream
        self._packed = packed
        self._where = where
        self._count = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        with _damage(self._where):
            piece = self._stream.read(len(buffer))
        buffer[: len(piece)] = piece
        self._count += len(piece)
        if self._packed and self._count > max(HARMLESS, RATIO * self._packed.count):
            raise _bomb(self._where)
        return len(piece)


def _bomb(where: str) -> ReadError:
    return ReadError(where, None, f"unpacks to more than {RATIO} times its size; it is refused")


@contextmanager
def _damage(where: str) -> Iterator[None]:
    """Turn what the unpacking libraries raise, which is of many kinds, into a ReadError."""
    try:
        yield
    except AssistantError:
        raise
    except Exception as error:
        raise ReadError(
            where, None, f"cannot be unpacked: {shortened(str(error), 120)}; pack it anew"
        ) from error


@contextmanager
def _seekable(stream: BinaryIO) -> Iterator[BinaryIO]:
    """Give the stream as a file in which one can go back, as archives need."""
    with tempfile.TemporaryFile() as file:
        while piece := stream.read(2**20):
            file.write(piece)
        file.seek(0)
        yield cast("BinaryIO", file)


def _is_litter(member: str) -> bool:
    """Return whether an operating system has put a member there by itself."""
    return any(
        part == ".DS_Store" or part.startswith(("._", "__MACOSX")) for part in member.split("/")
    )


def _require_shown(member: str, inside: str) -> None:
    # Nothing is written by the name, so that "." and ".." in it do no harm.
    if any(part.startswith(".") and part.strip(".") for part in member.split("/")):
        raise ReadError(inside, None, "a hidden file; rename it to have it read")


def _zstandard(stream: BinaryIO) -> Any:
    # In the standard library from Python 3.14 on.
    try:
        from backports import zstd
    except ImportError as error:
        raise MissingExtra("formats", "backports.zstd") from error
    return zstd.ZstdFile(stream)


#: The first bytes of a packed stream -> what unpacks it.
_UNPACKERS: dict[bytes, Callable[[Any], Any]] = {
    b"\x1f\x8b": lambda stream: gzip.GzipFile(fileobj=stream),
    b"BZh": bz2.BZ2File,
    b"\xfd7zXZ\x00": lzma.LZMAFile,
    b"\x28\xb5\x2f\xfd": _zstandard,
}
