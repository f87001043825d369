"""Feedback in a real browser: what is pressed is kept, and can be taken back."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import expect

from assistant.assistant import Assistant
from store.feedback import Feedback, Opinion
from tests.ui.chat.test_conversations import reload, texts
from tests.ui.conftest import Visit

pytestmark = pytest.mark.browser

QUESTION = "What is HyenaDNA?"
FOLLOWING = "How long are its contexts?"


@pytest.fixture
def feedback(tmp_path: Path) -> Iterator[Feedback]:
    with closing(Feedback(tmp_path)) as feedback:
        yield feedback


def opinions(feedback: Feedback) -> list[tuple[str, tuple[str, ...], Opinion]]:
    return [(given.question, given.history, one) for given, of in feedback.all() for one in of]


def test_answers_and_sources_are_judged_and_it_can_be_taken_back(
    visit: Callable[..., Visit],
    serving: Callable[..., str],
    assistant: Assistant,
    feedback: Feedback,
    size: tuple[int, int],
) -> None:
    chat = visit(size, at=serving(assistant, feedback=feedback))
    chat.ask(QUESTION)
    answer = chat.ask(FOLLOWING)
    good, bad = (answer.get_by_role("button", name=f"A {name} answer") for name in ("good", "bad"))
    expect(good).to_have_attribute("aria-pressed", "false")
    good.click()
    expect(answer.locator(".aa-done")).to_have_text("Kept.")
    ((given, _),) = feedback.all()
    assert [one.text for one in given.quotes] == texts(answer.locator(".aa-verbatim"))
    ((question, history, one),) = opinions(feedback)
    assert (question, history, one.verdict, one.citation) == (FOLLOWING, (QUESTION,), "good", 0)
    reload(chat, answers=2)
    expect(good).to_have_attribute("aria-pressed", "true")

    bad.click()
    asked = chat.page.get_by_role("dialog", name="What is wrong with this answer?")
    asked.get_by_label("The abstracts do not answer this").check()
    asked.get_by_label("Comment").fill("<b>Not</b> so.")
    asked.get_by_role("button", name="Send").click()
    expect(answer.locator(".aa-done")).to_have_text("Thank you.")
    expect(good).to_have_attribute("aria-pressed", "false")
    ((_, _, one),) = opinions(feedback)
    assert (one.verdict, one.reason, one.comment) == ("bad", "unanswerable", "<b>Not</b> so.")

    bad.click()
    expect(answer.locator(".aa-done")).to_have_text("Taken back.")
    expect(bad).to_have_attribute("aria-pressed", "false")
    assert opinions(feedback) == []

    chat.chips.first.click()
    card = chat.page.locator(".aa-source.aa-active")
    card.get_by_role("button", name="Supports it").click()
    expect(card.locator(".aa-done")).to_have_text("Kept.")
    ((_, _, one),) = opinions(feedback)
    assert (one.verdict, one.citation) == ("good", 1)


def test_without_feedback_nobody_is_asked(
    visit: Callable[..., Visit], serving: Callable[..., str], assistant: Assistant
) -> None:
    chat = visit(at=serving(assistant))
    answer = chat.ask(QUESTION)
    expect(answer.get_by_role("button", name="Copy link")).to_be_visible()
    expect(chat.page.locator(".aa-verdict")).to_have_count(0)
