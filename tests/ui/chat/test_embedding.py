"""The chat in pages of other sites: two servers of different origins, and a real browser."""

import json
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from assistant.assistant import Assistant
from store.feedback import Feedback
from tests.ui.conftest import BROWSER_ARGUMENTS, chromium_of
from ui.access.admission import Rules
from ui.access.login import ProxyLogin

QUESTION = "How much training data does K-Tokeniser need?"
#: Chromium's own settings, by which no frame of another site keeps anything.
NO_THIRD_PARTIES = {"profile": {"cookie_controls_mode": 1, "block_third_party_cookies": True}}


class _Quiet(SimpleHTTPRequestHandler):
    """Serves the pages of another site, and says nothing of it."""

    def log_message(self, *_: object) -> None: ...


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, int]]:
    """The folder of another site's pages, and the port on which both names of it answer."""
    folder = tmp_path_factory.mktemp("site")
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield folder, server.server_port
        server.shutdown()


@pytest.fixture(scope="module")
def chat(assistant: Assistant, serving: Callable[..., str], site: tuple[Path, int]) -> str:
    """The address of a chat that pages of http://localhost may show, and no others."""
    folder, port = site
    feedback = Feedback(folder)
    address = serving(assistant, ancestors=[f"http://localhost:{port}"], feedback=feedback)
    framed = f"{address}/?embed=1&theme=dark&question={QUESTION}"
    (folder / "framed.html").write_text(
        "<!doctype html><title>Framed</title><script>"
        "window.told = []; addEventListener('message', (e) => told.push([e.origin, e.data]));"
        f"</script><iframe src='{framed}' width=420 height=600></iframe>"
    )
    (folder / "button.html").write_text(
        "<!doctype html><title>Button</title><meta http-equiv='content-security-policy' "
        f"content=\"style-src 'none'; script-src {address}\"><h1>A page</h1>"
        f"<script src='{address}/embed.js' data-label='Ask the papers' data-theme='light'></script>"
    )
    return address


@pytest.fixture(scope="module")
def strict(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrowserContext]:
    """A browser that keeps nothing for frames of other sites."""
    profile = tmp_path_factory.mktemp("profile")
    (profile / "Default").mkdir()
    (profile / "Default" / "Preferences").write_text(json.dumps(NO_THIRD_PARTIES))
    context = browser.browser_type.launch_persistent_context(
        profile,
        executable_path=chromium_of(browser.browser_type),
        args=BROWSER_ARGUMENTS,
        viewport={"width": 1280, "height": 800},
    )
    context.set_default_timeout(15_000)
    yield context
    context.close()


@pytest.fixture
def page(strict: BrowserContext) -> Iterator[Page]:
    page = strict.new_page()
    yield page
    page.close()


def test_the_chat_works_in_a_frame_of_another_site_that_may_keep_nothing(
    page: Page, chat: str, site: tuple[Path, int]
) -> None:
    page.goto(f"http://localhost:{site[1]}/framed.html")
    frame = page.frame_locator("iframe")
    box = frame.locator("#aa-box textarea")
    box.wait_for()
    inner = page.frames[1]
    assert (
        inner.evaluate("() => { try { return !!localStorage } catch { return 'none' } }") == "none"
    )
    assert inner.evaluate("() => (document.cookie = 'a=1', document.cookie)") == ""
    expect(frame.locator("#aa-header")).to_be_hidden()
    expect(frame.locator("body")).to_have_class("dark")
    # Asked by the address, at once.
    expect(frame.locator(".aa-question")).to_have_text(QUESTION)
    frame.locator(".aa-chip").first.click()
    expect(frame.locator("#aa-source-column .aa-mark").first).to_be_in_viewport()
    # Whoever is not known again could take nothing back.
    assert frame.locator(".aa-verdict").count() > 0
    expect(frame.locator(".aa-verdict:visible")).to_have_count(0)
    # Escape closes the source, and only then asks to close what holds the frame.
    frame.locator("#aa-source-column .aa-close").press("Escape")
    box.press("Escape")
    page.wait_for_function("told.some(([, said]) => said.type === 'abstract-assistant:close')")
    ours = page.evaluate("told.filter(([, one]) => `${one.type}`.startsWith('abstract-'))")
    assert {origin for origin, _ in ours} == {chat}
    kinds = [said["type"].partition(":")[2] for _, said in ours]
    heights = [said["height"] for _, said in ours if "height" in said]
    assert kinds == ["height"] * len(heights) + ["close"]
    # Higher than the frame, once the answer is in it, and never growing with the frame.
    assert heights[0] < 600 and heights[0] < heights[-1] < 2000


def test_a_page_that_is_not_allowed_shows_nothing(
    page: Page, chat: str, site: tuple[Path, int]
) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    # The same server under another name is another site.
    page.goto(f"http://127.0.0.1:{site[1]}/framed.html")
    page.wait_for_function("document.querySelector('iframe').contentDocument === null")
    expect(page.frame_locator("iframe").locator("#aa-box")).to_have_count(0)
    assert any("frame-ancestors 'self' http://localhost:" in one for one in said)


def test_the_script_adds_a_button_that_opens_the_chat_as_a_dialog(
    page: Page, chat: str, site: tuple[Path, int]
) -> None:
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"http://localhost:{site[1]}/button.html")
    button = page.get_by_role("button", name="Ask the papers")
    expect(button).to_have_attribute("aria-expanded", "false")
    # Nothing of the chat is fetched before it is wanted.
    assert len(page.frames) == 1
    button.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Ask the papers")
    expect(dialog).to_be_visible()
    box = page.frame_locator("iframe").locator("#aa-box textarea")
    box.fill(QUESTION)
    box.press("Enter")
    page.frame_locator("iframe").locator(".aa-chip").first.wait_for()
    # From within the frame, where the page does not hear the key.
    box.press("Escape")
    expect(dialog).to_be_hidden()
    expect(button).to_be_focused()
    button.click()
    # The conversation is still there.
    expect(page.frame_locator("iframe").locator(".aa-chip").first).to_be_visible()
    page.get_by_role("button", name="Close").click()
    expect(dialog).to_be_hidden()
    expect(button).to_have_attribute("aria-expanded", "false")
    assert errors == []


def test_unless_allowed_nobody_shows_the_chat_but_the_server_itself(base: str) -> None:
    assert httpx.get(base).headers["content-security-policy"].endswith("frame-ancestors 'self'")
    papers = httpx.get(f"{base}/papers").headers["content-security-policy"]
    assert "frame-ancestors 'self'" in papers


def test_the_script_for_other_sites_needs_no_login(
    assistant: Assistant, serving: Callable[..., str]
) -> None:
    address = serving(assistant, rules=Rules(login=ProxyLogin("X-User")))
    got = httpx.get(f"{address}/embed.js")
    assert got.status_code == 200
    assert got.headers["content-type"].startswith("text/javascript")
    assert httpx.get(address).status_code == 401


@pytest.mark.parametrize(
    ("system", "theme", "paper"),
    [
        ("light", "dark", "rgb(21, 23, 25)"),
        ("dark", "light", "rgb(251, 250, 247)"),
        ("dark", "sepia", "rgb(21, 23, 25)"),
    ],
)
def test_the_theme_of_the_address_holds_before_any_script_has_run(
    browser: Browser, chat: str, system: str, theme: str, paper: str
) -> None:
    context = browser.new_context(java_script_enabled=False, color_scheme=system)
    page = context.new_page()
    page.goto(f"{chat}/?embed=1&theme={theme}")
    expect(page.locator("body")).to_have_css("background-color", paper)
    context.close()
