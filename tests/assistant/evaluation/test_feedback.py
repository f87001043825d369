"""Opinions as questions with gold, by hand."""

import pytest

from assistant.evaluation.feedback import questions_of
from assistant.evaluation.questions import Gold
from assistant.query import Filters
from store.feedback import Given, Opinion, Quoted

ANSWER = Given(
    question="Why?",
    history=("What?",),
    query="Why, of that?",
    filters={"venues": ["ACL"]},
    kind="factoid",
    quotes=(
        Quoted(1, "arxiv:1", "Because."),
        Quoted(2, "arxiv:2", "So it is."),
        Quoted(1, "arxiv:1", "Therefore."),
    ),
    snapshot="abc",
    version="1",
)
NOTHING = Given("Who?", (), "Who?", {}, "factoid", (), "abc", "1")
GOOD, BAD = Opinion("good"), Opinion("bad")
FIRST = Gold(paper_id="arxiv:1", sentences=("Because.", "Therefore."))
SECOND = Gold(paper_id="arxiv:2", sentences=("So it is.",))


def of(citation: int, verdict: str) -> Opinion:
    return Opinion(verdict, citation)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("opinions", "gold"),
    [
        ([GOOD], (FIRST, SECOND)),
        ([of(2, "good")], (SECOND,)),
        ([GOOD, of(2, "bad")], (FIRST,)),
        ([BAD, of(1, "good")], (FIRST,)),
        ([GOOD, GOOD, BAD], (FIRST, SECOND)),
        ([GOOD, of(1, "good"), of(1, "bad")], (SECOND,)),
    ],
)
def test_what_most_find_good_is_gold(opinions: list[Opinion], gold: tuple[Gold, ...]) -> None:
    (question,) = questions_of([(ANSWER, opinions)])
    assert question.gold == gold
    assert (question.question, question.history, question.resolved) == (
        "Why?",
        ("What?",),
        "Why, of that?",
    )
    assert question.filters == Filters(venues=("ACL",))


@pytest.mark.parametrize("opinions", [[BAD], [GOOD, BAD], [of(1, "bad")], []])
def test_where_nobody_says_what_is_right_there_is_no_question(opinions: list[Opinion]) -> None:
    assert list(questions_of([(ANSWER, opinions)])) == []


def test_a_question_that_should_have_had_no_answer_is_unanswerable() -> None:
    absent = Opinion("bad", reason="unanswerable")
    for given, opinions in ((ANSWER, [absent]), (NOTHING, [GOOD])):
        (question,) = questions_of([(given, opinions)])
        assert (question.gold, question.sort) == ((), "absent")
    assert list(questions_of([(ANSWER, [absent, GOOD])])) == []
    assert list(questions_of([(NOTHING, [BAD])])) == []
