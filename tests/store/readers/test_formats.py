"""Each format: how it is recognised, and what of a record becomes what of a paper."""

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from store.errors import ReadError
from store.papers import Paper
from store.readers import Record, Skipped

Read = Callable[..., list[Record]]
ReadOne = Callable[..., Paper]

SAMPLES = Path(__file__).parent / "samples"
#: The abstract of the made-up paper "Wetting of Basalt", as most of the samples have it.
ABSTRACT = "Basalt wets slowly: $r^2$ of 0.9 & <i>rising</i>. We show why."
TWO = ("Ann Lee", "Bo van Ray")


def sample(name: str) -> str:
    return (SAMPLES / name).read_text("utf-8")


EXPECTED: dict[str, tuple[str, dict[str, Any]]] = {
    "daily papers": (
        sample("daily_papers.json"),
        {
            "id": "arxiv:2403.05530",
            "abstract": ABSTRACT,
            "authors": TWO,
            "published": "2024-03-08",
        },
    ),
    "arXiv metadata": (
        sample("arxiv_metadata.jsonl"),
        {
            "id": "arxiv:2403.05530",
            "abstract": f"  {ABSTRACT}\n",
            "authors": TWO,
            "published": "2024-03-08",
            "venue": "J. Rocks 3 (2024)",
            "categories": ("cs.CL", "physics.geo-ph"),
        },
    ),
    "OpenAlex": (
        sample("openalex.json"),
        {
            "id": "doi:10.1000/rocks.3",
            "abstract": "Basalt wets and wets",
            "authors": TWO,
            "published": "2024-03-08",
            "venue": "Journal of Rocks",
            "url": "https://doi.org/10.1000/Rocks.3",
        },
    ),
    "Semantic Scholar": (
        sample("semantic_scholar.json"),
        {
            "id": "arxiv:2403.05530",
            "authors": ("Ann Lee",),
            "published": "2024-03-08",
            "venue": "Journal of Rocks",
        },
    ),
    "CSL-JSON": (
        sample("csl.json"),
        {
            "id": "doi:10.1000/rocks.3",
            "authors": ("Ann Lee", "The Rock Group"),
            "published": "2024-03-08",
            "venue": "Journal of Rocks",
            "categories": ("rocks", "water"),
        },
    ),
    "Zotero JSON": (
        sample("zotero.json"),
        {
            "id": "doi:10.1000/rocks.3",
            "authors": ("Ann Lee",),
            "published": "2024-03-08",
            "venue": "Journal of Rocks",
            "categories": ("rocks",),
        },
    ),
    "arXiv Atom": (
        sample("arxiv_atom.xml"),
        {
            "id": "arxiv:2403.05530",
            "abstract": "  Basalt wets slowly: $r^2$ of 0.9 & <i>rising</i>.\nWe show why.\n",
            "authors": TWO,
            "published": "2024-03-08",
            "venue": "J. Rocks 3",
            "url": "http://arxiv.org/abs/2403.05530v2",
            "categories": ("cs.CL", "physics.geo-ph"),
        },
    ),
    "arXiv RSS": (
        sample("arxiv_rss.xml"),
        {
            "id": "arxiv:2403.05530",
            "abstract": "Basalt wets slowly.",
            "authors": TWO,
            # That is the day of its second version.
            "published": None,
            "categories": ("cs.CL",),
        },
    ),
    "PubMed XML": (
        sample("pubmed.xml"),
        {
            "id": "doi:10.1000/rocks.3",
            "title": "Wetting of Basalt.",
            "abstract": "AIM: To wet H2O. RESULTS: It wets < 5%.",
            "authors": ("Ann Lee", "The Rock Group"),
            "published": "2024-03-08",
            "venue": "Journal of Rocks",
            "url": "https://pubmed.ncbi.nlm.nih.gov/123/",
            "categories": ("Rocks",),
        },
    ),
    "nbib": (
        sample("pubmed.nbib"),
        {
            "id": "doi:10.1000/rocks.3",
            "title": "Wetting of Basalt.",
            "abstract": "AIM: To wet H2O. RESULTS: It wets < 5%.",
            "authors": TWO,
            "published": "2024-03-08",
            "venue": "Journal of Rocks",
            "categories": ("Rocks",),
        },
    ),
    "RIS": (
        sample("papers.ris"),
        {
            "id": "doi:10.1000/rocks.3",
            "abstract": ABSTRACT,
            "authors": TWO,
            "published": "2024-03-08",
            "venue": "Journal of Rocks",
            "url": "https://example.org/x",
            "categories": ("rocks", "water"),
        },
    ),
    "BibTeX": (
        sample("papers.bib"),
        {
            "id": "doi:10.1000/rocks.3",
            "title": "Wetting of Basalt: 50% of $O(n^2)$ cafés",
            "abstract": r"Basalt wets {``}slowly{''}: 50\% of it. \textit{Rising}.",
            "authors": TWO,
            "published": "2024-03",
            "venue": "Journal of Rocks and Water",
        },
    ),
    "CSV": (
        sample("papers.csv"),
        {
            "id": "doi:10.1000/rocks.3",
            "abstract": 'Basalt wets "slowly".\nWe show why.',
            "authors": TWO,
            "published": "2024",
            "venue": "Journal of Rocks",
        },
    ),
}


@pytest.mark.parametrize("form", EXPECTED)
def test_the_record_of_each_format(paper: ReadOne, form: str) -> None:
    text, expected = EXPECTED[form]
    found = paper(text)
    assert {name: getattr(found, name) for name in expected} == expected
    assert found.title.startswith("Wetting of Basalt")
    assert found.source == "papers"


@pytest.mark.parametrize("form", EXPECTED)
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32-be"])
def test_a_byte_order_mark_tells_the_encoding(paper: ReadOne, form: str, encoding: str) -> None:
    text = EXPECTED[form][0]
    mark = "\ufeff" if encoding == "utf-32-be" else ""
    assert paper((mark + text).encode(encoding)) == paper(text)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_is_told_without_a_mark(paper: ReadOne, encoding: str) -> None:
    text = sample("papers.csv").replace("slowly", "slöwly")
    assert paper(text.encode(encoding)) == paper(text)


@pytest.mark.parametrize("form", EXPECTED)
@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_line_ends_of_other_systems_change_only_line_ends(
    paper: ReadOne, form: str, end: str
) -> None:
    text = EXPECTED[form][0]
    found, usual = paper(text.replace("\n", end)), paper(text)
    assert found.abstract.replace(end, "\n") == usual.abstract
    assert found.model_copy(update={"abstract": usual.abstract}) == usual


@pytest.mark.parametrize(
    ("name", "aliases", "version"),
    [
        ("arxiv_metadata.jsonl", ("doi:10.1000/rocks.3",), 2),
        ("arxiv_atom.xml", ("doi:10.1000/rocks.3",), 2),
        ("arxiv_rss.xml", (), 2),
        ("semantic_scholar.json", ("doi:10.1000/rocks.3", "pmid:123"), None),
        ("openalex.json", ("pmid:123",), None),
        ("pubmed.xml", ("pmid:123",), None),
        ("pubmed.nbib", ("pmid:123",), None),
        ("csl.json", ("pmid:123",), None),
        ("zotero.json", (), None),
    ],
)
def test_the_other_identifiers_and_the_version(
    paper: ReadOne, name: str, aliases: tuple[str, ...], version: int | None
) -> None:
    found = paper(sample(name))
    assert (found.aliases, found.arxiv_version) == (aliases, version)
    assert not found.withdrawn


@pytest.mark.parametrize(
    ("name", "said", "instead"),
    [
        ("arxiv_metadata.jsonl", "9 pages", "This paper has been withdrawn by the authors"),
        ("arxiv_atom.xml", "  Basalt wets slowly", "This paper was withdrawn"),
        ("pubmed.xml", "Journal Article", "Retracted Publication"),
        ("pubmed.nbib", "Journal Article", "Retracted Publication"),
        ("openalex.json", '"is_retracted": false', '"is_retracted": true'),
        ("papers.csv", "Wetting of", "WITHDRAWN: Wetting of"),
        ("papers.ris", "Wetting of", "[Retracted] : Wetting of"),
    ],
)
def test_a_withdrawn_paper_is_marked(paper: ReadOne, name: str, said: str, instead: str) -> None:
    assert paper(sample(name).replace(said, instead)).withdrawn


WITHDRAWN = {
    "  (withdrawn)\n": True,
    "Withdrawn due to an error in Lemma 2.": True,
    "The paper is withdrawn.": True,
    "Withdrawn patients were asked again.": False,
    "We study why this paper has been withdrawn.": False,
}
COMMENTS = {
    "9 pages; this paper has been withdrawn by the author": True,
    "Withdrawn": True,
    "Withdrawn from a workshop": False,
    "9 pages. It supersedes arXiv:2401.00001, which has been withdrawn": False,
}


def test_a_word_of_withdrawing_does_not_mark_a_paper(read: Read) -> None:
    lines = [{"abstract": text} for text in WITHDRAWN]
    lines += [{"abstract": "It works.", "comments": text} for text in COMMENTS]
    found = read("\n".join(json.dumps({"title": "A", **line}) for line in lines))
    said = [isinstance(one, Paper) and one.withdrawn for one in found]
    assert said == [*WITHDRAWN.values(), *COMMENTS.values()]


def test_what_says_that_a_paper_is_retracted(read: Read) -> None:
    so = [True, 1, 1.0, "True", "1", "1.0", "yes", " Y "]
    values = [*so, False, 0, 0.0, "false", "no", "0", "", None, 2, [], {}]
    lines = [{"title": "A", "abstract": "It works.", "is_retracted": value} for value in values]
    found = read("\n".join(map(json.dumps, lines)))
    assert [isinstance(one, Paper) and one.withdrawn for one in found] == [True] * 8 + [False] * 11


def test_an_oai_harvest_and_its_deleted_record(read: Read) -> None:
    paper, deleted = read(sample("arxiv_oai.xml"))
    assert isinstance(paper, Paper)
    assert (paper.id, paper.authors) == ("arxiv:2403.05530", TWO)
    assert (paper.abstract, paper.venue) == ("  Basalt wets slowly.\n", "J. Rocks 3")
    assert str(deleted) == "papers:13: marked as deleted"


def test_plain_text_of_two_papers(read: Read) -> None:
    first, second = read(sample("plain.txt"))
    assert isinstance(first, Paper)
    assert isinstance(second, Paper)
    assert (first.title, second.title) == ("Wetting of Basalt", "Drying of Chalk")
    assert first.abstract.startswith("Basalt wets slowly, and nobody")
    assert first.abstract.endswith(
        "measurements. We show that it is the pores: water fills them one by one."
    )
    assert "careful\nmeasurements" in first.abstract


@pytest.mark.parametrize(
    ("text", "reports"),
    [
        ("[" + "{}, 5" + "]", ["papers: record 1: no title", "papers: record 2: expected a JSON"]),
        (
            sample("papers.ris").replace("AB  - ", "XX  - ") + sample("papers.ris"),
            ["papers:1: no abstract"],
        ),
        (
            sample("pubmed.nbib").replace("TI  - ", "XX  - ") + sample("pubmed.nbib"),
            ["papers:2: no title"],
        ),
        (
            "@article{a, title={A}, abstract = {not closed\n@misc{b,\ntitle={B}}\n",
            ["papers:1: an entry that is not closed", "papers:2: no abstract"],
        ),
        ("title\tabstract\nA\tIt works.\n\nB\n", ["papers:4: no abstract"]),
        (
            sample("pubmed.xml")
            .replace("<Abstract>", "<Other>")
            .replace("</Abstract>", "</Other>"),
            ["papers:5: no abstract"],
        ),
        (
            sample("plain.txt") + "\nA letter\n\nDear all,\n",
            ["papers:12: no abstract of 120 characters"],
        ),
    ],
    ids=["json", "ris", "nbib", "bibtex", "tsv", "pubmed", "plain"],
)
def test_a_record_that_holds_no_paper_is_skipped_with_its_place(
    read: Read, text: str, reports: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    found = [str(record) for record in read(text) if isinstance(record, Skipped)]
    assert len(found) == len(reports)
    assert all(map(str.startswith, found, reports)), found
    # No library says something of its own besides.
    assert not caplog.messages


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (sample("arxiv_atom.xml")[:-40], "papers:20: not XML: "),
        (sample("daily_papers.json")[:-1], "papers: not JSON after record 1: "),
        ("<html><body>No</body></html>", "papers:1: XML of an unknown kind, <html>; known is"),
        ("%PDF-1.7 \n", "papers: this is a PDF; papers are added as records"),
        ("\x7fELF\0\0\0", "papers: this is no text; name a file of papers' records"),
    ],
)
def test_what_is_damaged_or_of_another_kind_is_named(read: Read, text: str, reason: str) -> None:
    with pytest.raises(ReadError) as caught:
        read(text)
    assert str(caught.value).startswith(reason)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("a.csv", "name,text\nA,B\n", "a.csv:1: no column is named title, among 'name', 'text'"),
        ("a.tsv", "title,notes\nA,B\n", "a.tsv:1: no column is named abstract, among 'title', "),
    ],
)
def test_a_table_without_the_columns_names_those_it_has(
    read: Read, name: str, text: str, reason: str
) -> None:
    with pytest.raises(ReadError) as caught:
        read(text, name=name)
    assert str(caught.value).startswith(reason)


def test_the_name_tells_the_format_where_the_content_does_not(read: Read) -> None:
    (paper,) = read("Exported by hand\n" + sample("papers.ris"), name="papers.ris")
    assert isinstance(paper, Paper)
    (paper,) = read("Exported by hand\n" + sample("papers.bib"), name="papers.bib")
    assert isinstance(paper, Paper)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_columns_are_told_by_what_their_names_hold(paper: ReadOne, delimiter: str) -> None:
    rows = [["Paper title (English)", "Journal title", "The abstract"], ["A", "B", "It works."]]
    found = paper("\n".join(delimiter.join(row) for row in rows))
    assert (found.title, found.abstract) == ("A", "It works.")


def test_one_object_of_several_lines_is_one_paper(paper: ReadOne) -> None:
    record = {"title": "A", "abstract": "It works."}
    assert paper(json.dumps(record, indent=2)).title == "A"


def test_objects_of_several_lines_may_follow_each_other(read: Read) -> None:
    texts = [json.dumps({"title": title, "abstract": "It works."}, indent=2) for title in "ABC"]
    assert [one.title for one in read("\n".join(texts)) if isinstance(one, Paper)] == [*"ABC"]


def test_a_spreadsheet(read: Read) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    from datetime import datetime

    book = openpyxl.Workbook()
    for row in (
        [None, None, None],
        ["Title", "Abstract", "Date", "DOI"],
        ["Wetting of Basalt", "Basalt wets.", datetime(2024, 3, 8), "10.1000/Rocks.3"],
        [None, None],
        ["No abstract"],
    ):
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    paper, skipped = read(file.getvalue(), name="papers.xlsx")
    assert isinstance(paper, Paper)
    assert (paper.id, paper.published) == ("doi:10.1000/rocks.3", "2024-03-08")
    assert str(skipped) == "papers.xlsx: row 5: no abstract"
    with pytest.raises(ReadError, match=r"papers\.xlsx: (cannot be unpacked|not a whole)"):
        read(file.getvalue()[:-300], name="papers.xlsx")


def test_every_sheet_of_a_spreadsheet_is_read(read: Read) -> None:
    openpyxl = pytest.importorskip("openpyxl")

    book = openpyxl.Workbook()
    book.active.title = "About"
    book.active.append(["Collected in May"])
    for name in ("Rocks", "Birds"):
        sheet = book.create_sheet(name)
        sheet.append(["Title", "Abstract"])
        sheet.append([f"On {name}", "It is known."])
        sheet.append([f"More {name}"])
    file = io.BytesIO()
    book.save(file)
    rocks, _, birds, skipped, about = read(file.getvalue(), name="papers.xlsx")
    assert [one.title for one in (rocks, birds)] == ["On Rocks", "On Birds"]
    assert rocks.source == "papers.xlsx"
    assert str(skipped) == "papers.xlsx[Birds]: row 3: no abstract"
    assert str(about).startswith("papers.xlsx[About]: row 1: no column is named abstract, among")
    for name in ("Rocks", "Birds"):
        del book[name]
    file = io.BytesIO()
    book.save(file)
    with pytest.raises(ReadError, match=r"papers\.xlsx:1: no column is named abstract"):
        read(file.getvalue(), name="papers.xlsx")
