"""Listing pages: both forms they come in, and what they leave out."""

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.errors import ReadError
from store.papers import Paper
from store.readers import Record, Skipped, listing, read_papers
from store.readers.source import Source

SPACED = """
new

Get trending papers in your email inbox!

Subscribe

Daily Papers

byAK and the research community

Mar 11

First: A Title

It works. It is good.

Second Title

It works as well.
"""

GLUED = """Get trending papers in your email inbox once a day!
Get trending papers in your email inbox!
SubscribeFirst: A Title
It works. It is good.
Second Title
It works as well.
"""

LINE = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1, max_size=60
).map(str.strip)
#: A title as it may stand first on a page: not a header's word and not a day.
TITLE = LINE.filter(bool).map(lambda text: f"On {text}")
ABSTRACT = LINE.filter(bool)
ENTRIES = st.lists(st.tuples(TITLE, ABSTRACT), min_size=1, max_size=6)


def source(page: str) -> Source:
    return Source(io.BytesIO(page.encode()), where="page.txt", name="page.txt")


def read(page: str) -> list[Record]:
    return list(listing.read(source(page)))


def papers(page: str) -> list[tuple[str, str]]:
    records = read(page)
    assert all(isinstance(record, Paper) for record in records)
    return [(record.title, record.abstract) for record in records if isinstance(record, Paper)]


@pytest.mark.parametrize("page", [SPACED, GLUED], ids=["spaced", "glued"])
def test_headers_are_dropped_and_pairs_are_kept(page: str) -> None:
    assert papers(page) == [
        ("First: A Title", "It works. It is good."),
        ("Second Title", "It works as well."),
    ]


def test_a_paper_says_on_which_day_and_where_it_was_listed_and_no_year() -> None:
    first, second = read(SPACED)
    assert isinstance(first, Paper)
    assert isinstance(second, Paper)
    assert (first.listed, second.listed) == (("Mar 11",), ("Mar 11",))
    assert (first.source, first.published) == ("page.txt", None)
    # printf 'first: a title' | sha256sum
    assert first.id == "title:8ee8cee677a6"


def test_a_page_without_a_day_lists_none() -> None:
    first, _ = read(GLUED)
    assert isinstance(first, Paper)
    assert first.listed == ()


@pytest.mark.parametrize(
    "title",
    ["Marvel 3: A Game", "Augment 3", "Decoder 12", "Mayfly 1", "May", "Subscribe Now: Why"],
)
def test_a_first_title_that_resembles_a_header_is_kept_whole(title: str) -> None:
    assert papers(f"Subscribe{title}\nIt works.\n") == [(title, "It works.")]


@pytest.mark.parametrize("day", ["Jan 1", "March 11", "May 03", "Sept 30", "December 31"])
def test_days_as_pages_print_them(day: str) -> None:
    (paper,) = read(f"Subscribe\n{day}\nA Title\nIt works.\n")
    assert isinstance(paper, Paper)
    assert (paper.listed, paper.title) == ((day,), "A Title")


def test_a_last_title_without_an_abstract_is_skipped_with_its_line() -> None:
    *_, last = read(GLUED + "Third Title\n")
    assert last == Skipped("page.txt", 7, "no abstract follows the title 'Third Title'")
    assert str(last) == "page.txt:7: no abstract follows the title 'Third Title'"


def test_an_abstract_where_a_title_is_expected_is_an_error_with_its_line() -> None:
    page = f"Subscribe\n\nA Title\n\nIt works.\n\n{'x' * 321}\n"
    records = listing.read(source(page))
    assert isinstance(next(records), Paper)
    with pytest.raises(ReadError, match=r"page\.txt:7: expected a title, found 321 characters"):
        next(records)


def test_a_header_alone_holds_nothing() -> None:
    assert read("Subscribe\nDaily Papers\nMar 11\n") == []


@given(ENTRIES)
def test_what_is_written_as_a_spaced_page_is_read_back(entries: list[tuple[str, str]]) -> None:
    body = "".join(f"{title}\n\n{abstract}\n\n" for title, abstract in entries)
    page = f"new\n\nSubscribe\n\nMar 11\n\n{body}"
    assert listing.recognises(page.split("\n")[0])
    assert papers(page.replace("\n", "\r\n")) == papers(page) == entries


@given(ENTRIES)
def test_what_is_written_as_a_glued_page_is_read_back(entries: list[tuple[str, str]]) -> None:
    body = "".join(f"{title}\n{abstract}\n" for title, abstract in entries)
    assert papers(f"Get trending papers in your email inbox!\nSubscribe{body}") == entries


def test_the_four_real_pages(shared: Path) -> None:
    pages = sorted((shared / "seeds").glob("*.txt"))
    records = {page.name[:3]: list(read_papers(page)) for page in pages}
    found = [record for part in records.values() for record in part]
    assert not [record for record in found if isinstance(record, Skipped)]
    entries = [record for record in found if isinstance(record, Paper)]
    assert (len(entries), len({paper.id for paper in entries})) == (633, 559)
    days = {name: {paper.listed for paper in part} for name, part in records.items()}
    assert days == {"000": {("Mar 11",)}, "001": {()}, "002": {("Jul 31",)}, "003": {("Mar 13",)}}


def test_the_real_pages_hold_every_title_and_abstract_as_a_line(shared: Path) -> None:
    for page in (shared / "seeds").glob("*.txt"):
        lines = {line.strip() for line in page.read_text("utf-8").split("\n")}
        lines |= {line.removeprefix("Subscribe") for line in lines}
        for paper in read_papers(page):
            assert isinstance(paper, Paper)
            assert {paper.title, paper.abstract} <= lines
