"""A real server on loopback, started once, and a real Chromium."""

import os
import re
import shutil
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Self

import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from playwright.sync_api import (
    Browser,
    BrowserType,
    ConsoleMessage,
    Locator,
    Page,
    expect,
    sync_playwright,
)

from assistant.answer import Answer, Citation, Context, Coverage, Quote
from assistant.assistant import Assistant
from assistant.composition.quotes import links_of
from assistant.conversation import Turn
from assistant.query import Filters
from store.corpus import Corpus
from store.embedding import open_embedder
from store.feedback import Feedback
from store.papers import Paper, sha256
from store.readers import read_papers
from store.sample import SAMPLE, SAMPLE_QUESTIONS
from store.selection import FACETS, Shelf
from store.watching import Watching
from ui.server import make_app

#: What Chromium does on its own that no test wants.
BROWSER_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESKTOP, PHONE = (1280, 800), (390, 844)


#: What Gradio says where a page is left while something that it asked for is under way.
CUT_SHORT = re.compile("AbortError: signal is aborted|Connection errored out")


@dataclass
class Visitor:
    """One browser of one person, and what it did that a page of ours must not do."""

    page: Page
    base: str
    strays: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    loads: int = 0

    def listen(self) -> Self:
        self.page.on("request", lambda request: self._note(request.url))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", self._hear)
        self.page.on("load", lambda _: self._count())
        return self

    @property
    def faults(self) -> list[str]:
        """Calls abroad and errors, but for what was cut short as one page gave way to the next."""
        went_on = self.loads > 1
        errors = [one for one in self.errors if not (went_on and CUT_SHORT.search(one))]
        return self.strays + errors

    def _note(self, url: str) -> None:
        if not url.startswith((f"{self.base}/", "data:", "blob:")):
            self.strays.append(url)

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.errors.append(message.text)

    def _count(self) -> None:
        self.loads += 1


@dataclass
class Visit(Visitor):
    """A visitor of the chat."""

    def open(self) -> Self:
        self.listen()
        self.page.goto(self.base)
        self.box.wait_for()
        return self

    @property
    def box(self) -> Locator:
        return self.page.locator("#aa-box textarea")

    @property
    def questions(self) -> Locator:
        return self.page.locator("#aa-chat .aa-question")

    @property
    def answers(self) -> Locator:
        return self.page.locator("#aa-chat .bot-row")

    @property
    def chips(self) -> Locator:
        return self.answers.last.locator(".aa-chip")

    @property
    def sheet(self) -> Locator:
        return self.page.locator("#aa-source-column")

    def ask(self, question: str) -> Locator:
        """Ask, wait for the answer, and return it."""
        self.box.fill(question)
        return self.answer_to(lambda: self.box.press("Enter"))

    def answer_to(self, asking: Callable[[], None]) -> Locator:
        before = self.answers.count()
        asking()
        expect(self.answers).to_have_count(before + 1)
        # Before the answer stands what waits for it, and before that an empty row.
        expect(self.answers.last.locator(".aa-answer, .aa-notice")).to_be_visible()
        expect(self.page.locator(".aa-waiting")).to_have_count(0)
        return self.answers.last


@contextmanager
def running(app: FastAPI, *, port: int = 0) -> Iterator[str]:
    """Serve `app` from a thread, on a port of its own unless one is given; give its address."""
    with socket.create_server(("127.0.0.1", port)) as listener:
        config = uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
        thread.start()
        while not server.started:
            assert thread.is_alive(), "the server ended before it had started"
            time.sleep(0.01)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        thread.join(10)


class Reciter:
    """An assistant that answers every question with its papers' abstracts, each as one quote."""

    is_level = True

    def __init__(self, abstracts: Iterable[str]) -> None:
        self._papers = [
            Paper(id=f"title:{number}", title=f"{number}: {text}", abstract=text)
            for number, text in enumerate(abstracts, 1)
        ]
        self.corpus = self
        self.version = "none"

    def get(self, paper_ids: Iterable[str]) -> dict[str, Paper]:
        wanted = set(paper_ids)
        return {paper.id: paper for paper in self._papers if paper.id in wanted}

    def __len__(self) -> int:
        return len(self._papers)

    def browse(self, *, k: int) -> Shelf:
        return Shelf(len(self), (), {name: {} for name in FACETS})

    @property
    def last_added(self) -> None:
        return None

    @property
    def snapshot(self) -> str:
        return "none"

    def ask(
        self,
        question: str,
        *,
        turns: Sequence[Turn] = (),
        standalone: bool = False,
        filters: Filters | None = None,
        id: str | None = None,  # noqa: A002
        detailed: bool = False,
    ) -> Answer:
        quotes = tuple(map(self._quote, range(len(self._papers))))
        return Answer(
            id=id,
            question=question,
            query=question,
            kind="factoid",
            status="answered",
            confidence=1,
            quotes=quotes,
            links=tuple(links_of(quotes)),
            citations=tuple(map(self._citation, range(len(self._papers)))),
            coverage=Coverage(papers_searched=len(self._papers)),
            snapshot="none",
            version=self.version,
        )

    def follow_ups(self, _answer: Answer) -> tuple[str, ...]:
        return ()

    def _quote(self, place: int) -> Quote:
        paper = self._papers[place]
        whole = {"start": 0, "end": len(paper.abstract)}
        return Quote(
            text=paper.abstract,
            paper_id=paper.id,
            citation=place + 1,
            score=1,
            context=Context(**whole),
            **whole,
        )

    def _citation(self, place: int) -> Citation:
        paper = self._papers[place]
        return Citation(
            number=place + 1,
            paper_id=paper.id,
            title=paper.title,
            abstract_sha256=sha256(paper.abstract),
        )


@pytest.fixture(scope="session")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """The assistant over the bundled sample corpus, with the packaged model."""
    folder = tmp_path_factory.mktemp("sample")
    embedder = open_embedder(cache=folder / "cache")
    with Corpus(folder / "store", embedder, write=True) as corpus:
        corpus.add(read_papers(SAMPLE))
        yield Assistant(corpus)


@pytest.fixture(scope="session")
def uploads(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where Gradio keeps the files that it takes in."""
    folder = tmp_path_factory.mktemp("uploads")
    os.environ["GRADIO_TEMP_DIR"] = str(folder)
    return folder


@pytest.fixture(scope="session")
def base(assistant: Assistant, calls_abroad: list[str], uploads: Path) -> Iterator[str]:
    """The address of the chat over the sample corpus."""
    folder = assistant.corpus.folder
    with closing(Feedback(folder)) as feedback, closing(Watching(folder)) as watching:
        app = make_app(
            assistant,
            title="Abstract Assistant",
            examples=SAMPLE_QUESTIONS,
            feedback=feedback,
            watching=watching,
        )
        with running(app) as address:
            yield address


@pytest.fixture(scope="session")
def client(base: str) -> Iterator[httpx.Client]:
    """A program that speaks to the server of `base`."""
    with httpx.Client(base_url=base, timeout=60) as client:
        yield client


@pytest.fixture(scope="module")
def run_app() -> Iterator[Callable[[FastAPI], str]]:
    """Serve an app; return its address."""
    with ExitStack() as servers:
        yield lambda app: servers.enter_context(running(app))


@pytest.fixture(scope="module")
def serving(uploads: Path, run_app: Callable[[FastAPI], str]) -> Callable[..., str]:
    """Serve an assistant with these options; return the address."""
    return lambda assistant, **options: run_app(make_app(assistant, title="Test", **options))


@pytest.fixture(scope="session")
def recite(uploads: Path) -> Iterator[Callable[[tuple[str, ...]], str]]:
    """Serve a chat whose every answer is the texts given; return its address."""
    with ExitStack() as servers:

        @cache
        def address(texts: tuple[str, ...]) -> str:
            return servers.enter_context(running(make_app(Reciter(texts), title="Recital")))

        yield address


@pytest.fixture(scope="session")
def calls_abroad() -> list[str]:
    """Every host but this machine that this process looks up or connects to from now on."""
    calls: list[str] = []

    def note(event: str, arguments: tuple[object, ...]) -> None:
        if event == "socket.getaddrinfo":
            host = arguments[0]
        elif event == "socket.connect" and isinstance(arguments[1], tuple):
            host = arguments[1][0]
        else:
            return
        if host not in (None, "", "localhost", "127.0.0.1", "::1"):
            calls.append(str(host))

    sys.addaudithook(note)
    return calls


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser that ends with its module: while it is there, no other event loop may run."""
    with sync_playwright() as playwright:
        executable = chromium_of(playwright.chromium)
        if executable is None:
            _without(
                "no Chromium: install the package `chromium`, or `playwright install chromium`"
            )
        browser = playwright.chromium.launch(executable_path=executable, args=BROWSER_ARGUMENTS)
        yield browser
        browser.close()


def chromium_of(kind: BrowserType) -> str | None:
    """Return the Chromium that is installed, or Playwright's own."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    own = kind.executable_path
    return own if Path(own).exists() else None


def _without(reason: str) -> None:
    if os.environ.get("CI") or os.environ.get("ASSISTANT_REQUIRE_BROWSER"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture
def visit(browser: Browser, base: str) -> Iterator[Callable[..., Visit]]:
    """Open the chat as one more person; at the end no page has called abroad or failed."""
    visits: list[Visit] = []

    def open_chat(
        size: tuple[int, int] = DESKTOP, *, scheme: str = "light", at: str = base
    ) -> Visit:
        width, height = size
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme=scheme,
            is_mobile=width < 500,
            has_touch=width < 500,
            permissions=["clipboard-read", "clipboard-write"],
        )
        context.set_default_timeout(10_000)
        visits.append(Visit(context.new_page(), at))
        return visits[-1].open()

    yield open_chat
    for one in visits:
        one.page.context.close()
    assert [one.faults for one in visits] == [[] for _ in visits]


@pytest.fixture(params=[DESKTOP, PHONE], ids=["desktop", "phone"])
def size(request: pytest.FixtureRequest) -> tuple[int, int]:
    return request.param
