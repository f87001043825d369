"""Compressed sources: what is in them, damage, and what would unpack to absurdly much."""

import bz2
import gzip
import io
import lzma
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from store.errors import ReadError
from store.papers import Paper
from store.readers import Record, Skipped, packed, read_papers

Read = Callable[..., list[Record]]
LINE = '{"title": "A title", "abstract": "It works."}\n'


def zstd(raw: bytes) -> bytes:
    return pytest.importorskip("backports.zstd").compress(raw)


def zipped(**members: bytes | str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


PACK = {"gz": gzip.compress, "bz2": bz2.compress, "xz": lzma.compress, "zst": zstd}


@pytest.mark.parametrize("kind", PACK)
def test_one_packed_document_is_read_like_itself(read: Read, kind: str) -> None:
    pack = PACK[kind]
    assert read(pack(LINE.encode())) == read(LINE)
    # Two parts one after the other, as `cat a.gz b.gz` makes them.
    assert len(read(pack(LINE.encode()) + pack(LINE.encode()))) == 2


@pytest.mark.parametrize("kind", PACK)
def test_a_cut_off_document_is_named_and_what_stands_before_is_read(kind: str) -> None:
    raw = PACK[kind](
        b"".join(b'{"title": "%x", "abstract": "It works."}\n' % (n**99) for n in range(2000))
    )
    records = read_papers(io.BytesIO(raw[: len(raw) * 3 // 4]), name="papers")
    read = 0
    with pytest.raises(ReadError, match=r"^papers: cannot be unpacked: .*; pack it anew$"):
        for _ in records:
            read += 1
    assert kind == "bz2" or read > 0


def test_the_members_of_an_archive_are_read_in_name_order(read: Read) -> None:
    inner = zipped(b=LINE, c=gzip.compress(LINE.encode()))
    raw = zipped(**{"z.txt": "Dear all,", "d/a.jsonl": LINE, "e.zip": inner})
    first, second, third, last = read(raw, name="papers.zip")
    assert isinstance(first, Paper)
    assert first.source == "papers.zip/d/a.jsonl"
    assert isinstance(second, Paper)
    assert second.source == "papers.zip/e.zip/b"
    assert isinstance(third, Paper)
    assert third.source == "papers.zip/e.zip/c"
    assert isinstance(last, Skipped)
    assert str(last).startswith("papers.zip/z.txt:1: in no known format: 'Dear all,'")


def test_hidden_members_are_reported_and_an_operating_systems_own_are_not(read: Read) -> None:
    names = ["../a", "./b", "c/../d", ".hidden", "e/.git/f"]
    litter = [".DS_Store", "g/._h", "__MACOSX/i"]
    members: dict[str, bytes | str] = dict.fromkeys([*names, *litter], LINE)
    up, here, hidden, across, inner = read(zipped(**members), name="papers.zip")
    shown = [record.source for record in (up, here, across) if isinstance(record, Paper)]
    assert shown == ["papers.zip/../a", "papers.zip/./b", "papers.zip/c/../d"]
    reason = "a hidden file; rename it to have it read"
    assert [str(hidden), str(inner)] == [
        f"papers.zip/.hidden: {reason}",
        f"papers.zip/e/.git/f: {reason}",
    ]


def test_a_damaged_member_does_not_stop_the_others(read: Read) -> None:
    raw = bytearray(zipped(**{"a.jsonl": LINE * 9, "b.jsonl": LINE}))
    raw[raw.index(b"a.jsonl") + 12] ^= 0xFF
    damaged, paper = read(bytes(raw), name="papers.zip")
    assert str(damaged).startswith("papers.zip/a.jsonl: cannot be unpacked: ")
    assert isinstance(paper, Paper)


@pytest.mark.parametrize("kind", ["gz", "bz2", "xz", "zst", "zip"])
def test_what_unpacks_to_absurdly_much_is_refused(read: Read, kind: str) -> None:
    blank = (b" " * 2**20 + b"\n") * (packed.HARMLESS // 2**20 + 1)
    bomb = LINE.encode() + blank
    raw = zipped(a=bomb) if kind == "zip" else PACK[kind](bomb)
    with pytest.raises(ReadError, match="papers: unpacks to more than 200 times its size; it is"):
        read(raw)


def test_things_packed_over_and_over_are_refused(read: Read) -> None:
    raw = LINE.encode()
    for _ in range(packed.DEEPEST):
        raw = gzip.compress(raw)
    assert len(read(raw)) == 1
    with pytest.raises(ReadError, match="papers: packed too many times over; unpack it first"):
        read(gzip.compress(raw))


def test_a_file_by_its_path(tmp_path: Path) -> None:
    file = tmp_path / "papers.jsonl.gz"
    file.write_bytes(gzip.compress(LINE.encode() + b"{}\n"))
    paper, skipped = read_papers(file)
    assert isinstance(paper, Paper)
    assert paper.source == "papers.jsonl.gz"
    assert str(skipped) == f"{file}:2: no title"
