"""Framing: nothing around the quotes of an answer can be put there that is not its to say."""

from collections.abc import Callable
from typing import Any

import pytest
from pydantic import ValidationError

from assistant.answer import Answer
from assistant.verification.verify import verify
from store.papers import Paper, sha256

TIDES = "Tides save 50% of the FLOPs. The code is at https://tides.org/code."
WAVES = "Waves save 60% of the FLOPs."
PAPERS = {
    "a:1": Paper(id="a:1", title="Tides", abstract=TIDES, venue="Sea"),
    "a:2": Paper(id="a:2", title="Waves", abstract=WAVES, venue="Sea"),
    "a:3": Paper(id="a:3", title="Bread", abstract="Yeast works.", url="https://bread.org"),
}


def quoted(paper_id: str, text: str, citation: int, **more: object) -> dict[str, Any]:
    start = PAPERS[paper_id].abstract.index(text)
    place = {"start": start, "end": start + len(text)}
    return {
        **{"text": text, "paper_id": paper_id, **place, "citation": citation, "score": 0.9},
        **{"context": place, **more},
    }


def answer(question: str, kind: str, *quotes: dict[str, Any], **more: object) -> dict[str, Any]:
    """Return an answer of these quotes, each of which is of another paper, as JSON has it."""
    cited = [
        {
            "number": number,
            "paper_id": quote["paper_id"],
            "title": PAPERS[quote["paper_id"]].title,
            "venue": PAPERS[quote["paper_id"]].venue,
            "abstract_sha256": sha256(PAPERS[quote["paper_id"]].abstract),
        }
        for number, quote in enumerate(quotes, 1)
    ]
    return {
        **{"question": question, "query": question, "kind": kind, "confidence": 0.9},
        **{"status": "answered" if quotes else "no_answer", "quotes": list(quotes)},
        **{"citations": cited, "coverage": {"papers_searched": 3}},
        **{"snapshot": "0" * 64, "version": "0", **more},
    }


def problems(given: dict[str, Any]) -> list[str]:
    return [str(problem) for problem in verify(Answer.model_validate(given), PAPERS)]


def compared() -> dict[str, Any]:
    return answer(
        "Do tides or waves or boats save more?",
        "comparison",
        quoted("a:1", "Tides save 50% of the FLOPs.", 1, heading="tides"),
        quoted("a:2", WAVES, 2, heading="tides and waves"),
        coverage={
            "papers_searched": 3,
            "sides": {"tides": "quoted", "waves": "quoted", "boats": "absent"},
            "missing_terms": ["boats"],
        },
    )


def bounded() -> dict[str, Any]:
    figures = [
        {"paper_id": f"a:{n}", "quote": n, "text": f"{value}%", "start": 11, "end": 14}
        | {"value": value, "unit": "percent", "meets": True}
        for n, value in ((1, 50), (2, 60))
    ]
    return answer(
        "Which save more than 40% of FLOPs?",
        "threshold",
        quoted("a:1", "Tides save 50% of the FLOPs.", 1),
        quoted("a:2", WAVES, 2),
        figures=figures,
        matching={"weighed": 3, "found": 2, "expected": 1.8},
    )


def resource() -> dict[str, Any]:
    text, address = TIDES[29:], "https://tides.org/code"
    start = TIDES.index(address)
    link = {"paper_id": "a:1", "quote": 1, "start": start, "end": start + len(address)}
    return answer(
        "Where is the code of Tides?",
        "resource",
        quoted("a:1", text, 1, availability="available"),
        links=[{**link, "text": address, "href": address}],
    )


def counted(
    number: int = 2, what: str = "papers hold each of these words in some form: save"
) -> Any:
    return answer(
        "How many papers mention save?",
        "corpus",
        quoted("a:1", "Tides save 50% of the FLOPs.", 1),
        count={"number": number, "what": what},
    )


def abstaining() -> dict[str, Any]:
    near = {"paper_id": "a:3", "title": "Bread", "url": "https://bread.org"}
    return answer(
        "How do cakse rise?",
        "factoid",
        closest=[near],
        focus={"paper_id": "a:1", "title": "Tides", "why": "pronoun"},
        coverage={"papers_searched": 3, "corrected": {"cakse": "cakes"}},
    )


@pytest.mark.parametrize("right", [compared, bounded, resource, counted, abstaining])
def test_what_frames_an_answer_rightly_has_no_problem(right: Callable[[], dict[str, Any]]) -> None:
    assert problems(right()) == []


def test_parts_of_an_explanation_are_headings_too() -> None:
    text = "Tides save 50% of the FLOPs."
    part = quoted("a:1", text, 1, heading="What it achieves")
    assert problems(answer("What are tides?", "definition", part)) == []


Change = Callable[[dict[str, Any]], object]
FORGED: dict[str, tuple[Callable[[], dict[str, Any]], Change, str]] = {
    "heading": (
        compared,
        lambda a: a["quotes"][0].update(heading="This paper is a fraud"),
        "its heading 'This paper is a fraud' is neither",
    ),
    "side": (
        compared,
        lambda a: a["coverage"]["sides"].update({"This paper is a fraud": "absent"}),
        "speaks of 'This paper is a fraud', which the question does not name",
    ),
    "order of sides": (
        compared,
        lambda a: a["quotes"][1].update(heading="waves and tides"),
        "its heading 'waves and tides' is neither",
    ),
    "side denied": (
        compared,
        lambda a: a["coverage"]["sides"].update({"tides": "absent"}),
        "says that 'tides' is absent, but quotes stand under it",
    ),
    "side claimed": (
        compared,
        lambda a: a["coverage"]["sides"].update({"boats": "quoted"}),
        "says that a quote names 'boats', but none stands under it",
    ),
    "missing term": (
        compared,
        lambda a: a["coverage"].update(missing_terms=["honest authors"]),
        "speaks of 'honest authors'",
    ),
    "twice": (
        compared,
        lambda a: a["quotes"].append(a["quotes"][0]),
        "it stands there twice",
    ),
    "closest beside quotes": (
        compared,
        lambda a: a.update(closest=[{"paper_id": "a:3", "title": "Bread"}]),
        "names closest papers beside quotes",
    ),
    "found below cited": (
        bounded,
        lambda a: a["matching"].update(found=1),
        "says that 1 of 3 papers match, with 2 cited and 3 searched",
    ),
    "found above weighed": (
        bounded,
        lambda a: a["matching"].update(found=29),
        "says that 29 of 3 papers match",
    ),
    "weighed above searched": (
        bounded,
        lambda a: a["matching"].update(weighed=30),
        "says that 2 of 30 papers match",
    ),
    "expected": (
        bounded,
        lambda a: a["matching"].update(expected=2.1),
        "expects 2.1 of the 2 papers cited to match",
    ),
    "matching of no list": (
        bounded,
        lambda a: a.update(kind="factoid"),
        "says how many papers match, but does not list them",
    ),
    "figures taken out": (
        bounded,
        lambda a: a.update(figures=[]),
        "its figure 50% meets the question, but is not shown",
    ),
    "a figure taken out": (
        bounded,
        lambda a: a["figures"].pop(),
        "its figure 60% meets the question, but is not shown",
    ),
    "figure that is said not to meet": (
        bounded,
        lambda a: a["figures"][0].update(meets=False),
        "whether its figure 50% meets the question is told wrongly",
    ),
    "question that the figures do not meet": (
        bounded,
        lambda a: a.update(query="Which save more than 70%?", question="Over 70%?"),
        "whether its figure 50% meets the question is told wrongly",
    ),
    "availability": (
        resource,
        lambda a: a["quotes"][0].update(availability="promised"),
        "it does not say that anything is promised",
    ),
    "availability of what was not asked for": (
        resource,
        lambda a: a.update(kind="factoid"),
        "it does not say that anything is available",
    ),
    "links taken out": (
        resource,
        lambda a: a.update(links=[]),
        "its address https://tides.org/code is not among the links",
    ),
    "correction": (
        abstaining,
        lambda a: a["coverage"]["corrected"].update(cakse="all authors are liars"),
        "which is no slip in typing",
    ),
    "closest": (
        abstaining,
        lambda a: a["closest"][0].update(title="Forged"),
        "names a:3 otherwise than the paper does",
    ),
    "focus": (
        abstaining,
        lambda a: a["focus"].update(title="A fraud"),
        "is about a:1, but calls it 'A fraud'",
    ),
    "unknown id": (
        abstaining,
        lambda a: a["coverage"].update(unknown_id="doi:10.1/other"),
        "says that 'doi:10.1/other' is not here",
    ),
}


@pytest.mark.parametrize("name", FORGED)
def test_what_is_forged_is_found(name: str) -> None:
    right, forge, expected = FORGED[name]
    given = right()
    forge(given)
    assert expected in "\n".join(problems(given))


@pytest.mark.parametrize(
    ("number", "what"),
    [
        (9999, "papers prove that the earth is flat"),
        (2, "papers hold each of these words in some form: fraud"),
        (1, "papers hold each of these words in some form: save"),
        (2, "paper holds each of these words in some form: save"),
        (2, "papers are here to be searched, all of them lies"),
        (2, "papers are of yesterday; the newest date here is 2024"),
        (2, "venues are named by the papers; most often Fraud (2)"),
    ],
)
def test_a_count_of_anything_else_is_found(number: int, what: str) -> None:
    assert problems(counted(number, what)) == [
        f"answer: counts {what!r}, which is no wording for a count, or not this one's"
    ]


@pytest.mark.parametrize(
    ("number", "what"),
    [
        (1, "paper is here to be searched"),
        (3, "papers are here, of 2023 to 2024; some that stand for them follow"),
        (0, "papers hold each of these words in some form: save, mention"),
        (2, "papers are of listings of Mar 5, Mar 11; the newest date here is Mar 11"),
        (1, "paper is of 2024-03-11; the newest date here is 2024-03-11"),
        (1, "venue is named by the papers; most often Sea (1,002)"),
    ],
)
def test_a_count_in_its_wording_is_one(number: int, what: str) -> None:
    assert problems(counted(number, what)) == []


@pytest.mark.parametrize(
    "forge",
    [
        lambda a: a["quotes"][0].update(score=7.0),
        lambda a: a["quotes"][0].update(score=-0.1),
        lambda a: a.update(confidence=1.1),
        lambda a: a.update(closest=[{"paper_id": "x", "title": "x", "url": "javascript:alert(1)"}]),
    ],
)
def test_what_no_answer_can_hold_is_none(forge: Change) -> None:
    given = compared()
    forge(given)
    with pytest.raises(ValidationError):
        Answer.model_validate(given)
