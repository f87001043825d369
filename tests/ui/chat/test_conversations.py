"""Conversations in a real browser, which keeps them; the server answers their questions again."""

import re
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, expect

from assistant.answer import Answer
from assistant.assistant import Assistant
from store.papers import Paper
from tests.ui.conftest import Reciter, Visit, running
from ui.server import make_app

pytestmark = pytest.mark.browser

FIRST = "What is HyenaDNA?"
FOLLOWING = "How long are its contexts?"
OTHER = "How much training data does K-Tokeniser need?"

Open = Callable[..., Visit]


def texts(locator: Locator) -> list[str]:
    return [one.inner_text() for one in locator.all()]


def drawer(chat: Visit) -> Locator:
    chat.page.get_by_role("button", name="Conversations", exact=True).click()
    return chat.page.get_by_role("dialog", name="Conversations")


def reload(chat: Visit, *, answers: int) -> None:
    chat.page.reload()
    chat.box.wait_for()
    expect(chat.page.locator("#aa-chat .aa-answer")).to_have_count(answers)


def test_a_conversation_survives_a_reload(visit: Open) -> None:
    chat = visit()
    chat.ask(FIRST)
    chat.ask(FOLLOWING)
    chat.answer_to(lambda: chat.answers.nth(1).locator(".aa-drop").click())
    shown = texts(chat.answers.locator(".aa-quote"))
    reload(chat, answers=3)
    assert texts(chat.questions) == [FIRST, FOLLOWING, FOLLOWING]
    assert texts(chat.answers.locator(".aa-quote")) == shown
    expect(chat.answers.nth(1).locator(".aa-about")).to_contain_text("About: HyenaDNA")
    expect(chat.answers.nth(2).locator(".aa-about")).to_have_count(0)
    expect(chat.page.locator(".aa-since")).to_have_count(0)
    asked = chat.ask("What does HyenaDNA learn from, and how does it work?")
    expect(asked.locator(".aa-answer")).to_be_visible()
    # Another tab begins anew, and finds it in the list.
    other = chat.page.context.new_page()
    other.goto(chat.base)
    other.locator("#aa-box textarea").wait_for()
    expect(other.locator("#aa-chat .aa-question")).to_have_count(0)
    other.close()


def test_the_reader_stays_where_they_were_when_the_page_is_loaded_anew(visit: Open) -> None:
    chat = visit()
    for question in (OTHER, FIRST, FOLLOWING):
        chat.ask(question)
    row = 'document.querySelectorAll("#aa-chat .message-row")[2]'
    place = f"() => {row}.getBoundingClientRect().y"
    was = chat.page.evaluate(place)
    chat.page.mouse.move(300, 400)
    chat.page.mouse.wheel(0, -300)
    chat.page.wait_for_function(f"was => ({place})() === was + 300", arg=was)
    where = chat.page.evaluate(place)
    reload(chat, answers=3)
    expect(chat.page.locator("#aa-chat .option").first).to_be_visible()
    assert chat.page.evaluate(place) == pytest.approx(where, abs=2)


def test_two_tabs_of_one_conversation_lose_nothing_of_each_other(visit: Open) -> None:
    chat = visit()
    chat.ask(FIRST)
    with chat.page.expect_popup() as opened:
        # As a browser duplicates a tab: with what the session keeps.
        chat.page.evaluate("window.open(location.href)")
    other = Visit(opened.value, chat.base)
    expect(other.questions).to_have_text([FIRST])
    expect(other.page.locator("#aa-chat .aa-answer")).to_have_count(1)
    other.ask(FOLLOWING)
    chat.ask(OTHER)
    expect(chat.page.locator(".aa-said-here")).to_contain_text("Another tab has gone on")
    listed = drawer(chat).locator(".aa-conversation small")
    expect(listed).to_have_text([re.compile("^2 questions"), re.compile("^2 questions")])
    other.ask("What does it learn from?")
    expect(listed).to_have_text([re.compile("^3 questions"), re.compile("^2 questions")])
    chat.page.keyboard.press("Escape")
    reload(chat, answers=2)
    assert texts(chat.questions) == [FIRST, OTHER]
    assert texts(other.questions) == [FIRST, FOLLOWING, "What does it learn from?"]
    other.page.close()


def test_what_is_asked_while_a_conversation_opens_is_asked_then_and_once(
    visit: Open, serving: Callable[..., str]
) -> None:
    slow = Slow()
    slow.let_go.set()
    chat = visit(at=serving(slow))
    chat.ask("Slow?")
    chat.page.get_by_role("button", name="New chat").click()
    expect(chat.answers).to_have_count(0)
    # As after an upgrade: the answer is none of those that are kept.
    slow.let_go.clear()
    slow.version = "other"
    drawer(chat).get_by_text("Slow?").click()
    for typed, left in (("Quick?", ""), ("Too quick?", "Too quick?")):
        chat.box.fill(typed)
        chat.box.press("Enter")
        expect(chat.box).to_have_value(left)
    slow.let_go.set()
    expect(chat.questions).to_have_text(["Slow?", "Quick?"])
    expect(chat.box).to_have_value("Too quick?")


def test_a_conversation_survives_a_restart_of_the_server_and_tells_of_new_papers(
    browser: Browser, assistant: Assistant, uploads: Path
) -> None:
    chat = Visit(browser.new_page(), "")
    with running(make_app(assistant, title="One")) as address:
        chat.page.goto(address)
        chat.ask(FIRST)
        port = int(address.rpartition(":")[2])
    added = Paper(id="title:new", title="New", abstract="A paper of no matter that came later.")
    assistant.corpus.add([added])
    try:
        with running(make_app(assistant, title="Two"), port=port):
            chat.page.reload()
            expect(chat.page.locator(".aa-since")).to_have_text(
                "The papers have changed since then; the quotes are the same."
            )
            assert texts(chat.questions) == [FIRST]
        # The page that was open all along asks on, too, once it has seen the server come back.
        away = chat.page.locator("#aa-offline")
        expect(away).to_be_visible(timeout=20_000)
        with running(make_app(assistant, title="Three"), port=port):
            expect(away).to_be_hidden(timeout=20_000)
            expect(chat.answers).to_have_count(1)
            chat.ask(FOLLOWING)
            assert texts(chat.questions) == [FIRST, FOLLOWING]
            expect(chat.answers.last.locator(".aa-about")).to_contain_text("About: HyenaDNA")
    finally:
        assistant.corpus.remove([added.id])
        chat.page.close()


def test_conversations_are_listed_opened_renamed_and_deleted(
    visit: Open, size: tuple[int, int]
) -> None:
    chat = visit(size)
    chat.ask(FIRST)
    chat.ask(FOLLOWING)
    chat.page.get_by_role("button", name="New chat").click()
    expect(chat.answers).to_have_count(0)
    chat.ask(OTHER)
    listed = drawer(chat)
    names = listed.locator(".aa-conversation span")
    assert texts(names) == [OTHER, FIRST]

    listed.get_by_role("button", name=f"Rename “{FIRST}”").click()
    chat.page.keyboard.type("<b>Genomes</b>")
    chat.page.keyboard.press("Enter")
    assert texts(names) == [OTHER, "<b>Genomes</b>"]
    names.last.click()
    expect(chat.answers).to_have_count(2)
    assert texts(chat.questions) == [FIRST, FOLLOWING]

    listed = drawer(chat)
    expect(listed.locator("[aria-current]")).to_contain_text("Genomes")
    listed.get_by_role("button", name=f"Delete “{OTHER}”").click()
    assert texts(names) == ["<b>Genomes</b>"]
    listed.get_by_role("button", name="Undo").click()
    assert texts(names) == [OTHER, "<b>Genomes</b>"]
    listed.get_by_role("button", name="Delete “<b>Genomes</b>”").click()
    chat.page.keyboard.press("Escape")
    expect(chat.answers).to_have_count(0)
    reload(chat, answers=0)
    drawer(chat)
    assert texts(names) == [OTHER]


def test_an_edited_question_takes_the_place_of_what_followed(visit: Open) -> None:
    chat = visit()
    for question in (FIRST, FOLLOWING, OTHER):
        chat.ask(question)
    chat.page.locator(".user-row").nth(1).hover()
    chat.page.get_by_role("button", name="Edit the question").nth(1).click()
    expect(chat.box).to_have_value(FOLLOWING)
    said = chat.page.locator(".aa-said-here")
    expect(said).to_contain_text("Asking replaces this question and the question after it.")
    chat.page.keyboard.press("Escape")
    expect(said).to_be_empty()
    expect(chat.box).to_have_value("")
    chat.page.get_by_role("button", name="Edit the question").nth(1).click()
    chat.box.fill("What does it learn from?")
    chat.box.press("Enter")
    expect(chat.questions).to_have_text([FIRST, "What does it learn from?"])
    expect(chat.answers.nth(1).locator(".aa-query")).to_contain_text("HyenaDNA")


def test_a_question_is_asked_again_where_it_stands(visit: Open) -> None:
    chat = visit()
    for question in (FIRST, FOLLOWING):
        chat.ask(question)
    chat.page.get_by_role("button", name="Ask it again").first.click()
    expect(chat.answers.first.locator(".aa-since")).to_have_text(
        "Same papers, same assistant: this is the answer as it was."
    )
    expect(chat.answers).to_have_count(2)
    expect(chat.answers.last.locator(".aa-about")).to_contain_text("About: HyenaDNA")


def test_where_nothing_may_be_kept_the_page_keeps_it_and_says_so_once(
    browser: Browser, base: str
) -> None:
    context = browser.new_context()
    context.add_init_script(
        """for (const name of ["localStorage", "sessionStorage"])
          Object.defineProperty(window, name, {
            get() { throw new DOMException("denied", "SecurityError"); } });"""
    )
    chat = Visit(context.new_page(), base).open()
    chat.ask(FIRST)
    said = chat.page.locator(".aa-said-here")
    expect(said).to_have_text(
        "This browser keeps nothing for this page: conversations end with it."
    )
    chat.page.get_by_role("button", name="New chat").click()
    expect(chat.answers).to_have_count(0)
    chat.ask(OTHER)
    expect(said).to_be_empty()
    listed = drawer(chat)
    assert texts(listed.locator(".aa-conversation span")) == [OTHER, FIRST]
    listed.get_by_text(FIRST).click()
    expect(chat.questions).to_have_text([FIRST])
    context.close()
    assert chat.errors == []


class Slow(Reciter):
    """An assistant that answers a slow question when it is let go."""

    def __init__(self) -> None:
        super().__init__(["A sentence."])
        self.let_go = threading.Event()

    def ask(self, question: str, **options: Any) -> Answer:
        if question == "Slow?":
            self.let_go.wait(60)
        return super().ask(question, **options)


def test_an_answer_that_is_looked_for_can_be_stopped(
    visit: Open, serving: Callable[..., str]
) -> None:
    slow = Slow()
    chat = visit(at=serving(slow))
    chat.ask("Quick?")
    for stop in ("click", "Escape", "another"):
        chat.box.fill("Slow?")
        chat.box.press("Enter")
        expect(chat.questions).to_have_text(["Quick?", "Slow?"])
        if stop == "another":
            chat.page.get_by_role("button", name="New chat").click()
            expect(chat.answers).to_have_count(0)
            continue
        if stop == "click":
            chat.page.get_by_role("button", name="Stop").click()
        else:
            chat.page.keyboard.press("Escape")
        expect(chat.questions).to_have_text(["Quick?"])
        expect(chat.box).to_have_value("Slow?")
    slow.let_go.set()
    chat.ask("Quick again?")
    expect(chat.questions).to_have_text(["Quick again?"])
    assert texts(drawer(chat).locator(".aa-conversation span")) == ["Quick again?", "Quick?"]


def test_answers_of_the_chat_are_counted_once(visit: Open) -> None:
    def counted() -> float:
        text = chat.page.request.get(f"{chat.base}/metrics").text()
        found = re.findall(r'assistant_answers_total{[^}]*surface="chat"[^}]*} ([\d.]+)', text)
        return sum(map(float, found))

    chat = visit()
    before = counted()
    chat.ask(FIRST)
    chat.ask(FOLLOWING)
    reload(chat, answers=2)
    assert counted() == before + 2
