"""Numeric filters: papers whose figures meet a bound, each figure shown as it stands."""

import copy
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from assistant.answer import Answer
from assistant.assistant import Assistant
from assistant.verification.verify import verify
from store.papers import sha256

TEXT = "Tides save 40-60\\% of FLOPs and 2.49times the time."


def answer() -> dict[str, Any]:
    """Return an answer of one quote with a range at 11 to 18 in it."""
    place = {"start": 0, "end": len(TEXT)}
    return {
        "question": "q",
        "query": "q",
        "kind": "threshold",
        "status": "answered",
        "confidence": 0.9,
        "quotes": [
            {"text": TEXT, "paper_id": "t", **place, "citation": 1, "score": 1, "context": place}
        ],
        "citations": [
            {"number": 1, "paper_id": "t", "title": "T", "abstract_sha256": sha256(TEXT)}
        ],
        "figures": [
            {
                "paper_id": "t",
                "quote": 1,
                "text": "40-60\\%",
                "start": 11,
                "end": 18,
                "value": 60.0,
                "unit": "percent",
                "meets": True,
            }
        ],
        "coverage": {"papers_searched": 1},
        "snapshot": "0",
        "version": "0",
    }


def problems(given: dict[str, Any]) -> list[str]:
    return [one.reason for one in verify(Answer.model_validate(given), {"t": TEXT})]


def test_a_figure_that_stands_in_its_quote_verifies() -> None:
    assert problems(answer()) == []


CHANGES = st.one_of(
    st.tuples(st.just("text"), st.text(max_size=8)),
    st.tuples(st.sampled_from(["start", "end"]), st.integers(0, 99)),
    st.tuples(st.just("quote"), st.integers(1, 9)),
    st.tuples(st.just("paper_id"), st.text(max_size=3)),
    st.tuples(st.just("value"), st.floats(0, 1e9)),
    st.tuples(st.just("unit"), st.sampled_from(["", "times", "point"])),
)


@given(CHANGES)
def test_any_change_of_a_figure_is_found(change: tuple[str, Any]) -> None:
    given_ = copy.deepcopy(answer())
    name, value = change
    assume(given_["figures"][0][name] != value and (name, value) != ("value", 40.0))
    given_["figures"][0][name] = value
    assert problems(given_)


def test_figures_stand_in_their_quotes_and_meet_the_bound(assistant: Assistant) -> None:
    given_ = assistant.ask("Which models read more than 100,000 tokens of DNA?")
    cited = [citation.paper_id for citation in given_.citations]
    abstracts = {key: paper.abstract for key, paper in assistant.corpus.get(cited).items()}
    assert given_.kind == "threshold"
    assert verify(given_, abstracts) == []
    for figure in given_.figures:
        assert abstracts[figure.paper_id][figure.start : figure.end] == figure.text
        assert figure.value > 100_000
