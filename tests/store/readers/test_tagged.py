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


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ("DB  - Scopus\nC2  - 123\n", "pmid:123"),
        ("DB  - Embase\nDB  - Medline\nC5  - 123\n", "pmid:123"),
        ("U1  - PMC9 [PMCID]\nU1  - 123 [PMID]\n", "pmid:123"),
        ("L2  - http://ovidsp.ovid.com/ovidweb.cgi?D=medp&NEWS=N&AN=123\n", "pmid:123"),
        ("L2  - http://ovidsp.ovid.com/ovidweb.cgi?D=psyc16&NEWS=N&AN=2019-123\n", "title:"),
        ("UR  - https://a.org; https://pubmed.ncbi.nlm.nih.gov/123\n", "pmid:123"),
        ("DB  - Inciteful\nDP  - Nlm\nAN  - 123\n", "pmid:123"),
        ("UR  - https://lens.org/1\nL2  - https://arxiv.org/abs/2403.05530\n", "arxiv:2403.05530"),
    ],
    ids=[
        "Scopus",
        "Embase",
        "Dimensions",
        "Ovid",
        "Ovid, not MEDLINE",
        "an address",
        "Inciteful",
        "Lens",
    ],
)
def test_where_databases_have_identifiers(paper: ReadOne, tags: str, expected: str) -> None:
    found = paper(f"TY  - JOUR\nTI  - A\nAB  - It wets.\n{tags}ER  - \n").id
    assert found.startswith(expected)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("<Go to ISI>://WOS:000298449100001", None),
        ("https://a.org/1 and https://a.org/1.pdf", "https://a.org/1"),
        ("https://a.org/1;b; http://a.org/1.pdf", "https://a.org/1;b"),
        ("https://a.org/1 http://link.org/?u=http://a.org", "https://a.org/1"),
    ],
)
def test_what_exports_have_for_an_address(paper: ReadOne, address: str, expected: str) -> None:
    text = f"TY  - JOUR\nTI  - A\nAB  - It wets.\nUR  - {address}\nER  - \n"
    assert paper(text).url == expected


def test_what_ovid_has_around_a_record_is_none(paper: ReadOne) -> None:
    record = "TY  - JOUR\nT1  - A\nN2  - It wets.\nKW  - *Rocks\nER  -\n"
    assert paper(f"1. \n{record}NL  - J Rocks\n\nLink to it").categories == ("Rocks",)


def test_endnote_records_that_begin_with_their_titles(read: Read) -> None:
    first, second = read(
        "%T Wetting\n%0 Journal Article\n%A Lee, Ann\n%8 March  8, 2024\n%X It wets.\n\n\n"
        "%T Drying\n%B Rocks\n%K rocks, water\n%X It dries.\n"
    )
    assert isinstance(first, Paper)
    assert (first.title, first.abstract) == ("Wetting", "It wets.")
    assert first.published == "2024-03-08"
    assert isinstance(second, Paper)
    assert (second.title, second.abstract) == ("Drying", "It dries.")
    assert second.categories == ("rocks", "water")


def test_one_record_of_web_of_science_without_a_header(paper: ReadOne) -> None:
    found = paper("PT J\nAU Lee, Ann; Ray, Bo\nTI Wetting\nAB It wets.\nUT MEDLINE:123\nER\n")
    assert (found.id, found.authors) == ("pmid:123", ("Ann Lee", "Bo Ray"))


def test_endnotes_xml(read: Read) -> None:
    style = '<style face="{}" font="default" size="100%">{}</style>'
    first, second = read(
        '<?xml version="1.0" encoding="UTF-8" ?><xml><records><record>'
        '<database name="a.enl">a.enl</database><ref-type name="Journal Article">17</ref-type>'
        f"<contributors><authors><author>{style.format('normal', 'Lee, Ann')}</author></authors>"
        f"<secondary-authors><author>Ray, Bo</author></secondary-authors></contributors>"
        f"<titles><title>{style.format('normal', 'Wetting of')} {style.format('italic', 'rock')}"
        "</title><secondary-title>Rocks</secondary-title></titles>"
        "<dates><year>2024</year><pub-dates><date>Mar 8</date></pub-dates></dates>"
        "<keywords><keyword>rocks</keyword><keyword>water</keyword></keywords>"
        f"<abstract>{style.format('normal', 'It wets.&#xD;It dries.')}</abstract>"
        "<accession-num>123</accession-num><remote-database-provider>NLM"
        "</remote-database-provider><electronic-resource-num>10.1000/A</electronic-resource-num>"
        "<urls><related-urls><url>&lt;Go to ISI&gt;://1</url><url>http://a.org</url></related-urls>"
        "</urls></record><record><titles><title>Drying</title></titles></record></records></xml>"
    )
    assert isinstance(first, Paper)
    assert (first.id, first.aliases, first.url) == ("doi:10.1000/a", ("pmid:123",), "http://a.org")
    assert (first.title, first.abstract) == ("Wetting of rock", "It wets.\rIt dries.")
    assert (first.authors, first.published) == (("Ann Lee",), "2024-03-08")
    assert (first.venue, first.categories) == ("Rocks", ("rocks", "water"))
    assert str(second) == "papers:1: no abstract"
