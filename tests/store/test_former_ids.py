"""Former ids: whatever a paper was known by before still leads to it, and to no other."""

from typing import Any

import pytest

from store.corpus import Corpus
from store.errors import PaperNotFound
from store.identity import by_name
from store.papers import Paper, paper_id, title_key

ROCKS = "On Rocks"
FORMER = paper_id(ROCKS)
PRESENT = "doi:10.1000/3"


def rocks(name: str, **fields: Any) -> Paper:
    return Paper(id=name, title=ROCKS, abstract="Basalt wets slowly.", **fields)


@pytest.fixture
def corpus(empty: Corpus) -> Corpus:
    """A corpus of a paper whose record got a better id, and another paper."""
    empty.add([rocks(FORMER), Paper(id="title:bees", title="Bees", abstract="Bees dance.")])
    empty.add([rocks(PRESENT)])
    return empty


def test_a_paper_is_found_by_every_id_it_had(corpus: Corpus) -> None:
    assert corpus.paper(FORMER) == corpus.paper(PRESENT) == rocks(PRESENT)
    asked = [FORMER, "title:bees", "title:none", PRESENT]
    assert {name: paper.id for name, paper in corpus.get(asked).items()} == {
        FORMER: PRESENT,
        "title:bees": "title:bees",
        PRESENT: PRESENT,
    }
    assert list(corpus.get(asked)) == [FORMER, "title:bees", PRESENT]
    with pytest.raises(PaperNotFound, match="no paper 'title:none' in this store; check the id"):
        corpus.paper("title:none")


@pytest.mark.parametrize(
    ("own", "written"),
    [
        ("arxiv:1706.03762", "1706.03762"),
        ("arxiv:1706.03762", "ARXIV:1706.03762v7"),
        ("arxiv:1706.03762", "https://arxiv.org/abs/1706.03762"),
        ("doi:10.1000/b(c)", "https://doi.org/10.1000/B(C)"),
        ("pmid:33306283", "33306283"),
    ],
)
def test_an_id_is_read_as_people_write_it(empty: Corpus, own: str, written: str) -> None:
    empty.add([rocks(own)])
    assert empty.paper(written) == rocks(own)
    assert list(empty.get([written, own, "10.1000/none"])) == [written, own]


def test_a_limit_to_a_former_id_leaves_its_paper(corpus: Corpus) -> None:
    assert corpus.select(paper_ids=[FORMER]) == {PRESENT}
    assert corpus.select(paper_ids=[FORMER, PRESENT, "title:bees"]) == {PRESENT, "title:bees"}
    assert corpus.select(paper_ids=["title:none"]) == frozenset()
    assert corpus.browse(k=5, paper_ids=[FORMER, "title:none"]).paper_ids == (PRESENT,)


def test_a_former_id_removes_its_paper_once(corpus: Corpus) -> None:
    with pytest.raises(PaperNotFound, match="no paper 'title:none'"):
        corpus.remove([FORMER, "title:none"])
    assert corpus.remove([FORMER, PRESENT, FORMER]) == 1
    assert [paper.id for paper in corpus.papers()] == ["title:bees"]
    with pytest.raises(PaperNotFound):
        corpus.paper(FORMER)


def test_a_title_that_two_papers_share_leads_to_neither(empty: Corpus) -> None:
    two = [rocks("doi:10.1000/3"), rocks("doi:10.1000/4")]
    empty.add(two)
    assert len(empty) == 2
    assert empty.get([title_key(ROCKS)]) == {}
    assert by_name(two) == {paper.id: paper for paper in two}


def test_an_id_is_its_own_papers_before_it_is_anothers(empty: Corpus) -> None:
    # The first has for an id what the title of both stands for.
    two = [rocks(FORMER, authors=("Ann Lee",)), rocks(PRESENT, authors=("Bo Wu",))]
    empty.add(two)
    assert len(empty) == 2
    assert empty.paper(FORMER).authors == ("Ann Lee",)
    assert by_name(two) == {FORMER: two[0], PRESENT: two[1]}
