"""Lines: where they end, whatever system wrote them."""

import io
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.errors import ReadError
from store.papers import Paper
from store.readers import Record, Skipped, read_papers
from store.readers.lines import text_lines

Read = Callable[..., list[Record]]
LONG = "x" * (2**16 - 1)


def lines(text: str) -> list[str]:
    return list(text_lines(io.BytesIO(text.encode()), "papers"))


@given(st.text("ab\r\n\u2028\x0b").filter(lambda text: "\r\r\n" not in text))
def test_lines_end_as_pythons_own_do(text: str) -> None:
    assert lines(text) == list(io.StringIO(text, newline=""))
    assert lines(LONG + text) == list(io.StringIO(LONG + text, newline=""))


def test_one_line_end_may_have_a_carriage_return_too_many() -> None:
    assert lines("a\r\r\nb\r\n") == ["a\r\r\n", "b\r\n"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_within_cells_and_strings_stay(read: Read, end: str) -> None:
    rows = ("title,abstract", 'A,"It\rwets.\nSlowly.\r\nYes."', "B,It dries.")
    first, second = read(end.join(rows))
    assert isinstance(first, Paper)
    assert first.abstract == "It\rwets.\nSlowly.\r\nYes."
    assert isinstance(second, Paper)
    line = '{"title": "A", "abstract": "It\\rwets."}'
    papers = read(end.join((line, "", line)))
    assert [paper.abstract for paper in papers if isinstance(paper, Paper)] == ["It\rwets."] * 2


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_are_counted_alike(read: Read, end: str) -> None:
    good = "TY  - JOUR{0}TI  - A{0}AB  - It works.{0}ER  - {0}"
    records = read((good + good.replace("AB", "XX")).format(end))
    assert str(records[1]) == "papers:5: no abstract"
    assert isinstance(records[1], Skipped)
    stream = io.BytesIO(good.format(end).encode() + b"\xff")
    with pytest.raises(ReadError, match=r"papers:5: not ASCII text \(byte 0xff\)"):
        list(read_papers(stream, name="papers", encoding="ascii"))


@pytest.mark.parametrize(
    "text",
    [
        "% A comment\n@misc{a,\n title = {A},\n % Another\n abstract = {It works.}\n}\n"
        "@misc{b,\n title = {B},\n abstract = {It works.}\n}\n",
        "PMID- 1\nTI  - A\n      title\nAB  - It works.\n\nPMID- 2\nTI  - B\nAB  - It works.\n",
        f"A\n\n{'It works. ' * 20}\n\nB\n\n{'It works. ' * 20}\n",
        "Subscribe\nA\nIt works.\nB\nIt works.\n",
    ],
)
def test_two_records_with_carriage_returns_alone(read: Read, text: str) -> None:
    usual = [record for record in read(text) if isinstance(record, Paper)]
    assert len(usual) == 2
    assert read(text.replace("\n", "\r")) == usual
