"""The chat by keys alone, and what those hear of it who do not see it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from assistant.assistant import Assistant
from tests.ui.conftest import PHONE, Visit, running
from ui.server import make_app

pytestmark = pytest.mark.browser

BROAD = "Which models handle long DNA sequences?"
NARROW = "How much training data does K-Tokeniser need?"
ABSENT = "Which benchmark measures tax law?"


@pytest.fixture
def answered(visit: Callable[..., Any]) -> Visit:
    """A chat with one answer, in which no field has the focus."""
    chat = visit()
    chat.ask(BROAD)
    leave_field(chat.page)
    return chat


def leave_field(page: Page) -> None:
    page.evaluate("document.activeElement.blur()")


def peek(page: Page) -> Locator:
    return page.locator("#aa-peek")


def test_a_number_opens_that_source_of_the_newest_answer(answered: Visit) -> None:
    page = answered.page
    page.keyboard.press("2")
    card = page.locator(".aa-source.aa-active")
    expect(card).to_be_focused()
    expect(card.locator(".aa-number")).to_have_text("2")
    page.keyboard.press("1")
    expect(card.locator(".aa-number")).to_have_text("1")
    page.keyboard.press("9")
    expect(card.locator(".aa-number")).to_have_text("1")


def test_a_number_opens_a_source_of_the_answer_that_has_the_focus(answered: Visit) -> None:
    first = answered.chips.first.get_attribute("href")
    answered.ask(NARROW)
    answered.page.locator(f'.aa-chip[href="{first}"]').focus()
    answered.page.keyboard.press("2")
    expect(answered.page.locator(".aa-asked:visible")).to_have_text(BROAD)
    leave_field(answered.page)
    answered.page.keyboard.press("Escape")
    leave_field(answered.page)
    answered.page.keyboard.press("1")
    expect(answered.page.locator(".aa-asked:visible")).to_have_text(NARROW)


def test_a_number_opens_a_paper_worth_a_look_where_there_is_no_answer(answered: Visit) -> None:
    near = answered.ask(ABSENT).locator(".aa-look").nth(1)
    leave_field(answered.page)
    answered.page.keyboard.press("2")
    title = answered.page.locator(".aa-source.aa-active .aa-title")
    expect(title).to_have_text(near.inner_text())


def test_j_and_k_go_from_quote_to_quote(answered: Visit) -> None:
    page, chips = answered.page, answered.chips
    for key, place in [("j", 0), ("j", 1), ("k", 0), ("k", 0)]:
        page.keyboard.press(key)
        expect(chips.nth(place)).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("j")
    expect(chips.nth(1)).to_contain_class("aa-active")
    page.keyboard.press("Escape")
    expect(chips.nth(1)).to_be_focused()


def test_the_box_is_a_key_away_and_brings_back_the_last_question(answered: Visit) -> None:
    page = answered.page
    page.keyboard.press("/")
    expect(answered.box).to_be_focused()
    expect(answered.box).to_have_value("")
    page.keyboard.press("ArrowUp")
    expect(answered.box).to_have_value(BROAD)
    answered.box.fill("typed")
    page.keyboard.press("ArrowUp")
    expect(answered.box).to_have_value("typed")


def test_keys_are_letters_in_a_field_and_the_browser_s_with_another_key(answered: Visit) -> None:
    page = answered.page
    answered.box.focus()
    page.keyboard.type("1jk/?")
    expect(answered.box).to_have_value("1jk/?")
    leave_field(page)
    for key in ("Control+1", "Alt+j", "Meta+k"):
        page.keyboard.press(key)
    expect(page.locator(".aa-active")).to_have_count(0)
    expect(page.locator("#aa-chat .aa-chip:focus")).to_have_count(0)


def test_the_keys_are_listed_and_can_be_switched_off(answered: Visit) -> None:
    page = answered.page
    page.keyboard.press("?")
    keys = page.get_by_role("dialog", name="Keys")
    expect(keys.get_by_role("row")).to_have_count(6)
    page.keyboard.press("1")
    expect(page.locator(".aa-active")).to_have_count(0)
    keys.get_by_label("Use single keys").uncheck()
    page.keyboard.press("Escape")
    expect(keys).to_have_count(0)
    leave_field(page)
    page.keyboard.press("1")
    expect(page.locator(".aa-active")).to_have_count(0)
    page.locator("#aa-show-keys").click()
    expect(keys.get_by_label("Use single keys")).not_to_be_checked()
    keys.get_by_role("button", name="Close").click()
    expect(keys).to_have_count(0)


def test_escape_closes_one_thing_at_a_time_the_innermost_first(answered: Visit) -> None:
    page = answered.page
    page.keyboard.press("1")
    page.locator("#aa-take-every summary").click()
    answered.chips.nth(1).hover()
    menu = page.locator("#aa-take-every .aa-formats")
    source = page.locator("#aa-source-column.aa-open")
    for peeks, menus, sources in [(1, 1, 1), (0, 1, 1), (0, 0, 1), (0, 0, 0)]:
        expect(page.locator("#aa-peek:visible")).to_have_count(peeks)
        expect(page.locator("#aa-take-every .aa-formats:visible")).to_have_count(menus)
        expect(source).to_have_count(sources)
        page.keyboard.press("Escape")
    expect(menu).to_be_hidden()


def test_a_chip_with_the_focus_or_the_pointer_shows_title_and_quote(answered: Visit) -> None:
    page, chip = answered.page, answered.chips.first
    quote = answered.answers.last.locator(".aa-verbatim").first.inner_text()
    title = page.locator(".aa-source .aa-title").first.inner_text()
    page.keyboard.press("j")
    expect(peek(page)).to_contain_text(title)
    expect(peek(page).locator(".aa-peek-quote")).to_have_text(f"“{quote}”")
    expect(chip).to_have_accessible_description(f"{title} {facts(page)}“{quote}”")
    page.keyboard.press("Escape")
    expect(peek(page)).to_be_hidden()
    expect(chip).to_be_focused()
    chip.hover()
    expect(peek(page)).to_be_visible()
    # It stays under the pointer, and goes with it.
    peek(page).hover()
    page.wait_for_timeout(400)
    expect(peek(page)).to_be_visible()
    answered.box.hover()
    expect(peek(page)).to_be_hidden()


def facts(page: Page) -> str:
    told = page.locator(".aa-source .aa-facts").first.inner_text()
    return f"{told} " if told else ""


def test_a_tap_opens_the_source_and_shows_no_peek(visit: Callable[..., Any]) -> None:
    chat = visit(PHONE)
    chat.ask(BROAD)
    chat.chips.first.tap()
    expect(chat.sheet).to_be_in_viewport()
    expect(chat.page.locator("#aa-peek:visible")).to_have_count(0)


def test_an_answer_is_announced_once_and_in_short(visit: Callable[..., Any]) -> None:
    chat = visit()
    expect(chat.page.locator("#aa-chat [role=log]")).to_have_attribute("aria-live", "off")
    shown = chat.ask(NARROW)
    said = chat.page.locator("#aa-said")
    expect(said).to_have_attribute("role", "status")
    expect(said).to_contain_text(shown.locator(".aa-match").inner_text())
    expect(said).to_contain_text(shown.locator(".aa-verbatim").first.inner_text())
    chat.ask(ABSENT)
    expect(said).to_contain_text("Not in these abstracts")


def test_the_focus_stays_on_the_page(visit: Callable[..., Any]) -> None:
    chat = visit()
    chat.answer_to(chat.page.locator("#aa-chat .example").first.click)
    expect(chat.box).to_be_focused()
    chat.chips.first.focus()
    expect(chat.page.locator("#aa-chat .option").first).to_be_visible()
    expect(chat.chips.first).to_be_focused()


def test_a_server_that_is_gone_is_said_calmly_and_what_was_typed_is_kept(
    browser: Browser, assistant: Assistant, uploads: Path
) -> None:
    page = browser.new_page()
    with running(make_app(assistant, title="Test")) as address:
        chat = Visit(page, address).open()
        chat.ask(NARROW)
        said = page.locator("#aa-offline")
        expect(said).to_have_count(0)
    chat.box.fill(BROAD)
    chat.box.press("Enter")
    expect(said).to_contain_text("The server cannot be reached.", timeout=10_000)
    expect(chat.box).to_have_value(BROAD)
    # It is not sent while it would be lost.
    chat.box.press("Enter")
    expect(chat.box).to_have_value(BROAD)
    with running(make_app(assistant, title="Test"), port=urlsplit(address).port or 0):
        expect(said).to_have_count(0, timeout=10_000)
        expect(chat.box).to_have_value(BROAD)
        page.wait_for_function("window.aa?.talk && !aa.talk.isBusy() && aa.talk.turns().length")
        chat.box.press("Enter")
        expect(chat.chips.nth(1)).to_be_visible()
        expect(chat.questions).to_have_text([NARROW, BROAD])
    page.close()
