"""A catalog of one test's own, entries with small vectors to fill it with, and three papers."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from store.catalog import Catalog, Entry
from store.chunks import chunk
from store.corpus import Corpus
from store.embedding import Embedder, Model
from store.papers import Paper

MakeEntry = Callable[..., Entry]


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    catalog = Catalog(f"sqlite:///{tmp_path / 'catalog.sqlite3'}")
    yield catalog
    catalog.close()


class Refusing:
    """A backend that computes nothing."""

    dimension = 384

    def encode(self, texts: object) -> np.ndarray:
        raise AssertionError(f"embedded {texts!r}")


@pytest.fixture(scope="session")
def refusing(embedder: Embedder) -> Embedder:
    """The packaged model, where it must not be needed."""
    return Embedder(Model(embedder.name, Path(), embedder.digest), Refusing(), prompts={})


@pytest.fixture(scope="session")
def other() -> Embedder:
    """Another model, where none must be needed."""
    return Embedder(Model("other", Path(), "f" * 64), Refusing(), prompts={})


@pytest.fixture(scope="session")
def entry() -> MakeEntry:
    """Make an entry of a paper whose vectors, of four numbers, follow from its text."""

    def make(name: str, abstract: str = "It works.", **fields: object) -> Entry:
        paper = Paper.model_validate(
            {"id": f"title:{name}", "title": f"Paper {name}", "abstract": abstract, **fields}
        )
        parts = chunk(paper)
        rows = [[len(part.text), part.start + 1, ord(name[0]), 1] for part in parts]
        return Entry(paper, parts, np.array(rows, dtype=np.float16))

    return make


@pytest.fixture(scope="session")
def animals() -> list[Paper]:
    """Three papers that share a word and little else."""
    texts = {
        "zebra": "Zebras graze on the savanna. They run from lions.",
        "whale": "Whales sing under water. They dive for squid.",
        "falcon": "Falcons hunt from the sky. They dive on pigeons.",
    }
    return [
        Paper(id=f"title:{name}", title=f"The {name}", abstract=text)
        for name, text in texts.items()
    ]


@pytest.fixture(scope="session")
def everything() -> Callable[[Corpus], list[object]]:
    """Return what the searches of a corpus show, of both kinds."""

    def search(corpus: Corpus) -> list[object]:
        questions = ("Which animal dives?", "savanna lions", "pigeons")
        return [
            [corpus.search_lexical(question, k=5), corpus.search_dense(question, k=5)]
            for question in questions
        ]

    return search
