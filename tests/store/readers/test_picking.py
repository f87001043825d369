"""Picking the format of a source, and the files that a folder stands for."""

import io
from pathlib import Path

import pytest

from store.errors import ReadError
from store.papers import Paper
from store.readers import read_papers, source_files

LISTING = "Subscribe\n\nA title\n\nIt works.\n"
LINES = '{"title": "A title", "abstract": "It works."}\n'


def written(folder: Path, text: str | bytes, name: str = "papers.txt") -> Path:
    file = folder / name
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return file


@pytest.mark.parametrize("text", [LISTING, LINES], ids=["listing", "json lines"])
@pytest.mark.parametrize("blank", ["", "\n" * 30, "\ufeff", " \r\n\t\n"])
def test_the_content_tells_the_format_whatever_stands_before_it(
    tmp_path: Path, text: str, blank: str
) -> None:
    (paper,) = read_papers(written(tmp_path, blank + text))
    assert isinstance(paper, Paper)
    assert (paper.title, paper.abstract) == ("A title", "It works.")
    assert paper.source == "papers.txt"


@pytest.mark.parametrize(
    "text",
    [
        '{{"title": "{}", "abstract": "{}"}}\n',
        "@misc{{a,\n title = {{{}}},\n abstract = {{{}}}\n}}\n",
        "TY  - JOUR\nTI  - {}\nAB  - {}\nER  - \n",
        '"Title","Abstract"\n"{}","{}"\n',
        "{}\n\n{}\n\n",
    ],
)
def test_a_mark_of_files_put_together_is_no_text_but_one_in_a_text_is(text: str) -> None:
    abstract = "\ufeff" + "It works. " * 12 + "\ufeff"
    both = "".join("\ufeff" + text.format(title, abstract) for title in ("A title", "B title"))
    papers = [one for one in read_papers(io.BytesIO(both.encode())) if isinstance(one, Paper)]
    assert [one.title for one in papers] == ["A title", "B title"]
    assert {one.abstract for one in papers} == {abstract}


def test_a_stream_is_read_under_the_name_of_standard_input() -> None:
    (paper,) = read_papers(io.BytesIO(LISTING.encode()))
    assert isinstance(paper, Paper)
    assert paper.source == "standard input"


def test_a_file_name_that_is_not_text_becomes_a_source_that_is(tmp_path: Path) -> None:
    (paper,) = read_papers(written(tmp_path, LISTING, name="caf\udce9.txt"))
    assert isinstance(paper, Paper)
    assert paper.source == "caf\ufffd.txt"


def test_blank_lines_before_the_first_record_count_as_lines(tmp_path: Path) -> None:
    skipped, paper = read_papers(written(tmp_path, "\n" * 30 + "{}\n" + LINES))
    assert isinstance(paper, Paper)
    assert str(skipped) == f"{tmp_path}/papers.txt:31: no title"
    (left,) = read_papers(written(tmp_path, "\n" * 30 + "Subscribe\nA title\n"))
    assert str(left).startswith(f"{tmp_path}/papers.txt:32: no abstract follows")


@pytest.mark.parametrize("text", ["", "\n\n", " \n" * 40])
def test_an_empty_file_is_named(tmp_path: Path, text: str) -> None:
    file = written(tmp_path, text)
    with pytest.raises(ReadError, match=r"papers\.txt: this file is empty") as caught:
        list(read_papers(file))
    assert (caught.value.path, caught.value.line) == (file, None)


def test_a_file_in_no_known_format_is_named_with_its_first_line(tmp_path: Path) -> None:
    text = "\n\nDear all,\n" + LINES
    with pytest.raises(ReadError, match=r"papers\.txt:3: in no known format: 'Dear all,'; ass"):
        list(read_papers(written(tmp_path, text)))


def test_a_long_first_line_is_shortened_in_the_message(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match=f": '{'x' * 59}…'; assistant add"):
        list(read_papers(written(tmp_path, "x" * 1000)))


def test_bytes_that_are_no_text_are_named_with_their_line(tmp_path: Path) -> None:
    text = "PMID- 1\nTI  - A\nAB  - It works.\n\nPMID- 2\n"
    records = read_papers(written(tmp_path, text.encode() + b"TI  - caf\xe9\n"))
    assert isinstance(next(records), Paper)
    with pytest.raises(ReadError, match=r"papers\.txt:6: not UTF-8 text \(byte 0xe9\); save"):
        next(records)


def test_a_folder_cannot_be_read_as_a_file(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="cannot be read: Is a directory"):
        list(read_papers(tmp_path))


def test_a_folder_stands_for_its_files_in_name_order_without_hidden_ones(tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.txt", "a/.hidden.txt", ".git/config", "c.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    other = tmp_path / "c.txt"
    files = source_files([other, tmp_path])
    assert files == [other, tmp_path / "a/z.txt", tmp_path / "b.txt", other]


def test_a_hidden_folder_that_is_named_is_read(tmp_path: Path) -> None:
    hidden = tmp_path / ".papers"
    hidden.mkdir()
    (hidden / "a.txt").touch()
    assert source_files([hidden]) == [hidden / "a.txt"]


def test_a_path_that_is_not_there_and_a_folder_of_nothing_are_named(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match=r"nowhere: no such file or folder; check the path"):
        source_files([tmp_path / "nowhere"])
    with pytest.raises(ReadError, match="this folder holds no files to read; name another"):
        source_files([tmp_path])


@pytest.mark.parametrize(
    "content",
    [
        b"title,abstract\n",
        b"[]",
        b"<rss><channel></channel></rss>",
        b"Subscribe\n",
        b"FN X\nVR 1.0\nEF\n",
        b"@comment{nothing}\n",
        # An archive without members.
        b"PK\x03\x04" + bytes(26) + b"PK\x05\x06" + bytes(18),
    ],
)
def test_a_source_without_records_says_so(tmp_path: Path, content: bytes) -> None:
    file = written(tmp_path, content)
    assert list(map(str, read_papers(file))) == [f"{file}: no records in it"]
    assert list(read_papers(file, may_be_empty=True)) == []


def test_abstracts_that_pubmed_lays_out_are_not_taken_for_titles_and_abstracts() -> None:
    title = f"Wetting of basalt{' and other rocks' * 8}."
    text = f"1. J Rocks. 2024 Mar;7(7):6.\n\n{title}\n\nLee A(1).\n\nIt wets.\n\nPMID: 123\n"
    with pytest.raises(ReadError, match="save them in its format PubMed"):
        list(read_papers(io.BytesIO(text.encode())))


def test_plain_text_of_the_cochrane_library_is_refused() -> None:
    record = "Record #1 of 1\nID: CN-01\nAU: Lee A\nTI: Wetting of basalt\nAB: It wets.\n"
    with pytest.raises(ReadError, match="save it as RIS or BibTeX"):
        list(read_papers(io.BytesIO(f"Cochrane Library\n\n{record}".encode())))
