"""A catalog of one test's own, and entries with small vectors to fill it with."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from store.catalog import Catalog, Entry
from store.chunks import chunk
from store.papers import Paper

MakeEntry = Callable[..., Entry]


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    catalog = Catalog(f"sqlite:///{tmp_path / 'catalog.sqlite3'}")
    yield catalog
    catalog.close()


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
