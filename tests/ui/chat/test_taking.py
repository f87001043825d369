"""Taking answers away in a real browser: what is copied or saved is what the answer says."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, expect
from pybtex.database import parse_string

from assistant.assistant import Assistant
from assistant.exports.formats import OF_ANSWERS, Format
from assistant.exports.writing import write_answers
from assistant.verification.verify import Bundle, verify
from ui.chat.taking import NAMES

pytestmark = pytest.mark.browser

FIRST = "How much training data does K-Tokeniser need?"
SECOND = "What is HyenaDNA?"
ABSENT = "Which benchmark measures tax law?"


def saved(menu: Locator, to: Format, folder: Path) -> tuple[str, str]:
    """Click a format; return the name and the content of the file that is saved."""
    with menu.page.expect_download() as waiting:
        menu.get_by_role("button", name=NAMES[to], exact=True).click()
    expect(menu.get_by_role("status")).to_have_text(f"Saved as {waiting.value.suggested_filename}.")
    waiting.value.save_as(folder / "saved")
    return waiting.value.suggested_filename, (folder / "saved").read_text("utf-8")


def written(assistant: Assistant, questions: list[str], to: Format) -> str:
    answers = [assistant.ask(question) for question in questions]
    cited = {one.paper_id for answer in answers for one in answer.citations}
    return write_answers(answers, assistant.corpus.get(cited), to=to)


def test_one_answer_is_saved_in_each_format(
    visit: Callable[..., Any], assistant: Assistant, size: tuple[int, int], tmp_path: Path
) -> None:
    chat = visit(size)
    chat.ask(FIRST)
    menu = chat.ask(SECOND).locator(".aa-take")
    expect(menu.locator(".aa-formats")).to_be_hidden()
    menu.locator("summary").click()
    for to in OF_ANSWERS:
        name, text = saved(menu, to, tmp_path)
        assert (name, text) == (f"answer{to.suffix}", written(assistant, [SECOND], to))
    box, page = menu.locator(".aa-formats").bounding_box(), chat.page.viewport_size
    assert box and 0 <= box["x"] <= box["x"] + box["width"] <= page["width"]


def test_one_answer_is_copied_as_markdown(visit: Callable[..., Any], assistant: Assistant) -> None:
    chat = visit()
    menu = chat.ask(FIRST).locator(".aa-take")
    menu.locator("summary").click()
    menu.get_by_role("button", name="Copy as Markdown").click()
    expect(menu.get_by_role("status")).to_have_text("Copied.")
    copied = chat.page.evaluate("navigator.clipboard.readText()")
    assert copied == written(assistant, [FIRST], Format.MARKDOWN)


def test_the_whole_conversation_is_saved_as_a_bundle_that_verifies(
    visit: Callable[..., Any], assistant: Assistant, size: tuple[int, int], tmp_path: Path
) -> None:
    chat = visit(size)
    every = chat.page.locator("#aa-take-every")
    expect(every).to_be_hidden()
    for question in (FIRST, ABSENT, SECOND):
        chat.ask(question)
    every.locator("summary").click()
    expect(every.locator(".aa-formats")).to_be_in_viewport(ratio=1)
    name, text = saved(every, Format.BUNDLE, tmp_path)
    bundle = Bundle.model_validate_json(text)
    assert name == "answers.json"
    assert [answer.question for answer in bundle.answers] == [FIRST, ABSENT, SECOND]
    papers = {paper.id: paper for paper in bundle.papers}
    assert [verify(answer, papers) for answer in bundle.answers] == [[], [], []]
    name, text = saved(every, Format.BIBTEX, tmp_path)
    assert (name, len(parse_string(text, "bibtex").entries)) == ("answers.bib", len(papers))
    _, text = saved(every, Format.MARKDOWN, tmp_path)
    assert text.count("\n## ") == 2
    chat.page.keyboard.press("Escape")
    expect(every.locator(".aa-formats")).to_be_hidden()
    expect(every.locator("summary")).to_be_focused()
    every.locator("summary").click()
    chat.page.get_by_role("button", name="New chat").click()
    expect(every).to_be_hidden()


def test_where_nothing_was_answered_only_the_conversation_is_offered(
    visit: Callable[..., Any], tmp_path: Path
) -> None:
    chat = visit()
    assert chat.ask(ABSENT).locator(".aa-take").count() == 0
    every = chat.page.locator("#aa-take-every")
    every.locator("summary").click()
    name, text = saved(every, Format.CSL, tmp_path)
    assert (name, json.loads(text)) == ("answer.csl.json", [])


def test_any_text_is_taken_away_letter_for_letter(
    visit: Callable[..., Any], recite: Callable[[tuple[str, ...]], str], tmp_path: Path
) -> None:
    odd = ('</span><img src=x onerror="window.__ran=1"> {{value}} ${value} `$x$`', "ß 中文 🐧 \\n")
    chat = visit(at=recite(odd))
    chat.ask("Recite.")
    chat.page.locator("#aa-take-every summary").click()
    _, text = saved(chat.page.locator("#aa-take-every"), Format.BUNDLE, tmp_path)
    (answer,) = Bundle.model_validate_json(text).answers
    assert tuple(quote.text for quote in answer.quotes) == odd
    assert chat.page.evaluate("window.__ran") is None


def test_what_goes_wrong_is_said_beside_the_buttons(visit: Callable[..., Any]) -> None:
    chat = visit()
    menu = chat.ask(FIRST).locator(".aa-take")
    menu.locator("summary").click()
    chat.page.route(
        "**/api/v1/export", lambda route: route.fulfill(status=200, body="", headers={})
    )
    menu.get_by_role("button", name="RIS", exact=True).click()
    expect(menu.get_by_role("status")).not_to_be_empty()
