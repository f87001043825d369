"""Verify: whatever is changed in an answer or an abstract is found, and named."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pydantic import ValidationError

from assistant.answer import Answer
from assistant.verification.verify import Bundle, Problem, verify
from store.papers import Paper, sha256

TIDES = "The moon raises tides. 🌊 It is near. The sun raises smaller ones."
BREAD = "Yeast works. Dough rises."
ABSTRACTS = {"doi:10.1/tides": TIDES, "title:bread": BREAD}
#: A character of any kind that can be stored.
CHARACTERS = st.characters(exclude_categories=["Cs"])


def quote(paper_id: str, text: str, citation: int) -> dict[str, Any]:
    start = ABSTRACTS[paper_id].index(text)
    end = start + len(text)
    place = {"start": start, "end": end}
    scored = {"citation": citation, "score": 0.9, "context": dict(place)}
    return {"text": text, "paper_id": paper_id, **place, **scored}


def cited(number: int, paper_id: str) -> dict[str, Any]:
    digest = sha256(ABSTRACTS[paper_id])
    return {"number": number, "paper_id": paper_id, "title": "T", "abstract_sha256": digest}


def right() -> dict[str, Any]:
    """Return an answer of three quotes from two papers, as JSON has it."""
    return {
        "question": "What raises what?",
        "query": "What raises what?",
        "kind": "factoid",
        "status": "answered",
        "confidence": 0.9,
        "quotes": [
            quote("doi:10.1/tides", "The sun raises smaller ones.", 1),
            quote("doi:10.1/tides", "🌊 It is near.", 1),
            quote("title:bread", "Yeast works.", 2),
        ],
        "citations": [cited(1, "doi:10.1/tides"), cited(2, "title:bread")],
        "coverage": {"papers_searched": 2},
        "snapshot": "0" * 64,
        "version": "0",
    }


def problems(answer: dict[str, Any], abstracts: Mapping[str, str] = ABSTRACTS) -> list[str]:
    return [str(problem) for problem in verify(Answer.model_validate(answer), abstracts)]


def test_an_answer_that_is_right_has_no_problem() -> None:
    assert problems(right()) == []
    assert problems(right(), {**ABSTRACTS, "title:other": "Other."}) == []


def test_no_answer_quotes_nothing() -> None:
    empty = {**right(), "status": "no_answer", "quotes": [], "citations": []}
    assert problems(empty, {}) == []
    assert problems({**right(), "status": "no_answer"}) == [
        "answer: says no answer, but quotes or cites"
    ]
    assert problems({**empty, "status": "answered"}) == [
        "answer: says answered, but quotes nothing"
    ]


Change = Callable[[dict[str, Any]], object]
CHANGES: dict[str, tuple[Change, list[str]]] = {
    "text": (
        lambda a: a["quotes"][0].update(text="The sun raises smaller tides."),
        ["quote 1 (doi:10.1/tides, 37-65): the text differs from the abstract at character 60"],
    ),
    "shorter text": (
        lambda a: a["quotes"][2].update(text="Yeast works"),
        ["quote 3 (title:bread, 0-12): the text differs from the abstract at character 11"],
    ),
    "no text": (
        lambda a: a["quotes"][2].update(text=""),
        ["quote 3 (title:bread, 0-12): the offsets do not lie in the abstract of 25 characters"],
    ),
    "end beyond": (
        lambda a: a["quotes"][0].update(end=66),
        [
            "quote 1 (doi:10.1/tides, 37-66): "
            "the offsets do not lie in the abstract of 65 characters",
            "quote 1 (doi:10.1/tides, 37-66): its context does not enclose it within the abstract",
        ],
    ),
    "context": (
        lambda a: a["quotes"][0]["context"].update(start=38),
        ["quote 1 (doi:10.1/tides, 37-65): its context does not enclose it within the abstract"],
    ),
    "context beyond": (
        lambda a: a["quotes"][0]["context"].update(end=66),
        ["quote 1 (doi:10.1/tides, 37-65): its context does not enclose it within the abstract"],
    ),
    "citation of a quote": (
        lambda a: a["quotes"][2].update(citation=1),
        [
            "citation 2 (title:bread): no quote uses it",
            "quote 3 (title:bread, 0-12): citation 1 is not of this paper",
        ],
    ),
    "paper of a quote": (
        lambda a: a["quotes"][2].update(paper_id="title:none"),
        ["quote 3 (title:none, 0-12): citation 2 is not of this paper"],
    ),
    "number": (
        lambda a: a["citations"][1].update(number=3),
        [
            "citation 3 (title:bread): is number 3, expected 2",
            "citation 3 (title:bread): no quote uses it",
            "quote 3 (title:bread, 0-12): citation 2 is not of this paper",
        ],
    ),
    "hash": (
        lambda a: a["citations"][1].update(abstract_sha256="0" * 64),
        [
            "citation 2 (title:bread): the abstract has changed: "
            "SHA-256 153d992e8d88…, cited as 000000000000…"
        ],
    ),
    "uncited": (
        lambda a: a["citations"].pop(),
        ["quote 3 (title:bread, 0-12): citation 2 is not of this paper"],
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_is_found_and_named(name: str) -> None:
    change, expected = CHANGES[name]
    answer = right()
    change(answer)
    assert problems(answer) == expected


def test_an_abstract_that_is_not_at_hand_is_named() -> None:
    assert problems(right(), {"title:bread": BREAD}) == [
        "citation 1 (doi:10.1/tides): its abstract is not at hand"
    ]


def altered(draw: st.DrawFn, text: str) -> str:
    """Draw `text` with one character replaced, put in or taken out."""
    at = draw(st.integers(0, len(text) - 1))
    put_in = draw(st.just("") | CHARACTERS)
    changed = text[:at] + put_in + text[at + draw(st.integers(0, 1)) :]
    assume(changed != text)
    return changed


@given(st.data(), st.integers(0, 2))
def test_any_changed_character_of_a_quote_is_found(data: st.DataObject, number: int) -> None:
    answer = right()
    text = answer["quotes"][number]["text"]
    answer["quotes"][number]["text"] = data.draw(st.composite(altered)(text))
    (found,) = verify(Answer.model_validate(answer), ABSTRACTS)
    assert found.where.startswith(f"quote {number + 1} (")


@given(st.data(), st.sampled_from(sorted(ABSTRACTS)))
def test_any_changed_character_of_an_abstract_is_found(data: st.DataObject, paper_id: str) -> None:
    changed = data.draw(st.composite(altered)(ABSTRACTS[paper_id]))
    found = verify(Answer.model_validate(right()), {**ABSTRACTS, paper_id: changed})
    assert f"({paper_id})" in found[0].where
    assert found[0].reason.startswith("the abstract has changed: SHA-256 ")


@given(st.data(), st.integers(0, 2), st.sampled_from(["start", "end"]), st.integers(0, 99))
def test_any_changed_offset_is_found(
    data: st.DataObject, number: int, name: str, value: int
) -> None:
    answer = right()
    assume(answer["quotes"][number][name] != value)
    answer["quotes"][number][name] = value
    # However wide the context.
    answer["quotes"][number]["context"] = {"start": 0, "end": data.draw(st.integers(25, 65))}
    assert verify(Answer.model_validate(answer), ABSTRACTS)


@given(st.data(), st.sampled_from(["quotes", "citations"]), st.integers(0, 1))
def test_any_changed_id_or_hash_is_found(data: st.DataObject, part: str, number: int) -> None:
    answer = right()
    name = (
        "paper_id"
        if part == "quotes"
        else data.draw(st.sampled_from(["paper_id", "abstract_sha256"]))
    )
    place = answer[part][number]
    place[name] = data.draw(st.composite(altered)(place[name]) | st.sampled_from(sorted(ABSTRACTS)))
    assume(answer != right())
    assert verify(Answer.model_validate(answer), ABSTRACTS)


def test_the_same_words_at_another_place_are_not_the_quote() -> None:
    abstracts = {"title:bread": "Yeast works. Yeast works."}
    answer = right()
    answer["quotes"] = [{**quote("title:bread", "Yeast works.", 1), "start": 13, "end": 25}]
    answer["quotes"][0]["context"] = {"start": 13, "end": 25}
    answer["citations"] = [{**cited(1, "title:bread")}]
    answer["citations"][0]["abstract_sha256"] = sha256(abstracts["title:bread"])
    assert problems(answer, abstracts) == []
    answer["quotes"][0]["start"] = 12
    assert problems(answer, abstracts)


def test_a_problem_reads_as_one_line() -> None:
    assert str(Problem("quote 1", "is wrong")) == "quote 1: is wrong"


def test_what_a_citation_says_is_held_against_a_whole_paper() -> None:
    whole = Paper(
        id="title:bread", title="T", abstract=BREAD, authors=("A", "B"), url="https://b.org"
    )
    answer = right()
    answer["citations"][1].update(authors=["A"], published="2024", url="https://b.org")
    sources = {"doi:10.1/tides": TIDES, "title:bread": whole}
    assert [str(one) for one in verify(Answer.model_validate(answer), sources)] == [
        "citation 2 (title:bread): cites authors 'A', the paper has 'A; B'",
        "citation 2 (title:bread): cites published '2024', the paper has None",
    ]
    answer["citations"][1].update(authors=["A", "B"], published=None)
    assert verify(Answer.model_validate(answer), sources) == []


def test_a_citation_says_that_its_paper_has_been_withdrawn_where_it_has() -> None:
    whole = Paper(id="title:bread", title="T", abstract=BREAD, withdrawn=True)
    sources = {"doi:10.1/tides": TIDES, "title:bread": whole}
    answer = right()
    [silent] = verify(Answer.model_validate(answer), sources)
    assert str(silent) == (
        "citation 2 (title:bread): does not say that the paper has been withdrawn"
    )
    answer["citations"][1]["withdrawn"] = True
    assert verify(Answer.model_validate(answer), sources) == []
    assert verify(Answer.model_validate(answer), ABSTRACTS) == []
    sources["title:bread"] = whole.model_copy(update={"withdrawn": False})
    [wrong] = verify(Answer.model_validate(answer), sources)
    assert wrong.reason == "says that the paper has been withdrawn, which it has not"


def test_a_bundle_round_trips_with_its_papers_to_the_byte() -> None:
    papers = tuple(Paper(id=key, title="T", abstract=text) for key, text in ABSTRACTS.items())
    answer = Answer.model_validate(right())
    bundle = Bundle(answers=(answer, answer), papers=papers)
    again = Bundle.model_validate_json(bundle.model_dump_json())
    assert again == bundle
    assert verify(again.answers[1], {paper.id: paper for paper in again.papers}) == []


def test_a_bundle_of_half_characters_of_nothing_or_with_more_in_it_is_refused() -> None:
    half = {"id": "a", "title": "a", "abstract": "x\ud800"}
    with pytest.raises(ValidationError, match=r"half a character|unicode"):
        Bundle.model_validate({"answers": [right()], "papers": [half]})
    with pytest.raises(ValidationError, match="at least 1 item"):
        Bundle.model_validate({"answers": [], "papers": []})
    with pytest.raises(ValidationError, match="Extra inputs are not permitted"):
        Bundle.model_validate({"answers": [right()], "papers": [], "model": "x"})


LINKED = "Dough rises. See https://example.org/a."


def linked() -> dict[str, Any]:
    """Return an answer of one quote with a link in it: the address stands at 17 of 39."""
    place = {"start": 13, "end": 39}
    quoted = {"text": LINKED[13:], "paper_id": "title:bread", **place, "citation": 1, "score": 0.9}
    address = "https://example.org/a"
    link = {"paper_id": "title:bread", "quote": 1, "text": address, "start": 17, "end": 38}
    return {
        **right(),
        "quotes": [{**quoted, "context": place}],
        "citations": [{**cited(1, "title:bread"), "abstract_sha256": sha256(LINKED)}],
        "links": [{**link, "href": address}],
    }


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, None),
        ({"quote": 2}, "the answer has no such quote of title:bread"),
        ({"paper_id": "title:tides"}, "the answer has no such quote of title:tides"),
        ({"start": 12}, "it does not lie in its quote"),
        ({"end": 40}, "it does not lie in its quote"),
        ({"start": 18}, "its text differs from the quote"),
        ({"text": "https://example.org/b"}, "its text differs from the quote"),
        ({"href": "https://example.com/a"}, "it does not lead to 'https://example.com/a'"),
        ({"href": "javascript:alert(1)"}, "it does not lead to 'javascript:alert(1)'"),
        ({"start": 13, "text": "See https://example.org/a"}, "it does not lead to "),
    ],
)
def test_a_changed_link_is_found(change: dict[str, Any], expected: str | None) -> None:
    answer = linked()
    answer["links"][0].update(change)
    found = problems(answer, {"title:bread": LINKED})
    assert bool(found) == bool(expected)
    assert expected is None or expected in found[-1]
