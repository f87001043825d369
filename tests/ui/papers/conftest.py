"""A collection with dates, venues and hostile texts, its server, and a reader's browser."""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from fastapi import FastAPI
from playwright.sync_api import Browser, Page

from assistant.assistant import Assistant
from store.corpus import Corpus
from store.embedding import Embedder
from store.papers import Paper
from store.popularity import Popularity
from tests.ui.conftest import DESKTOP, Visitor, running
from ui.server import make_app

HOSTILE = (
    '<img src=x onerror="window.__ran=1"><script>window.__ran=1</script> {{ 7 * 7 }} & "q" \'s\''
)

#: Three years, two venues, and thirty papers of one year, so that there is a second page.
PAPERS = (
    Paper(
        id="arxiv:2403.00001",
        title="Sparse attention for long genomes",
        abstract="Genomes are long.  Sparse attention reads\nten million letters of DNA at once.",
        authors=("Ann Lee", "Bo Ray"),
        published="2024-03-11",
        venue="ACL",
        url="https://example.org/paper",
        categories=("cs.CL", "q-bio"),
        source="a.jsonl",
    ),
    Paper(
        id="doi:10.1000/a b?c#d/e",
        title="Genome models need long contexts",
        abstract="A genome model with a long context finds distant enhancers of genes in DNA.",
        published="2024-03-02",
        venue="EMNLP",
        categories=("q-bio",),
    ),
    Paper(
        id="title:hostile",
        title=HOSTILE,
        abstract=f"{HOSTILE} ends the abstract.",
        authors=(HOSTILE,),
        venue=HOSTILE,
        url="javascript:window.__ran=1",
        listed=("Mar 11",),
    ),
    *(
        Paper(
            id=f"title:{number:02}",
            title=f"Study {number} of solar panels",
            abstract=f"Solar panels of kind {number} turn light into power on roofs.",
            published="2019",
        )
        for number in range(30)
    ),
)


@dataclass
class Reader(Visitor):
    """A visitor of the pages of the papers."""

    def go(self, path: str) -> Page:
        self.page.goto(f"{self.base}{path}")
        return self.page

    @property
    def titles(self) -> list[str]:
        return self.page.locator(".aa-item h3").all_inner_texts()


@pytest.fixture
def corpus(embedder: Embedder, tmp_path: Path) -> Iterator[Corpus]:
    with Corpus(tmp_path / "store", embedder, write=True) as opened:
        opened.add(PAPERS)
        yield opened


@pytest.fixture
def popularity(corpus: Corpus) -> Iterator[Popularity]:
    with closing(Popularity(corpus.folder)) as opened:
        yield opened


@pytest.fixture
def app(corpus: Corpus, popularity: Popularity) -> FastAPI:
    return make_app(Assistant(corpus), title="Library", popularity=popularity)


@pytest.fixture
def address(app: FastAPI, uploads: Path) -> Iterator[str]:
    with running(app) as at:
        yield at


@pytest.fixture
def reader(browser: Browser, address: str) -> Iterator[Callable[..., Reader]]:
    """Open a browser of one more person; at the end none has called abroad, failed or been had."""
    readers: list[Reader] = []

    def new(size: tuple[int, int] = DESKTOP, *, scheme: str = "light") -> Reader:
        width, height = size
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme=scheme,
            has_touch=width < 500,
        )
        context.set_default_timeout(10_000)
        readers.append(Reader(context.new_page(), address).listen())
        return readers[-1]

    yield new
    assert [one.page.evaluate("window.__ran") for one in readers] == [None for _ in readers]
    # Read before the pages close, which may cut something short as well.
    found = [one.faults for one in readers]
    for one in readers:
        one.page.context.close()
    assert found == [[] for _ in readers]
