"""Composition: which evidence is quoted, in what order, under which numbers."""

from collections.abc import Callable, Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answer import Answer, Context, Coverage, Quote
from assistant.composition.draft import Chosen
from assistant.composition.one_thing import QUOTES, about_one_thing
from assistant.composition.quotes import quoted
from assistant.evidence.evidence import Evidence
from assistant.evidence.sentence import sentences_of
from assistant.verification.verify import verify
from store.papers import Paper

TIDES = Paper(
    id="doi:10.1/tides",
    title="On Tides",
    abstract="The moon raises tides. It is near. The sun raises smaller ones. We measured both.",
    authors=("Ann Lee",),
    published="2024-03",
    venue="ACL",
    url="https://example.org/tides",
)
BREAD = Paper(id="title:bread", title="On Bread", abstract="Yeast works. Dough rises.")
CLOCK = Paper(id="title:clock", title="On Clocks", abstract="A pendulum swings. Time is kept.")


def weighed(
    paper: Paper, index: int, score: float, features: Mapping[str, float] | None = None
) -> Evidence:
    return Evidence(sentences_of(paper)[index], score, features or {})


def quotes_of(
    choose: Callable[[Sequence[Evidence]], Sequence[Evidence]], evidence: Sequence[Evidence]
) -> list[tuple[str, int]]:
    """Return the text and the citation number of each quote."""
    quotes, _ = quoted([Chosen(item) for item in choose(evidence)])
    return [(quote.text, quote.citation) for quote in quotes]


def test_a_quote_and_its_citation_say_exactly_where_it_stands() -> None:
    quotes, citations = quoted([Chosen(weighed(TIDES, 2, 0.9))])
    assert quotes == (
        Quote(
            text="The sun raises smaller ones.",
            paper_id="doi:10.1/tides",
            start=35,
            end=63,
            citation=1,
            score=0.9,
            context=Context(start=35, end=63),
        ),
    )
    (citation,) = citations
    assert citation.model_dump() == {
        "number": 1,
        "paper_id": "doi:10.1/tides",
        "title": "On Tides",
        "authors": ("Ann Lee",),
        "published": "2024-03",
        "venue": "ACL",
        "url": "https://example.org/tides",
        # printf '%s' "The moon raises tides. It is near. The sun raises smaller ones. \
        # We measured both." | sha256sum, on one line
        "abstract_sha256": "84d5592b28de9f69801a445149d3170f60c3c9700b04f2b3df812b0bddaa1a25",
        "withdrawn": False,
    }


def test_a_sentence_that_leans_on_the_one_before_is_shown_with_it() -> None:
    quotes, _ = quoted([Chosen(weighed(TIDES, 1, 0.9))])
    assert (quotes[0].text, quotes[0].start) == ("It is near.", 23)
    assert quotes[0].context == Context(start=0, end=34)


@pytest.mark.parametrize("opening", ["It leans", "This is so", "However, it", "THEY do"])
def test_the_first_sentence_leans_on_nothing(opening: str) -> None:
    paper = Paper(id="t", title="T", abstract=f"{opening}. The end is near.")
    quotes, _ = quoted([Chosen(weighed(paper, 0, 0.9))])
    assert quotes[0].context == Context(start=0, end=quotes[0].end)


def test_support_from_the_same_paper_stands_before_that_from_another() -> None:
    evidence = [weighed(TIDES, 2, 0.9), weighed(BREAD, 0, 0.89), weighed(TIDES, 0, 0.88)]
    assert quotes_of(about_one_thing, evidence) == [
        ("The sun raises smaller ones.", 1),
        ("The moon raises tides.", 1),
        ("Yeast works.", 2),
    ]


def test_weak_evidence_is_not_quoted_beside_strong() -> None:
    evidence = [weighed(TIDES, 0, 0.9), weighed(BREAD, 0, 0.0001), weighed(TIDES, 3, 0.0001)]
    assert quotes_of(about_one_thing, evidence) == [("The moon raises tides.", 1)]


def test_another_paper_is_held_to_more_than_the_same_one() -> None:
    same = [weighed(TIDES, 0, 0.9), weighed(TIDES, 3, 0.4)]
    other = [weighed(TIDES, 0, 0.9), weighed(BREAD, 0, 0.4)]
    assert len(quotes_of(about_one_thing, same)) == 2
    assert len(quotes_of(about_one_thing, other)) == 1


def test_no_more_than_three_quotes_answer_about_one_thing() -> None:
    evidence = [weighed(TIDES, index, 0.9) for index in range(4)]
    assert len(quotes_of(about_one_thing, evidence)) == QUOTES == 3


PLACES = [(paper, index) for paper in (TIDES, BREAD, CLOCK) for index in range(2)]
SCORES = st.floats(0, 1).map(lambda score: round(score, 4))


@st.composite
def evidences(draw: st.DrawFn) -> list[Evidence]:
    """Draw some sentences, each once, best first."""
    places = draw(st.permutations(PLACES))[: draw(st.integers(1, len(PLACES)))]
    scores = sorted(draw(st.lists(SCORES, min_size=len(places), max_size=len(places))))[::-1]
    return [
        weighed(paper, index, score, {"paper": draw(SCORES)})
        for (paper, index), score in zip(places, scores, strict=True)
    ]


@given(st.just(about_one_thing), evidences())
def test_whatever_is_composed_verifies(
    choose: Callable[[Sequence[Evidence]], Sequence[Evidence]], evidence: list[Evidence]
) -> None:
    quotes, citations = quoted([Chosen(item) for item in choose(evidence)])
    answer = Answer(
        question="Why?",
        query="Why?",
        kind="factoid",
        status="answered",
        confidence=0.9,
        quotes=quotes,
        citations=citations,
        coverage=Coverage(papers_searched=3),
        snapshot="0" * 64,
        version="0",
    )
    assert verify(answer, {paper.id: paper.abstract for paper in (TIDES, BREAD, CLOCK)}) == []
    assert len({(quote.paper_id, quote.start) for quote in quotes}) == len(quotes)
    # Citations are numbered in the order in which the quotes first use them.
    used = list(dict.fromkeys(quote.citation for quote in quotes))
    assert used == [citation.number for citation in citations] == list(range(1, len(used) + 1))
    assert quotes[0].text == evidence[0].sentence.text
