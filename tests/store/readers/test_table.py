"""Tables as databases and programs really export them."""

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest

from store.errors import ReadError
from store.papers import Paper
from store.readers import Record

Read = Callable[..., list[Record]]
ReadOne = Callable[..., Paper]

SCOPUS = """\ufeff"Authors","Author full names","Title","Year","Source title","Link","Abstract",\
"Author Keywords","PubMed ID"
"Lee A.; Ray B.","Lee, Ann (571); van Ray, Bo (57)","A","2024","J","https://x.org","It wets.",\
"rocks; water","123"
"","","B","2024","J","","[No abstract available]","",""
"""
DIMENSIONS = """"About the data: Exported on Mar 8, 2024. Criteria: abstract, and title"
Rank,Publication ID,DOI,ArXiv ID,Title,Abstract,Source title,Publication date,PubYear,Authors
500,pub.1,10.1000/X,2403.05530,A,It wets.,J,2024-03-08,2024,"Lee, Ann; van Ray, Bo"
"""
WEB_OF_SCIENCE = (
    "\ufeffPT\tAU\tAF\tTI\tSO\tAB\tPY\tPD\tPM\tDE\n"
    'J\tLee, A\tLee, Ann; van Ray, Bo\tA\tJ\t"It" wets.\t2024\tMAR 8\t123\trocks; water\n'
)


def test_scopus(read: Read) -> None:
    paper, skipped = read(SCOPUS)
    assert isinstance(paper, Paper)
    assert (paper.id, paper.abstract, paper.venue) == ("pmid:123", "It wets.", "J")
    assert (paper.authors, paper.categories) == (("Ann Lee", "Bo van Ray"), ("rocks", "water"))
    assert str(skipped) == "papers:3: no abstract"


def test_dimensions_says_what_it_is_before_the_columns(paper: ReadOne) -> None:
    found = paper(DIMENSIONS)
    assert (found.id, found.aliases) == ("arxiv:2403.05530", ("doi:10.1000/x",))
    assert (found.title, found.abstract, found.venue) == ("A", "It wets.", "J")
    assert (found.authors, found.published) == (("Ann Lee", "Bo van Ray"), "2024-03-08")


def test_web_of_science_names_columns_by_its_tags_and_quotes_nothing(paper: ReadOne) -> None:
    found = paper(WEB_OF_SCIENCE)
    assert (found.id, found.title, found.abstract) == ("pmid:123", "A", '"It" wets.')
    assert (found.authors, found.published) == (("Ann Lee", "Bo van Ray"), "2024-03-08")
    assert (found.venue, found.categories) == ("J", ("rocks", "water"))


@pytest.mark.parametrize(
    "text",
    [
        'Title;Abstract;"Notes, all"\nA;It wets, slowly.;"x, y"\n',
        "sep=;\nTitle;Abstract\nA;It wets, slowly.\n",
        "Found in May\n\n;;\nTitle;Abstract;Year\nA;It wets, slowly.;2024\n",
        "Title\tAbstract\nA\tIt wets, slowly.\n".encode("utf-16"),
    ],
)
def test_the_delimiter_and_the_row_of_names_are_found(paper: ReadOne, text: str | bytes) -> None:
    assert (paper(text).title, paper(text).abstract) == ("A", "It wets, slowly.")


def test_tables_put_together_are_one(read: Read) -> None:
    papers = read("\ufeffTitle,Abstract\nA,It wets.\n\ufeffTitle,Abstract\nB,It dries.\n")
    assert [one.title for one in papers if isinstance(one, Paper)] == ["A", "B"]
    assert len(papers) == 2


def test_a_row_that_cannot_be_told_apart_is_skipped_rather_than_cut(read: Read) -> None:
    text = (
        "Title,Abstract\nA,It wets, slowly.\nB,It dries.,,\n"
        'C,"It" melts.\nD,"It ""wets""\nat last."\n'
    )
    longer, short, quoted, several = read(text)
    assert str(longer).startswith("papers:2: 3 cells under 2 names of columns; quote such")
    assert str(quoted) == "papers:4: not CSV: a quote within a quoted cell; write it twice"
    assert [one.abstract for one in (short, several) if isinstance(one, Paper)] == [
        "It dries.",
        'It "wets"\nat last.',
    ]


def test_a_quote_that_is_never_closed_is_told_where_it_opens(read: Read) -> None:
    paper, skipped = read('Title,Abstract\nA,It wets.\nB,"It dries.\nC,It melts.\n')
    assert isinstance(paper, Paper)
    assert str(skipped).startswith("papers:3: not CSV: a quote opens here that is never closed")


@pytest.mark.parametrize("delimiter", [",", "\t"])
def test_lines_that_end_with_a_carriage_return_alone(read: Read, delimiter: str) -> None:
    rows = ("Title,Abstract", "A,It wets.", 'B,"It\rdries."', "", "C")
    text = "\r".join(rows).replace(",", delimiter)
    first, second, skipped = read(text)
    assert [one.abstract for one in (first, second) if isinstance(one, Paper)] == [
        "It wets.",
        "It\rdries.",
    ]
    assert str(skipped) == "papers:6: no abstract"


@pytest.mark.parametrize("cell", ['"It" wets.', '"It wets.', '"It", it says, "wets".'])
def test_quotes_of_a_table_that_does_not_use_them_are_text(read: Read, cell: str) -> None:
    papers = read(f"Title\tAbstract\nA\t{cell}\nB\tIt dries.\n")
    assert [one.abstract for one in papers if isinstance(one, Paper)] == [cell, "It dries."]


def changed(book: Any, old: bytes, new: bytes, *, size: int = 0) -> bytes:
    """Return a workbook's file with other bytes in it, whose members are of a `size` untruly."""
    file, other = io.BytesIO(), io.BytesIO()
    book.save(file)
    with zipfile.ZipFile(file) as whole, zipfile.ZipFile(other, "w") as written:
        for name in whole.namelist():
            written.writestr(name, whole.read(name).replace(old, new))
        for member in written.infolist() if size else ():
            member.file_size = member.compress_size = size
    return other.getvalue()


def test_a_spreadsheet_with_a_title_above_its_columns_and_a_wrong_size(read: Read) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for row in (
        ["Found in May"],
        ["Title", "Abstract", "Year"],
        ["A", "It wets._x000D_\nSlowly.", 2024.0],
        ["B", "#N/A"],
    ):
        book.active.append(row)
    # As some exports do, it declares a single cell.
    paper, skipped = read(changed(book, b'ref="A1:C4"', b'ref="A1"'), name="a.xlsx")
    assert isinstance(paper, Paper)
    assert (paper.abstract, paper.published) == ("It wets.\r\nSlowly.", "2024")
    assert str(skipped) == "a.xlsx: row 4: no abstract"


def test_a_spreadsheet_knows_the_limits_of_other_formats(read: Read) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for row in (["Title", "Abstract"], ["A", "_long_"], ["B", "It dries."]):
        book.active.append(row)
    skipped, paper = read(changed(book, b"_long_", b"word " * 2**20), name="a.xlsx")
    assert str(skipped).startswith("a.xlsx: row 2: a record of more than 4 MB is no abstract")
    assert isinstance(paper, Paper)
    with pytest.raises(ReadError, match="more than 512 MB; save the sheets as CSV"):
        read(changed(book, b"", b"", size=2**30), name="a.xlsx")
    far = changed(book, b'<row r="3"', b'<row r="2000000000"')
    with pytest.raises(ReadError, match="not a whole spreadsheet: more than 2,097,152 rows are em"):
        read(far, name="a.xlsx")


def test_embase_has_venue_date_and_identifier_in_one_text_each(paper: ReadOne) -> None:
    found = paper(
        "Title,Author Names,Source,Abstract,keywords,Open URL Link\n"
        'A,"Lee A., Ray B.","Rocks (2024) 3:3 (152-160). Date of Publication: March 8, 2024",'
        'It wets.,"rock (wet, dry), human",http://sfx.org/?id=doi:10.1000%2F2-9.3&atitle=A\n'
    )
    assert (found.id, found.venue, found.published) == ("doi:10.1000/2-9.3", "Rocks", "2024-03-08")
    assert (found.source, found.categories) == ("papers", ("rock (wet, dry)", "human"))


def test_tables_of_repositories_and_of_proquest(read: Read) -> None:
    names = "dc.contributor.author[],dc.date.issued[],dc.description.abstract[en],dc.title[en]"
    first, second = [
        *read(f'{names}\n"Lee, Ann||Ray, Bo",2024-03,It wets.,A\n'),
        *read("Title,Abstract,Authors,pubdate,pubtitle\nA,It wets.,Lee Ann; Bo Ray,Mar 2024,J\n"),
    ]
    assert isinstance(first, Paper)
    assert first.title == "A"
    assert isinstance(second, Paper)
    assert (second.published, second.venue) == ("2024-03", "J")
