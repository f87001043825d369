"""Every state of the pages, light and dark: as pictures, for axe-core, and never too wide.

With ASSISTANT_SCREENSHOTS pictures go into the folder that it names, also of a wide screen.
"""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from assistant.answer import Answer
from assistant.assistant import Assistant
from assistant.query import LONGEST_QUESTION
from store.errors import StoreError
from store.popularity import Popularity
from store.sample import SAMPLE_QUESTIONS
from tests.ui.conftest import DESKTOP, PHONE, Visit
from ui.server import make_app

pytestmark = pytest.mark.browser

WIDE = (1920, 1080)
SCHEMES = ("light", "dark")
#: The rules of WCAG 2.2, levels A and AA.
RULES = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}

BROAD = "How does speculative decoding speed up inference?"
ONE_SIDED = "What is the difference between HyenaDNA and Zorblax?"
ABSENT = "Which benchmark measures tax law?"
FAILING = "Does the disk hold?"


class Trying(Assistant):
    """The assistant on a bad day: it waits when told to, and one question it cannot answer."""

    go_on = threading.Event()

    def ask(self, question: str, **options: Any) -> Answer:
        if question == FAILING:
            raise StoreError("the database cannot be used: disk full; free some space")
        assert self.go_on.wait(60)
        return super().ask(question, **options)


@dataclass
class Eye:
    """Looks at one page at its sizes, in light and dark."""

    page: Page
    sizes: tuple[tuple[int, int], ...]
    folder: Path | None

    def look(self, name: str) -> None:
        """Take pictures of the page as it is; raise where axe finds fault or it is too wide."""
        found: list[str] = []
        for width, height in self.sizes:
            self.page.set_viewport_size({"width": width, "height": height})
            for scheme in SCHEMES:
                self.page.emulate_media(color_scheme=scheme)
                self.page.evaluate("document.fonts.ready")
                assert self.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
                if self.folder:
                    file = self.folder / f"{name}-{width}-{scheme}.png"
                    self.page.screenshot(path=file, animations="disabled")
                if width != WIDE[0]:
                    found += [f"{name} {width} {scheme}: {one}" for one in faults(self.page)]
        width, height = self.sizes[0]
        self.page.set_viewport_size({"width": width, "height": height})
        self.page.emulate_media(color_scheme="light")
        assert found == []


def faults(page: Page) -> list[str]:
    """Return what axe-core finds wrong with a page: each rule, where, and why."""
    found = Axe().run(page, options={"runOnly": RULES, "resultTypes": ["violations"]})
    return [
        f"{rule['id']}: {node['html'][:200]}: {node['failureSummary']}"
        for rule in found.response["violations"]
        for node in rule["nodes"]
    ]


def forget(page: Page, address: str) -> None:
    """Make the browser forget its conversations and what is in the box."""
    # From a page without scripts: one of the chat might yet note what came last.
    page.goto(f"{address}/health")
    page.evaluate("() => { localStorage.clear(); sessionStorage.clear(); }")


@pytest.fixture(scope="module")
def trying(assistant: Assistant) -> Trying:
    return Trying(assistant.corpus)


@pytest.fixture(scope="module")
def address(
    trying: Trying, run_app: Callable[..., str], uploads: Path, tmp_path_factory: Any
) -> Iterator[str]:
    with closing(Popularity(tmp_path_factory.mktemp("votes"))) as popularity:
        yield run_app(
            make_app(
                trying,
                title="Abstract assistant",
                examples=SAMPLE_QUESTIONS,
                popularity=popularity,
                may_add=True,
            )
        )


@pytest.fixture(scope="module", params=["desktop", "phone"])
def eye(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Eye]:
    named = os.environ.get("ASSISTANT_SCREENSHOTS")
    sizes = (PHONE,) if request.param == "phone" else (DESKTOP, WIDE) if named else (DESKTOP,)
    context = browser.new_context(
        viewport={"width": sizes[0][0], "height": sizes[0][1]},
        # Else a colour is looked at while it changes.
        reduced_motion="reduce",
        is_mobile=request.param == "phone",
        has_touch=request.param == "phone",
    )
    context.set_default_timeout(10_000)
    if named:
        Path(named).mkdir(parents=True, exist_ok=True)
    yield Eye(context.new_page(), sizes, Path(named) if named else None)
    context.close()


@pytest.fixture
def chat(eye: Eye, address: str) -> Visit:
    Trying.go_on.set()
    forget(eye.page, address)
    return Visit(eye.page, address).open()


def test_before_and_during_an_answer(eye: Eye, chat: Visit) -> None:
    expect(chat.page.locator(".aa-corpus")).to_be_visible()
    eye.look("empty")
    Trying.go_on.clear()
    # One that has not been answered before, for those are kept.
    chat.box.fill(f"What is HyenaDNA on {eye.sizes[0][0]} pixels?")
    chat.box.press("Enter")
    expect(chat.page.locator(".aa-stop")).to_be_visible()
    eye.look("thinking")
    Trying.go_on.set()
    expect(chat.page.locator(".aa-waiting")).to_have_count(0)


def test_an_answer_and_its_sources(eye: Eye, chat: Visit) -> None:
    page, shown = chat.page, chat.ask(BROAD)
    expect(page.locator("#aa-chat .option").first).to_be_visible()
    eye.look("answered")
    if eye.sizes[0] == DESKTOP:
        chat.chips.nth(1).hover()
        expect(page.locator("#aa-peek")).to_be_visible()
        eye.look("hovered")
    chat.chips.nth(1).click()
    expect(page.locator(".aa-source.aa-active")).to_be_visible()
    eye.look("source")
    page.keyboard.press("Escape")
    shown.locator(".aa-reasons summary").first.click()
    eye.look("why")


def test_an_answer_in_part_and_none(eye: Eye, chat: Visit, address: str) -> None:
    chat.ask(ONE_SIDED)
    expect(chat.page.locator(".aa-partly")).to_contain_text("No abstract mentions Zorblax.")
    eye.look("in-part")
    chat.ask(ABSENT)
    expect(chat.page.locator("#aa-chat .option").first).to_be_visible()
    eye.look("none")
    forget(chat.page, address)
    chat.page.goto(f"{address}/?author=Nobody")
    chat.page.wait_for_function("window.aa?.talk && !aa.talk.isBusy()")
    chat.ask(BROAD)
    expect(chat.page.locator(".aa-said")).to_have_text("Searched in papers by Nobody.")
    expect(chat.page.locator(".aa-loosen")).to_have_text(["Any author"])
    eye.look("filtered-none")


def test_what_goes_wrong(eye: Eye, chat: Visit) -> None:
    chat.ask(FAILING)
    expect(chat.page.get_by_role("button", name="Ask again")).to_be_visible()
    eye.look("error")
    chat.ask("x" * (LONGEST_QUESTION + 1))
    eye.look("too-long")
    chat.page.context.set_offline(True)
    expect(chat.page.locator("#aa-offline")).to_contain_text("cannot be reached")
    eye.look("offline")
    chat.page.context.set_offline(False)
    expect(chat.page.locator("#aa-offline")).to_have_count(0)


def test_what_opens_over_the_page(eye: Eye, chat: Visit, assistant: Assistant) -> None:
    page = chat.page
    page.locator("#aa-open-drawer").click()
    eye.look("conversations")
    page.keyboard.press("Escape")
    page.locator(".aa-add-filter").click()
    expect(page.locator(".aa-choices")).to_be_visible()
    eye.look("filters")
    page.keyboard.press("Escape")
    if eye.sizes[0] == DESKTOP:
        page.locator("#aa-show-keys").click()
        eye.look("keys")
        page.keyboard.press("Escape")
    one = next(iter(assistant.corpus.papers()))
    page.goto(f"{chat.base}/?paper={one.id}")
    expect(page.locator(".aa-one-paper")).to_have_text(one.title)
    eye.look("about-a-paper")


def test_the_pages_of_the_papers(eye: Eye, address: str, assistant: Assistant) -> None:
    one = next(iter(assistant.corpus.papers()))
    for name, path in {
        "papers": "papers",
        "papers-found": "papers?q=long+context",
        "papers-nothing": "papers?q=penguins",
        "paper": f"paper/{one.id}",
        "trending": "papers/trending",
        "add": "papers/add",
        "missing": "paper/title:none",
    }.items():
        eye.page.goto(f"{address}/{path}")
        eye.look(name)
