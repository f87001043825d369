"""Difference: what was added, removed and moved, and what became of the papers."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answer import Answer
from assistant.verification.difference import PaperChange, PlacedQuote, Stock, compare, difference

BEFORE, AFTER = "b" * 64, "a" * 64


def answer(*quoted: str, snapshot: str = BEFORE, **more: Any) -> Answer:
    """Return an answer of quotes "paper text", each of a paper whose hash is its id's unless given.

    A quote "a2 One." is of paper "a", whose abstract has become another.
    """
    quotes, citations = [], {}
    for one in quoted:
        paper, text = one.split(" ", 1)
        number = citations.setdefault(paper[0], {"number": len(citations) + 1})["number"]
        citations[paper[0]].update(paper_id=paper[0], title=paper[0], abstract_sha256=paper)
        place = {"start": 0, "end": len(text)}
        quotes.append({"text": text, "paper_id": paper[0], "citation": number, "score": 0.9})
        quotes[-1].update(place, context=place)
    return Answer.model_validate(
        {
            "question": "What?",
            "query": "What?",
            "kind": "factoid",
            "status": "answered" if quotes else "no_answer",
            "confidence": 0.9,
            "quotes": quotes,
            "citations": list(citations.values()),
            "coverage": {"papers_searched": 2},
            "snapshot": snapshot,
            "version": "1",
            **more,
        }
    )


def at(quote: str, before: int | None, after: int | None) -> PlacedQuote:
    paper, text = quote.split(" ", 1)
    return PlacedQuote(paper_id=paper, text=text, before=before, after=after)


def test_an_answer_does_not_differ_from_itself_on_another_snapshot() -> None:
    one = answer("a One.", "b Two.")
    found = difference(one, answer("a One.", "b Two.", snapshot=AFTER, confidence=0.904))
    assert found.same
    assert (found.added, found.removed, found.moved, found.papers) == ((), (), (), ())
    assert (found.snapshot, found.confidence) == ((BEFORE, AFTER), (0.9, 0.904))


def test_quotes_that_were_added_removed_and_moved() -> None:
    found = difference(answer("a One.", "a Two.", "b Three."), answer("b Three.", "a One.", "c 4."))
    assert not found.same
    assert found.removed == (at("a Two.", 2, None),)
    assert found.added == (at("c 4.", None, 3),)
    assert found.moved == (at("b Three.", 3, 1),) or found.moved == (at("a One.", 1, 2),)
    assert found.papers == (PaperChange(paper_id="c", title="c", change="cited"),)


def test_an_abstract_that_repeats_itself_is_counted() -> None:
    found = difference(answer("a One.", "a One."), answer("a One."))
    assert (found.removed, found.added, found.moved) == ((at("a One.", 2, None),), (), ())


@pytest.mark.parametrize(
    "other",
    [
        answer(),
        answer("a One.", confidence=0.8),
        answer("a2 One."),
        answer("a One.", "a Two."),
        answer("a Two."),
    ],
    ids=["status", "confidence", "abstract", "added", "replaced"],
)
def test_any_of_these_is_a_difference(other: Answer) -> None:
    assert not difference(answer("a One."), other).same
    assert not difference(other, answer("a One.")).same


def changes(before: Answer, after: Answer, stock: Stock | None = None) -> dict[str, str]:
    return {one.paper_id: one.change for one in difference(before, after, stock=stock).papers}


def test_what_became_of_papers_by_the_answers_alone() -> None:
    before, after = answer("a One.", "b Two."), answer("b2 Two.", "c Three.")
    assert changes(before, after) == {"a": "uncited", "b": "changed", "c": "cited"}


def test_a_store_as_it_is_now_tells_which_papers_went() -> None:
    before, after = answer("a 1.", "b 2.", "c 3."), answer("d 4.", snapshot=AFTER)
    for snapshot in (AFTER, "other"):
        stock = Stock(snapshot, {"b": "b", "c": "c2", "d": "d"})
        assert changes(before, after, stock) == {
            "a": "removed",
            "b": "uncited",
            "c": "changed",
            "d": "cited",
        }


def test_a_store_as_it_was_tells_which_papers_came() -> None:
    before, after = answer("a 1."), answer("b 2.", "c 3.", "d 4.", snapshot=AFTER)
    stock = Stock(BEFORE, {"a": "a", "b": "b", "c": "c2"})
    assert changes(before, after, stock) == {
        "a": "uncited",
        "b": "cited",
        "c": "changed",
        "d": "added",
    }


def test_answers_are_matched_by_id_and_question_time_by_time() -> None:
    one, two = answer("a 1.", id="1"), answer("a 1.", id="2")
    again, other = answer("b 2.", id="1"), answer("a 1.", question="Who?")
    found = compare([one, two, again], [two, again, one, other])
    assert [(each.id, each.same) for each in found.differences] == [
        ("1", False),
        ("2", True),
        ("1", False),
    ]
    assert (found.only_before, found.only_after, found.same) == ((), ("Who?",), False)
    assert compare([one, two], [two, one]).same


QUOTES = st.lists(st.sampled_from(["a 1.", "a 2.", "b 1.", "b 2.", "c 1."]), unique=True)


@given(QUOTES, QUOTES)
def test_each_quote_is_accounted_for(before: list[str], after: list[str]) -> None:
    found = difference(answer(*before), answer(*after))
    added = {f"{one.paper_id} {one.text}" for one in found.added}
    removed = {f"{one.paper_id} {one.text}" for one in found.removed}
    moved = {f"{one.paper_id} {one.text}" for one in found.moved}
    assert (added, removed) == (set(after) - set(before), set(before) - set(after))
    # What did not move stands in the same order on both sides.
    assert [one for one in before if one not in moved | removed] == [
        one for one in after if one not in moved | added
    ]
    assert found.same == (before == after)
    back = difference(answer(*after), answer(*before))
    assert {one.text for one in back.added} == {one.text for one in found.removed}
