"""The question that is taken, and the papers that filters leave."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from assistant.query import LONGEST_QUESTION, Filters, checked, filters_of
from store.corpus import Corpus
from store.errors import QuestionError
from store.papers import Paper

PAPERS = (
    Paper(
        id="a",
        title="A",
        abstract="One.",
        published="2023-12-31",
        venue="ACL",
        categories=("cs.CL", "cs.LG"),
        authors=("Ann Lee", "Bo Wu"),
        source="x.txt",
    ),
    Paper(
        id="b",
        title="B",
        abstract="Two.",
        published="2024-03",
        venue="EMNLP",
        categories=("cs.LG",),
        authors=("Ann Lee",),
        source="y.txt",
    ),
    Paper(id="c", title="C", abstract="Three.", published="2024-03-20", venue="ACL"),
    Paper(id="d", title="D", abstract="Four.", authors=("ann lee",)),
)


@pytest.fixture
def corpus(empty: Corpus) -> Corpus:
    empty.add(reversed(PAPERS))
    return empty


def test_a_question_is_taken_without_the_blanks_around_it() -> None:
    assert checked(" \t\u2003What  is\nBM25? \n") == "What  is\nBM25?"
    assert checked("量子?") == "量子?"
    assert checked("x" * (LONGEST_QUESTION - 2) + "  ") == "x" * 1998


@pytest.mark.parametrize("question", ["", "   ", "\n", "?!", "—", "🙂", "\u0301"])
def test_a_question_without_a_word_is_refused(question: str) -> None:
    with pytest.raises(QuestionError, match="holds no word; type one, for example: What is BM25"):
        checked(question)


def test_a_question_that_is_too_long_is_refused_with_its_length() -> None:
    with pytest.raises(QuestionError, match="has 2,001 characters, more than 2,000; shorten it"):
        checked(" " + "x" * 2000)


@pytest.mark.parametrize(("question", "place"), [("\udcffWhat?", 1), ("  ab\ud800c?", 5)])
def test_half_a_character_is_refused_with_its_place(question: str, place: int) -> None:
    with pytest.raises(QuestionError, match=f"not text at character {place}; type it in UTF-8"):
        checked(question)


@given(st.text(max_size=2100))
def test_a_question_is_either_refused_in_one_line_or_taken_as_typed(question: str) -> None:
    try:
        text = checked(question)
    except QuestionError as error:
        assert len(str(error).splitlines()) == 1
    else:
        assert text == question.strip()
        assert checked(text) == text


@pytest.mark.parametrize(
    ("filters", "ids"),
    [
        ({"since": "2024"}, ["b", "c"]),
        ({"since": "2024-03-20"}, ["b", "c"]),  # b is of March, perhaps of the 20th or later
        ({"since": "2024-03-21"}, ["b"]),
        ({"since": "2024-04"}, []),
        ({"until": "2024-03-19"}, ["a", "b"]),
        ({"until": "2024-02"}, ["a"]),
        ({"until": "2023"}, ["a"]),
        ({"until": "2024"}, ["a", "b", "c"]),
        ({"since": "2023-12", "until": "2024-03"}, ["a", "b", "c"]),
        ({"since": "2025"}, []),
        ({"venues": ("ACL",)}, ["a", "c"]),
        ({"venues": ("ACL", "EMNLP")}, ["a", "b", "c"]),
        ({"venues": ("acl",)}, ["a", "c"]),
        ({"venues": ("AC",)}, []),
        ({"categories": ("cs.LG",)}, ["a", "b"]),
        ({"categories": ("cs.CL", "cs.CV")}, ["a"]),
        ({"categories": ("CS.cl",)}, ["a"]),
        ({"authors": ("Ann Lee",)}, ["a", "b", "d"]),
        ({"authors": ("Ann",)}, []),
        ({"authors": ("LEE",)}, ["a", "b", "d"]),
        ({"authors": ("n Lee",)}, []),
        ({"authors": ("BO WU", "Nobody")}, ["a"]),
        ({"sources": ("x.txt", "Y.TXT")}, ["a", "b"]),
        ({"paper_ids": ("A",)}, []),
        ({"paper_ids": ("d", "a", "unknown")}, ["a", "d"]),
        ({"venues": ("ACL",), "since": "2024"}, ["c"]),
        ({"authors": ("Ann Lee",), "categories": ("cs.CL",)}, ["a"]),
        ({"venues": ("EMNLP",), "until": "2023"}, []),
    ],
)
def test_every_filter_given_must_hold(
    corpus: Corpus, filters: dict[str, Any], ids: list[str]
) -> None:
    assert Filters(**filters).matching(corpus) == set(ids)


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        ({}, {}, {}),
        ({"since": "2023"}, {"venues": ("ACL",)}, {"since": "2023", "venues": ("ACL",)}),
        ({"since": "2023"}, {"since": "2024-03"}, {"since": "2024-03"}),
        ({"until": "2024"}, {"until": "2024-03"}, {"until": "2024-03"}),
        ({"since": "2025"}, {"until": "2024"}, {"paper_ids": ()}),
        ({"authors": ("Lee",)}, {"authors": ("Lee",)}, {"authors": ("Lee",)}),
        ({"authors": ("Lee",)}, {"authors": ("Wu",)}, {"paper_ids": ("a",)}),
        ({"paper_ids": ("a", "b")}, {"paper_ids": ("b", "c")}, {"paper_ids": ("b",)}),
    ],
)
def test_two_filters_make_one_that_both_hold_in(
    corpus: Corpus, one: dict[str, Any], other: dict[str, Any], both: dict[str, Any]
) -> None:
    assert Filters(**one).and_also(Filters(**other), corpus) == Filters(**both)
    assert Filters(**other).and_also(Filters(**one), corpus) == Filters(**both)


def test_no_filter_is_not_the_same_as_one_that_nothing_passes(corpus: Corpus) -> None:
    assert Filters().matching(corpus) is None
    assert Filters(venues=None, since=None).matching(corpus) is None
    assert Filters(paper_ids=("unknown",)).matching(corpus) == set()


@pytest.mark.parametrize("name", ["venues", "categories", "sources", "authors", "paper_ids"])
def test_nothing_passes_a_filter_without_values(corpus: Corpus, name: str) -> None:
    assert Filters.model_validate({name: []}).matching(corpus) == set()
    assert Filters.model_validate({name: [], "since": "2023"}).matching(corpus) == set()
    assert Filters.model_validate({name: None}).matching(corpus) is None


def test_letters_beyond_ascii_have_two_cases_too(empty: Corpus) -> None:
    empty.add([Paper(id="é", title="A", abstract="B.", venue="Übersee", authors=("ÉMILE ß",))])
    assert Filters(venues=("übersee",), authors=("Émile SS",)).matching(empty) == {"é"}


def test_more_ids_than_a_database_binds_are_taken(corpus: Corpus) -> None:
    many = (*(f"unknown{n}" for n in range(40_000)), "b", "a", "b")
    assert Filters(paper_ids=many).matching(corpus) == {"a", "b"}


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"since": "2024-13"}, "filters.since: '2024-13' is no date; give YYYY, YYYY-MM or YYYY-"),
        ({"until": "2023-02-29"}, "filters.until: '2023-02-29' is no date"),
        ({"since": "20240301"}, "filters.since: '20240301' is no date"),
        ({"until": "24"}, "filters.until: '24' is no date"),
        ({"until": ""}, "filters.until: '' is no date"),
        ({"since": "2024-03", "until": "2023"}, "since '2024-03' is later than until '2023'"),
        ({"venues": (3,)}, "filters.venues.0: Input should be a valid string"),
    ],
)
def test_a_filter_that_cannot_be_used_is_refused(given: dict[str, Any], message: str) -> None:
    with pytest.raises(QuestionError, match=f".*{message}") as refused:
        filters_of(**given)
    assert len(str(refused.value).splitlines()) == 1
    assert filters_of(since="2024-03", until="2024").until == "2024"


def test_an_unknown_filter_is_refused_and_filters_do_not_change() -> None:
    with pytest.raises(ValidationError, match="Extra inputs are not permitted"):
        Filters.model_validate({"year": 2024})
    filters = Filters(since="2024")
    with pytest.raises(ValidationError, match="Instance is frozen"):
        filters.since = "2023"  # type: ignore[misc]
