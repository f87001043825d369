"""The answer as data: its fields are the contract, its limits, and its JSON."""

import json
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from assistant.answer import Answer, Citation, Closest, Context, Coverage, Focus, Quote

#: The contract of ../shared/design.md, field by field.
FIELDS: dict[type[BaseModel], set[str]] = {
    Answer: {
        "id", "question", "query", "focus", "kind", "status", "confidence", "quotes", "citations",
        "closest", "coverage", "filters", "links", "figures", "matching", "follow_ups", "snapshot",
        "count", "version",
    },
    Quote: {
        "text", "paper_id", "start", "end", "citation", "score", "heading", "availability",
        "context", "why",
    },
    Context: {"start", "end"},
    Citation: {
        "number", "paper_id", "title", "authors", "published", "venue", "url", "abstract_sha256",
    },
    Closest: {"paper_id", "title", "url"},
    Focus: {"paper_id", "title", "why"},
    Coverage: {"papers_searched", "missing_terms", "corrected", "sides", "unknown_id"},
}  # fmt: skip


def whole() -> dict[str, Any]:
    """Return an answer as JSON has it, with every field filled."""
    return {
        "id": "q1",
        "question": " Wie groß? ",
        "query": "Wie groß?",
        "focus": {"paper_id": "arxiv:2403.05530", "title": "Größe", "why": "pronoun"},
        "filters": {
            "since": "2024",
            "until": None,
            "venues": ["ACL"],
            "categories": [],
            "sources": [],
            "authors": [],
            "paper_ids": [],
        },
        "kind": "number",
        "status": "answered",
        "confidence": 0.93,
        "quotes": [
            {
                "text": "It is 50% — “half”.",
                "paper_id": "arxiv:2403.05530",
                "start": 120,
                "end": 139,
                "citation": 1,
                "score": 0.91,
                "heading": "How it works",
                "availability": "promised",
                "context": {"start": 60, "end": 139},
                "why": {
                    "lexical": 2.5,
                    "dense": 1.25,
                    "wording": -0.5,
                    "paper": 3.0,
                    "reranker": 0.0,
                    "base": -4.0,
                    "features": {"terms": 2.5},
                },
            }
        ],
        "citations": [
            {
                "number": 1,
                "paper_id": "arxiv:2403.05530",
                "title": "Größe",
                "authors": ["Ann Lee"],
                "published": "2024-03",
                "venue": "ACL",
                "url": "https://example.org",
                "abstract_sha256": "0" * 64,
                "withdrawn": False,
            }
        ],
        "links": [
            {
                "paper_id": "arxiv:2403.05530",
                "quote": 1,
                "text": "example.org",
                "start": 121,
                "end": 132,
                "href": "https://example.org",
            }
        ],
        "figures": [
            {
                "paper_id": "arxiv:2403.05530",
                "quote": 1,
                "text": "50%",
                "start": 126,
                "end": 129,
                "value": 50.0,
                "unit": "percent",
                "meets": True,
            }
        ],
        "matching": {"weighed": 30, "found": 4, "expected": 3.5},
        "count": {"number": 3, "what": "papers are here"},
        "closest": [{"paper_id": "doi:10.1/x", "title": "Near", "url": None}],
        "coverage": {
            "papers_searched": 559,
            "missing_terms": ["groß"],
            "corrected": {"groß": "gross"},
            "sides": {"FIT": "quoted", "FiT": "absent"},
            "unknown_id": "pmid:1",
        },
        "follow_ups": ["What is X?"],
        "snapshot": "f" * 64,
        "version": "0.1.0",
    }


@pytest.mark.parametrize("model", FIELDS)
def test_the_fields_are_the_contract(model: type[BaseModel]) -> None:
    assert set(model.model_fields) >= FIELDS[model]


def test_an_answer_round_trips_through_json_to_the_byte() -> None:
    text = json.dumps(whole(), ensure_ascii=False, separators=(",", ":"))
    answer = Answer.model_validate_json(text)
    assert answer.model_dump_json() == text
    assert answer.quotes[0].text == "It is 50% — “half”."


@pytest.mark.parametrize(
    ("path", "value", "reason"),
    [
        (["confidence"], 1.01, "less than or equal to 1"),
        (["confidence"], -0.01, "greater than or equal to 0"),
        (["status"], "maybe", "'answered' or 'no_answer'"),
        (["kind"], "poem", "literal_error"),
        (["quotes", 0, "start"], -1, "greater than or equal to 0"),
        (["quotes", 0, "end"], -1, "greater than or equal to 0"),
        (["quotes", 0, "start"], 1.5, "int_from_float"),
        (["quotes", 0, "citation"], 0, "greater than or equal to 1"),
        (["quotes", 0, "context", "start"], -1, "greater than or equal to 0"),
        (["citations", 0, "number"], 0, "greater than or equal to 1"),
        (["coverage", "papers_searched"], -1, "greater than or equal to 0"),
        (["claim"], "It is so.", "Extra inputs are not permitted"),
        (["quotes", 0, "paraphrase"], "So.", "Extra inputs are not permitted"),
        (["citations", 0, "abstract"], "So.", "Extra inputs are not permitted"),
    ],
)
def test_what_breaks_the_contract_is_refused(
    path: list[str | int], value: object, reason: str
) -> None:
    answer: Any = whole()
    place = answer
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    with pytest.raises(ValidationError, match=reason):
        Answer.model_validate(answer)


@pytest.mark.parametrize("field", ["question", "status", "confidence", "coverage", "snapshot"])
def test_what_an_answer_cannot_do_without(field: str) -> None:
    answer = whole()
    del answer[field]
    with pytest.raises(ValidationError, match=rf"(?s){field}.*Field required"):
        Answer.model_validate(answer)


def test_an_answer_of_before_there_were_reasons_is_still_one() -> None:
    answer = whole()
    del answer["quotes"][0]["why"]
    assert Answer.model_validate(answer).quotes[0].why is None


def test_an_answer_does_not_change() -> None:
    answer = Answer.model_validate(whole())
    with pytest.raises(ValidationError, match="Instance is frozen"):
        answer.status = "no_answer"  # type: ignore[misc]
    with pytest.raises(ValidationError, match="Instance is frozen"):
        answer.quotes[0].text = "Other."  # type: ignore[misc]
