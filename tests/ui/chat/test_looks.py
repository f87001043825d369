"""Every state of the pages, light and dark: as pictures, for axe-core, and never too wide.

With ASSISTANT_SCREENSHOTS pictures go into the folder that it names, also of a wide screen.
"""

import json
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
from store.feedback import Feedback
from store.popularity import Popularity
from store.sample import SAMPLE_QUESTIONS
from tests.ui.conftest import DESKTOP, PHONE, Visit
from ui.server import make_app

pytestmark = pytest.mark.browser

WIDE = (1920, 1080)
SCHEMES = ("light", "dark")
#: The rules of WCAG 2.2, levels A and AA; and those of them that the dark can break on its own,
#: for all else of the page is the same.
RULES = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
RULES_OF_COLOUR = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}

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

    @property
    def is_phone(self) -> bool:
        return self.sizes == (PHONE,)

    def look(self, name: str) -> None:
        """Take pictures of the page as it is; raise where axe finds fault or it is too wide."""
        found: list[str] = []
        for size in self.sizes:
            self._resize(size)
            for scheme in SCHEMES:
                self.page.emulate_media(color_scheme=scheme)
                assert self.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
                if self.folder:
                    file = self.folder / f"{name}-{size[0]}-{scheme}.png"
                    self.page.screenshot(path=file, animations="disabled")
                if size != WIDE:
                    rules = RULES if scheme == SCHEMES[0] else RULES_OF_COLOUR
                    faulty = faults(self.page, rules)
                    found += [f"{name} {size[0]} {scheme}: {one}" for one in faulty]
        self._resize(self.sizes[0])
        self.page.emulate_media(color_scheme=SCHEMES[0])
        assert found == []

    def _resize(self, size: tuple[int, int]) -> None:
        if len(self.sizes) > 1:
            self.page.set_viewport_size({"width": size[0], "height": size[1]})


def faults(page: Page, rules: dict[str, Any]) -> list[str]:
    """Return what axe-core finds wrong with a page: each rule, where, and why."""
    if not page.evaluate("!!window.axe"):
        page.evaluate(Axe().axe_script)
    found = page.evaluate(
        "options => axe.run(options).then(({violations}) => violations)",
        {"runOnly": rules, "resultTypes": ["violations"]},
    )
    return [
        f"{rule['id']}: {node['html'][:200]}: {node['failureSummary']}"
        for rule in found
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
    folder = tmp_path_factory.mktemp("opinions")
    with closing(Popularity(folder)) as popularity, closing(Feedback(folder)) as feedback:
        yield run_app(
            make_app(
                trying,
                title="Abstract assistant",
                examples=SAMPLE_QUESTIONS,
                popularity=popularity,
                feedback=feedback,
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
    if not eye.is_phone:
        chat.chips.nth(1).hover()
        expect(page.locator("#aa-peek")).to_be_visible()
        eye.look("hovered")
    chat.chips.nth(1).click()
    card = page.locator(".aa-source.aa-active")
    expect(card).to_be_visible()
    eye.look("source")
    card.get_by_role("button", name="Does not support it").click()
    expect(page.locator("#aa-why-bad")).to_be_visible()
    eye.look("source-judged")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.locator("#aa-take-every summary").click()
    eye.look("take-away")
    page.keyboard.press("Escape")
    shown.locator(".aa-reasons summary").first.click()
    eye.look("why")


def test_what_is_said_of_an_answer_and_asked_after_it(eye: Eye, chat: Visit) -> None:
    page, shown = chat.page, chat.ask("What is HyenaDNA?")
    shown.locator(".aa-take summary").click()
    shown.get_by_role("button", name="A bad answer").click()
    expect(page.locator("#aa-why-bad")).to_be_visible()
    eye.look("judged")
    page.keyboard.press("Escape")
    chat.ask("How long are its contexts?")
    expect(page.locator(".aa-about")).to_be_visible()
    eye.look("follow-up")
    page.locator(".user-row").first.hover()
    page.get_by_role("button", name="Edit the question").first.click()
    expect(page.locator(".aa-said-here")).to_contain_text("Asking replaces this question")
    eye.look("edited")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Ask it again").first.click()
    expect(page.locator(".aa-since")).to_be_visible()
    eye.look("asked-again")


def test_an_answer_in_part_and_none_and_the_conversations(
    eye: Eye, chat: Visit, address: str
) -> None:
    page = chat.page
    chat.ask(ONE_SIDED)
    expect(page.locator(".aa-partly")).to_contain_text("No abstract mentions Zorblax.")
    eye.look("in-part")
    chat.ask(ABSENT)
    expect(page.locator("#aa-chat .option").first).to_be_visible()
    eye.look("none")
    page.locator("#aa-new").click()
    expect(chat.answers).to_have_count(0)
    page.goto(f"{address}/?author=Nobody")
    page.wait_for_function("window.aa?.talk && !aa.talk.isBusy()")
    chat.ask(BROAD)
    expect(page.locator(".aa-said")).to_have_text("Searched in papers by Nobody.")
    expect(page.locator(".aa-loosen")).to_have_text(["Any author"])
    eye.look("filtered-none")
    page.goto(f"{address}/papers")
    page.get_by_role("link", name="Conversations").click()
    expect(page.locator(".aa-conversation")).to_have_count(2)
    eye.look("conversations")
    page.locator(".aa-rename").last.click()
    eye.look("renamed")
    page.keyboard.press("Escape")
    page.locator(".aa-delete").first.click()
    expect(page.locator(".aa-undo")).to_be_focused()
    eye.look("deleted")


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
    eye.look("no-conversations")
    page.keyboard.press("Escape")
    page.locator(".aa-add-filter").click()
    expect(page.locator(".aa-values-note")).to_have_text("None of these papers has a date.")
    eye.look("filter-date")
    page.get_by_role("button", name="Source", exact=True).click()
    page.locator(".aa-value").click()
    expect(page.locator(".aa-chosen li")).to_have_count(1)
    eye.look("filter-source")
    page.keyboard.press("Escape")
    if not eye.is_phone:
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
        "trending-none": "papers/trending?by=votes",
        "missing": "paper/title:none",
    }.items():
        eye.page.goto(f"{address}/{path}")
        eye.look(name)


def test_what_is_done_on_the_pages_of_the_papers(
    eye: Eye, address: str, assistant: Assistant
) -> None:
    page, one = eye.page, next(iter(assistant.corpus.papers()))
    page.goto(f"{address}/papers/map")
    expect(page.locator("#aa-map")).to_have_attribute("data-painted", "yes", timeout=60_000)
    eye.look("map")
    page.goto(f"{address}/paper/{one.id}")
    page.locator(".aa-vote button[aria-pressed=false]").click()
    expect(page.locator(".aa-vote button[aria-pressed=true]")).to_be_visible()
    page.goto(f"{address}/papers/trending?by=votes")
    expect(page.locator(".aa-item")).to_have_count(1)
    eye.look("trending")
    page.locator(".aa-vote button").click()
    expect(page.locator(".aa-vote button[aria-pressed=false]")).to_be_visible()
    page.goto(f"{address}/papers/add")
    eye.look("add")
    known = {"title": one.title, "abstract": one.abstract, "source": one.source}
    pasted = f'{json.dumps(known)}\n{{"title": "Of no abstract"}}'
    page.get_by_label("Or paste records").fill(pasted)
    page.get_by_role("button", name="Add").click()
    expect(page.locator(".aa-skipped li")).to_have_count(1, timeout=20_000)
    eye.look("added")
