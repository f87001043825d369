"""PubMed: the records of its XML and its nbib that are not like most."""

from collections.abc import Callable
from pathlib import Path

from store.papers import Paper
from store.readers import Record

Read = Callable[..., list[Record]]

RARE = (Path(__file__).parent / "samples/pubmed_rare.xml").read_text("utf-8")


def test_pubmeds_less_common_records(read: Read) -> None:
    loose, vernacular, chapter, book, deleted = read(RARE)
    assert isinstance(loose, Paper)
    assert (loose.title, loose.abstract) == (
        "Wetting by H2O & x in vivo.",
        "AIM: To wet < 5. It wets.",
    )
    assert (loose.authors, loose.published) == (("A Lee", "The Rock Group"), "2023-11")
    assert (loose.venue, loose.categories) == ("J Rocks", ("rocks",))
    assert isinstance(vernacular, Paper)
    assert (vernacular.title, vernacular.abstract) == ("Le basalte.", "Basalt wets.")
    assert isinstance(chapter, Paper)
    assert (chapter.id, chapter.title, chapter.venue) == ("pmid:3", "Basalt", "Rocks®")
    assert (chapter.authors, chapter.published) == (("Bo Ray",), "1998-10-23")
    assert isinstance(book, Paper)
    assert (book.title, book.authors, book.published) == ("Rocks", ("Ann Lee",), "1993")
    assert str(deleted) == "papers:29: PubMed has deleted 2 of its records, which are not read here"


def test_downloads_put_together(read: Read) -> None:
    one = "\ufeffPMID- {}\nTI  - On {}\nAB  - It wets.\n"
    papers = read(one.format(1, "rocks") + one.format(2, "chalk"))
    assert [paper.title for paper in papers if isinstance(paper, Paper)] == ["On rocks", "On chalk"]


def test_nbibs_less_common_records(read: Read) -> None:
    vernacular, chapter = read(
        "PMID- 2\nTI  - [Not Available].\nTT  - Le basalte.\nOAB - Basalt\n      wets.\n"
        "CN  - The Rock Group\nDP  - 2023 Nov-Dec\nOT  - rocks\n\n"
        "PMID- 3\nDP  - 1993\nTI  - Basalt\nBTI - Rocks\nAB  - It wets.\n"
    )
    assert isinstance(vernacular, Paper)
    assert (vernacular.title, vernacular.abstract) == ("Le basalte.", "Basalt wets.")
    assert (vernacular.authors, vernacular.published) == (("The Rock Group",), "2023-11")
    assert vernacular.categories == ("rocks",)
    assert isinstance(chapter, Paper)
    assert (chapter.title, chapter.venue) == ("Basalt", "Rocks")
