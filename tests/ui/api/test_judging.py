"""Feedback over REST, in a store of its own."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest
from limits import parse

from assistant.assistant import Assistant
from store.feedback import Feedback, Given, Opinion
from store.papers import Paper
from ui.access.admission import Rules

QUESTION = "What is HyenaDNA?"


@pytest.fixture(scope="module")
def feedback(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Feedback]:
    with closing(Feedback(tmp_path_factory.mktemp("feedback"))) as feedback:
        yield feedback


@pytest.fixture(scope="module")
def address(assistant: Assistant, feedback: Feedback, serving: Callable[..., str]) -> str:
    return serving(assistant, feedback=feedback)


@pytest.fixture
def person(address: str, feedback: Feedback) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=f"{address}/api/v1", timeout=60) as client:
        yield client


def judge(person: httpx.Client, **more: object) -> httpx.Response:
    return person.post("/feedback", json={"question": QUESTION, "verdict": "good", **more})


def kept(feedback: Feedback, question: str = QUESTION) -> list[tuple[Given, list[Opinion]]]:
    return [(given, list(of)) for given, of in feedback.all() if given.question == question]


def test_an_opinion_is_kept_with_the_quotes_changed_and_taken_back(
    person: httpx.Client, address: str, assistant: Assistant, feedback: Feedback
) -> None:
    answer = assistant.ask(QUESTION)
    assert judge(person, snapshot=answer.snapshot[:12]).status_code == 204
    ((given, opinions),) = kept(feedback)
    assert [(one.verdict, one.citation) for one in opinions] == [("good", 0)]
    assert [one.text for one in given.quotes] == [quote.text for quote in answer.quotes]
    judge(person, verdict="bad", reason="wrong", comment="a\nb")
    judge(person, citation=1)
    ((_, opinions),) = kept(feedback)
    assert [(one.verdict, one.citation, one.reason, one.comment) for one in opinions] == [
        ("bad", 0, "wrong", "a\nb"),
        ("good", 1, None, ""),
    ]
    # Another browser is another person.
    httpx.post(f"{address}/api/v1/feedback", json={"question": QUESTION, "verdict": "bad"})
    assert len(kept(feedback)[0][1]) == 3
    for citation in (0, 1):
        judge(person, verdict=None, citation=citation)
    assert len(kept(feedback)[0][1]) == 1


def test_a_follow_up_is_judged_as_it_was_asked(person: httpx.Client, feedback: Feedback) -> None:
    following = "How long are its contexts?"
    earlier = {"question": QUESTION, "standalone": True}
    for history in ([QUESTION], [earlier]):
        assert judge(person, question=following, history=history).status_code == 204
    ((given, _),) = kept(feedback, following)
    assert (given.query, given.history) == ("How long are HyenaDNA's contexts?", (QUESTION,))
    judge(person, question=following, history=[QUESTION], standalone=True)
    assert following in {given.query for given, _ in kept(feedback, following)}


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"verdict": "ugly"}, "Input should be 'good' or 'bad'"),
        ({"citation": 99}, "citation: the answer has none with the number 99"),
        ({"citation": -1}, "Input should be greater than or equal to 0"),
        ({"snapshot": "0" * 12}, "the papers have changed since that answer"),
        ({"comment": "x" * 2001}, "String should have at most 2000 characters"),
        ({"history": [QUESTION] * 51}, "should have at most 50 items"),
        ({"question": "?"}, "the question holds no word"),
        ({"quotes": ["forged"]}, "Extra inputs are not permitted"),
    ],
)
def test_what_cannot_be_kept_is_refused_with_the_reason(
    person: httpx.Client, feedback: Feedback, more: dict[str, object], said: str
) -> None:
    before = list(feedback.all())
    got = judge(person, **more)
    assert (got.status_code, got.headers["content-type"]) == (422, "application/problem+json")
    assert said in got.json()["detail"]
    assert list(feedback.all()) == before


def test_the_questions_before_count_as_requests(
    assistant: Assistant, feedback: Feedback, serving: Callable[..., str]
) -> None:
    address = serving(assistant, feedback=feedback, rules=Rules(rate=parse("5/hour")))
    asked = {"question": "How is HyenaDNA trained?", "history": [QUESTION, QUESTION]}

    def post(path: str, **more: object) -> int:
        got = httpx.post(f"{address}{path}", json={**asked, **more}, timeout=60)
        return got.status_code

    # Three, then two that are left, which are not enough for three.
    assert post("/api/v1/feedback", verdict="good") == 204
    assert post("/api/v1/ask") == 429
    assert post("/api/v1/ask", history=[]) == 200
    assert post("/api/v1/ask", history=[]) == 429


def test_an_opinion_is_changed_and_taken_back_after_the_papers_changed(
    person: httpx.Client, assistant: Assistant, feedback: Feedback
) -> None:
    question = "What is Octopus v4?"
    before = assistant.corpus.snapshot
    judge(person, question=question, snapshot=before, citation=1)
    added = Paper(id="title:new", title="New", abstract="A paper of no matter that came later.")
    assistant.corpus.add([added])
    try:
        unseen = judge(person, question="What is HyenaDNA like?", snapshot=before)
        assert "the papers have changed since" in unseen.json()["detail"]
        judge(person, question=question, snapshot=before, citation=1, verdict="bad")
        ((given, (one,)),) = kept(feedback, question)
        assert (given.snapshot, one.verdict, one.citation) == (before, "bad", 1)
        # Whoever names no snapshot means the question.
        assert judge(person, question=question, citation=1, verdict=None).status_code == 204
        assert kept(feedback, question) == []
    finally:
        assistant.corpus.remove([added.id])


def test_who_is_not_known_again_is_told_that_nothing_was_taken_back(
    address: str, feedback: Feedback
) -> None:
    taken = {"question": QUESTION, "verdict": None}
    got = httpx.post(f"{address}/api/v1/feedback", json=taken, timeout=60)
    assert got.status_code == 403
    assert "cannot be taken back" in got.json()["detail"]


def test_a_page_of_another_site_gives_none(person: httpx.Client, feedback: Feedback) -> None:
    before = list(feedback.all())
    got = person.post(
        "/feedback",
        json={"question": QUESTION, "verdict": "good"},
        headers={"sec-fetch-site": "cross-site"},
    )
    assert got.status_code == 403
    assert list(feedback.all()) == before


def test_switched_off_it_is_refused_and_the_chat_does_not_ask(
    assistant: Assistant, serving: Callable[..., str], tmp_path: Path
) -> None:
    address = serving(assistant)
    got = httpx.post(
        f"{address}/api/v1/feedback", json={"question": QUESTION, "verdict": "good"}, timeout=60
    )
    assert (got.status_code, got.json()["detail"]) == (403, "Feedback is switched off here.")
