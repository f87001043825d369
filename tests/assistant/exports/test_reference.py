"""References: names, dates, sorts and identifiers are taken apart by what is known."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answer import Citation
from assistant.exports.reference import Name, reference, web_address
from store.papers import Paper

MakePaper = Callable[..., Paper]


@pytest.mark.parametrize(
    ("author", "name"),
    [
        ("Ashish Vaswani", Name("Vaswani", "Ashish")),
        ("Vaswani, Ashish", Name("Vaswani", "Ashish")),
        ("Laurens van der Maaten", Name("Maaten", "Laurens", "van der")),
        ("Google", Name("Google")),
        ("王伟", Name("王伟")),
        ("Society of Bread and Butter", Name("Society of Bread and Butter")),
        ("King, Jr., Martin, Luther", Name("King, Jr., Martin, Luther")),
        ("P. Erd{\\H o}s", Name("P. Erd{\\H o}s")),
        (", Ann", Name(", Ann")),
    ],
)
def test_a_name_is_taken_apart_where_it_can_be(paper: MakePaper, author: str, name: Name) -> None:
    assert reference(paper(authors=(author,))).names == (name,)


@pytest.mark.parametrize(
    ("published", "date"),
    [
        ("2024", (2024,)),
        ("2024-03", (2024, 3)),
        ("2024-03-08", (2024, 3, 8)),
        ("2024-13", ()),
        ("2024-3", ()),
        ("Mar 2024", ()),
        (None, ()),
    ],
)
def test_a_date_may_be_partial(
    paper: MakePaper, published: str | None, date: tuple[int, ...]
) -> None:
    assert reference(paper(published=published)).date == date


@pytest.mark.parametrize(
    ("paper_id", "venue", "sort"),
    [
        ("arxiv:2403.05530", None, "preprint"),
        ("arxiv:2403.05530", "arXiv.org", "preprint"),
        ("arxiv:2403.05530", "NeurIPS", "conference"),
        ("title:1", "Proc. of the Third Workshop on Bread", "conference"),
        ("title:1", "ACL 2023", "conference"),
        ("title:1", "Nature", "journal"),
        ("doi:10.1234/a", "JMLR", "journal"),
        ("pmid:12", "BMJ", "journal"),
        ("doi:10.1234/a", None, "other"),
        ("title:1", None, "other"),
    ],
)
def test_the_sort_follows_from_the_venue_and_the_id(
    paper: MakePaper, paper_id: str, venue: str | None, sort: str
) -> None:
    assert reference(paper(id=paper_id, venue=venue)).sort == sort


@pytest.mark.parametrize(
    ("paper_id", "url"),
    [
        ("arxiv:2403.05530", "https://arxiv.org/abs/2403.05530"),
        ("doi:10.1234/a<b", "https://doi.org/10.1234/a%3Cb"),
        ("pmid:12", "https://pubmed.ncbi.nlm.nih.gov/12"),
        ("title:1", None),
    ],
)
def test_a_published_id_gives_an_address_where_there_is_none(
    paper: MakePaper, paper_id: str, url: str | None
) -> None:
    for missing in (None, "javascript:alert(1)", "no address"):
        assert reference(paper(id=paper_id, url=missing)).url == url


def test_every_identifier_that_a_paper_is_known_by_is_given(paper: MakePaper) -> None:
    one = reference(paper(aliases=("doi:10.1234/a", "pmid:12"), url=None))
    assert (one.arxiv, one.doi, one.pmid) == ("2403.05530", "10.1234/a", "12")
    assert one.url == "https://arxiv.org/abs/2403.05530"


def test_a_citation_gives_what_it_says(paper: MakePaper) -> None:
    whole = paper()
    said = whole.model_dump(include={"title", "authors", "published", "venue", "url"})
    cited = Citation(number=1, paper_id=whole.id, abstract_sha256="0" * 64, **said)
    assert reference(cited).abstract is None
    assert (reference(cited).names, reference(cited).key) == (
        reference(whole).names,
        reference(whole).key,
    )


@pytest.mark.parametrize(
    ("paper_id", "key"),
    [
        ("arxiv:2403.05530", "arxiv:2403.05530"),
        ("arxiv:hep-th/9901001", "arxiv:hep-th/9901001"),
        ("title:85064a3c4c23", "title:85064a3c4c23"),
        ("doi:10.1002/(sici)1097{a}", "doi:10.1002/-sici-1097-a--97bfdf33"),
    ],
)
def test_a_key_is_the_papers_id(paper: MakePaper, paper_id: str, key: str) -> None:
    assert reference(paper(id=paper_id)).key == key


@given(st.lists(st.text(st.sampled_from("ab-,{}% ")).map("doi:10.1234/{}".format), unique=True))
def test_no_two_papers_share_a_key(paper: MakePaper, paper_ids: list[str]) -> None:
    keys = {reference(paper(id=one)).key for one in paper_ids}
    assert len(keys) == len(paper_ids)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://a.org/b_c?d=%20&e=(f)#g", "https://a.org/b_c?d=%20&e=(f)#g"),
        ("https://a.org/{b}\\<c> d\n", "https://a.org/%7Bb%7D%5C%3Cc%3E%20d"),
        ("http://[broken", None),
        ("ftp://a.org", None),
        ("https:///a", None),
        (None, None),
    ],
)
def test_an_address_holds_nothing_that_ends_it(given: str | None, kept: str | None) -> None:
    assert web_address(given) == kept
