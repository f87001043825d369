import pytest

from store.papers import Paper
from ui.wording.outward import Outward, outward_link, outward_links


def paper(paper_id: str, **known: object) -> Paper:
    return Paper.model_validate({"id": paper_id, "title": "T", "abstract": "A.", **known})


def test_a_paper_stands_where_its_identifiers_say() -> None:
    known = paper("arxiv:2403.00001", aliases=("doi:10.1000/a(1)<2>", "pmid:123"))
    assert [(link.name, link.href) for link in outward_links(known)] == [
        ("arXiv", "https://arxiv.org/abs/2403.00001"),
        ("DOI", "https://doi.org/10.1000/a(1)%3C2%3E"),
        ("PubMed", "https://pubmed.ncbi.nlm.nih.gov/123"),
    ]


def test_the_address_of_the_record_is_a_link_unless_it_is_that_of_an_identifier() -> None:
    other = paper("arxiv:2403.00001", url="https://example.org/1")
    assert [link.name for link in outward_links(other)] == ["arXiv", "example.org"]
    same = paper("arxiv:2403.00001", url="http://arxiv.org/abs/2403.00001v2")
    assert [link.name for link in outward_links(same)] == ["arXiv"]
    assert outward_links(paper("title:1")) == ()


@pytest.mark.parametrize("url", [None, "", "javascript:alert(1)", "//example.org", "http://[", "x"])
def test_only_web_addresses_are_links(url: str | None) -> None:
    assert outward_link(url) is None
    assert outward_links(paper("title:1", url=url)) == ()


def test_an_address_is_called_by_its_host() -> None:
    assert outward_link("https://example.org/a") == Outward("example.org", "https://example.org/a")
