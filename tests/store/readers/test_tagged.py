"""Tagged lines as programs really write them: RIS, EndNote's and Web of Science's."""

from collections.abc import Callable

import pytest

from store.papers import Paper
from store.readers import Record, Skipped

Read = Callable[..., list[Record]]
ReadOne = Callable[..., Paper]

WEB_OF_SCIENCE = """FN Clarivate Analytics Web of Science
VR 1.0
PT J
AU Lee, A
   van Ray, B
AF Lee, Ann
   van Ray, Bo
TI Wetting of
   Basalt
SO JOURNAL OF ROCKS
DE rocks; water
AB Basalt wets slowly. We
   show why.
PD MAR 8
PY 2024
DI 10.1000/Rocks.3
PM 123
ER

PT J
TI Drying of Chalk
ER

EF
"""
ENDNOTE = """%0 Conference Proceedings
%T Wetting of Basalt
%A Lee, Ann
%A van Ray, Bo
%S Proceedings of Rocks
%D 2024
%8 March
%K rocks
water
%X Basalt wets slowly.

We show why.
%R 10.1000/Rocks.3
%U https://example.org/x

%0 Journal Article
%T Drying of Chalk
"""


def test_web_of_sciences_plain_text(read: Read) -> None:
    paper, skipped = read(WEB_OF_SCIENCE)
    assert isinstance(paper, Paper)
    assert (paper.title, paper.abstract) == (
        "Wetting of Basalt",
        "Basalt wets slowly. We show why.",
    )
    assert (paper.id, paper.aliases) == ("doi:10.1000/rocks.3", ("pmid:123",))
    assert (paper.authors, paper.published) == (("Ann Lee", "Bo van Ray"), "2024-03-08")
    assert (paper.venue, paper.categories) == ("JOURNAL OF ROCKS", ("rocks", "water"))
    assert str(skipped) == "papers:20: no abstract"


def test_endnotes_tagged_records(read: Read) -> None:
    paper, skipped = read(ENDNOTE)
    assert isinstance(paper, Paper)
    assert (paper.id, paper.title) == ("doi:10.1000/rocks.3", "Wetting of Basalt")
    assert paper.abstract == "Basalt wets slowly.\n\nWe show why."
    assert (paper.authors, paper.published) == (("Ann Lee", "Bo van Ray"), "2024-03")
    assert (paper.venue, paper.url) == ("Proceedings of Rocks", "https://example.org/x")
    assert paper.categories == ("rocks", "water")
    assert str(skipped) == "papers:16: no abstract"


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        ("DA  - MAR 8\nPY  - 2024\n", "2024-03-08"),
        ("PY  - 2024\nY1  - 8 March 2024\nIS  -\n", "2024-03-08"),
        ("PY  - 2024///\n", "2024"),
        ("DA  - 2024/03//\n", "2024-03"),
    ],
)
def test_the_dates_of_ris(paper: ReadOne, dates: str, expected: str) -> None:
    assert paper(f"TY  - JOUR\nT1  - A\nN2  - It wets.\n{dates}ER  - \n").published == expected


def test_ris_of_several_paragraphs_and_keywords_without_ends_or_beginnings(read: Read) -> None:
    first, second, third = read(
        "TY  - JOUR\nTI  - A\nAB  - It wets.\n\nAB - so it does.\n\nKW  - rocks\nwater; ice\n"
        "TY  - GEN\nTI  - B\nAB  - It dries.\nM1  - arXiv:2403.05530\nER  - \n\n"
        "TI  - C\nER  - \n"
    )
    assert isinstance(first, Paper)
    assert first.abstract == "It wets.\n\nAB - so it does."
    assert first.categories == ("rocks", "water", "ice")
    assert isinstance(second, Paper)
    assert (second.abstract, second.id) == ("It dries.", "arxiv:2403.05530")
    assert isinstance(third, Skipped)
    assert str(third) == "papers:15: no abstract"


@pytest.mark.parametrize(
    "text",
    [
        "TY - JOUR\nTI - A\nAB - It wets.\nER -\n",
        "Provider: JSTOR http://www.jstor.org\nContent: text/plain\n\n\n"
        "TY  - JOUR\nTI  - A\nAB  - It wets.\nER  - \n",
    ],
)
def test_other_ways_to_write_ris(paper: ReadOne, text: str) -> None:
    assert (paper(text).title, paper(text).abstract) == ("A", "It wets.")
