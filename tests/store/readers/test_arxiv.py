"""arXiv's other forms: the Atom of its feeds, OAI-PMH in its raw and common forms, errors."""

from collections.abc import Callable

import pytest

from store.papers import Paper
from store.readers import Record

Read = Callable[..., list[Record]]
ReadOne = Callable[..., Paper]

FEED = """<?xml version="1.0" encoding="utf-8"?>
<feed xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:dc="http://purl.org/dc/elements/1.1/"
  xmlns="http://www.w3.org/2005/Atom"><title>cs.CL updates on arXiv.org</title>
<entry><id>oai:arXiv.org:2403.05530v1</id><title>Wetting of Basalt</title>
<link href="https://arxiv.org/abs/2403.05530" rel="alternate" type="text/html"/>
<summary>arXiv:2403.05530v1 Announce Type: new
Abstract: It wets.</summary><category term="cs.CL"/>
<published>2024-03-11T00:00:00-04:00</published>
<dc:creator>Ann Lee (MIT, (US)), Bo van Ray (1 and 2)</dc:creator>
<arxiv:DOI>10.1000/Rocks.3</arxiv:DOI>
<arxiv:journal_reference>J. Rocks 3</arxiv:journal_reference></entry></feed>"""
OAI = """<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><ListRecords>
<record><header><identifier>oai:{}</identifier></header><metadata>{}</metadata></record>
</ListRecords></OAI-PMH>"""
RAW = """<arXivRaw xmlns="http://arxiv.org/OAI/arXivRaw/"><id>2403.05530</id>
<version version="v1"><date>Fri, 8 Mar 2024 09:30:00 GMT</date></version>
<version version="v2"><date>Mon, 11 Mar 2024 09:30:00 GMT</date></version>
<title>Wetting of Basalt</title><authors>Ann Lee (1), Bo van Ray (2 and 3) ((1) MIT, (2) ETH)
</authors><abstract>  It wets.
</abstract></arXivRaw>"""
COMMON = """<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Wetting of Basalt</dc:title>
<dc:creator>Lee, Ann</dc:creator><dc:creator>van Ray, Bo</dc:creator>
<dc:description>It wets.</dc:description><dc:description>Comment: Withdrawn</dc:description>
<dc:date>1999-01-08</dc:date><dc:date>2024-03-11</dc:date>
<dc:identifier>http://arxiv.org/abs/hep-th/9901001</dc:identifier>
<dc:identifier>doi:10.1000/Rocks.3</dc:identifier></oai_dc:dc>"""
TWO = ("Ann Lee", "Bo van Ray")


def test_the_atom_of_a_feed(paper: ReadOne) -> None:
    found = paper(FEED)
    assert (found.id, found.aliases) == ("arxiv:2403.05530", ("doi:10.1000/rocks.3",))
    assert (found.abstract, found.authors, found.venue) == ("It wets.", TWO, "J. Rocks 3")
    assert found.published == "2024-03-11"


def test_a_feed_of_old_and_one_of_another_archive(read: Read) -> None:
    old, other = read(
        """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<item><title>Wetting of Basalt. (arXiv:0704.0001v1 [hep-ph])</title>
<link>http://arxiv.org/abs/0704.0001</link><description>It wets.</description>
<dc:creator>&lt;a href="http://arxiv.org/a"&gt;Ann Lee&lt;/a&gt;,
&lt;a href="b"&gt;Bo van Ray&lt;/a&gt;</dc:creator></item>
<item><title>Drying of Chalk</title><description>It dries.</description>
<dc:creator>Lee, A., Ray, B.</dc:creator><dc:identifier>doi:10.1101/1</dc:identifier></item>
</rdf:RDF>"""
    )
    assert isinstance(old, Paper)
    assert (old.id, old.title, old.authors) == ("arxiv:0704.0001", "Wetting of Basalt.", TWO)
    assert isinstance(other, Paper)
    assert (other.id, other.authors) == ("doi:10.1101/1", ("A. Lee", "B. Ray"))


def test_the_raw_form(paper: ReadOne) -> None:
    found = paper(OAI.format("arXiv.org:2403.05530", RAW))
    assert (found.id, found.arxiv_version) == ("arxiv:2403.05530", 2)
    assert (found.published, found.authors) == ("2024-03-08", TWO)
    assert found.abstract == "  It wets.\n"


def test_the_common_form_of_arxiv_and_of_another_archive(paper: ReadOne) -> None:
    found = paper(OAI.format("arXiv.org:hep-th/9901001", COMMON))
    assert (found.id, found.aliases) == ("arxiv:hep-th/9901001", ("doi:10.1000/rocks.3",))
    assert (found.abstract, found.authors, found.published) == ("It wets.", TWO, "1999-01-08")
    assert found.withdrawn
    other = COMMON.replace("http://arxiv.org/abs/hep-th/9901001", "2401.00001")
    assert paper(OAI.format("example.org:2401.00001", other)).id == "doi:10.1000/rocks.3"


def test_an_archives_error_is_reported(read: Read) -> None:
    text = OAI.partition("<ListRecords>")[0] + '<error code="noRecordsMatch">None</error></OAI-PMH>'
    assert list(map(str, read(text))) == [
        "papers:1: the archive reports an error: noRecordsMatch: None"
    ]


@pytest.mark.parametrize("declared", ["ISO-8859-1", "UTF-16", "no-such"])
def test_the_encoding_that_xml_declares(paper: ReadOne, declared: str) -> None:
    text = FEED.replace("It wets", "Löß wets").replace("utf-8", declared)
    # One that it cannot be in, or that is none, is not believed.
    raw = text.encode("latin-1" if declared == "ISO-8859-1" else "utf-8")
    assert paper(raw).abstract == "Löß wets."
