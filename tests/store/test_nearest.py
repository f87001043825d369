"""Nearest: however the chunks are searched, the nearest that pass the filter are found."""

import math
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.catalog import Catalog, Entry
from store.chunks import Chunk
from store.dense import DenseIndex, Vectors, neighbours, stacked
from store.hits import Hit
from store.matrix import Matrix
from store.nearest import DEARER, FEW, Nearest
from store.papers import Paper

PAPERS, CHUNKS, DIMENSION = 120, 3, 8


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalog]:
    """A catalog of papers with three chunks each, whose vectors lie in all directions."""
    catalog = Catalog(f"sqlite:///{tmp_path_factory.mktemp('catalog') / 'catalog.sqlite3'}")
    random = np.random.default_rng(7)
    entries = []
    for number in range(PAPERS):
        paper = Paper(id=f"p:{number:03}", title=f"P {number}", abstract="abc" * CHUNKS)
        parts = [Chunk(paper.id, 3 * at, 3 * at + 3, "abc") for at in range(CHUNKS)]
        vectors = random.normal(size=(CHUNKS, DIMENSION)).astype(np.float16)
        entries.append(Entry(paper, parts, vectors))
    catalog.write(entries)
    yield catalog
    catalog.close()


@pytest.fixture(scope="module")
def graph(large: Catalog, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DenseIndex]:
    index = DenseIndex(tmp_path_factory.mktemp("graph"))
    index.fill(large)
    yield index
    index.close()


def question(seed: int) -> Vectors:
    vector = np.random.default_rng(seed).normal(size=DIMENSION).astype(np.float32)
    unit: Vectors = vector / np.linalg.norm(vector)
    return unit


def expected(catalog: Catalog, vector: Vectors, *, k: int, within: set[str] | None) -> list[Hit]:
    """Compare with each, one by one."""
    papers = catalog.paper_ids() if within is None else sorted(within)
    return neighbours(vector, *stacked(catalog.chunks(papers)), k=k).hits


WITHIN = st.none() | st.sets(st.integers(0, PAPERS + 9).map(lambda n: f"p:{n:03}"))


@settings(max_examples=60)
@given(st.integers(0, 99), st.integers(1, 40), WITHIN, st.booleans(), st.booleans())
def test_the_nearest_that_pass_are_found(
    large: Catalog,
    graph: DenseIndex,
    seed: int,
    k: int,
    within: set[str] | None,
    with_graph: bool,
    loaded: bool,
) -> None:
    nearest = Nearest(large)
    if loaded:
        nearest.load()
    papers = None if within is None else frozenset(within)
    found = nearest.search(
        question(seed), k=k, within=papers, graph=graph if with_graph else None
    ).hits
    assert found == expected(large, question(seed), k=k, within=within)


@pytest.mark.parametrize("papers", [PAPERS - 1, PAPERS // 2])
def test_where_the_graph_is_dearer_it_is_not_asked(
    large: Catalog, graph: DenseIndex, papers: int
) -> None:
    """With one neighbour wanted, comparing with half of the papers takes longer than asking it."""
    assert papers * CHUNKS > DEARER * 2
    within = frozenset(large.paper_ids()[:papers])
    found = Nearest(large).search(question(1), k=1, within=within, graph=graph).hits
    assert found == expected(large, question(1), k=1, within=set(within))


class Short:
    """A graph that finds just the chunks it is asked for, and none of them the nearest."""

    def __init__(self, ids: list[str], *, most: float = math.inf) -> None:
        self._ids = ids
        self.most = most

    def nearest(self, vector: Vectors, *, k: int) -> list[str]:
        return self._ids[:k]


def test_what_is_found_does_not_depend_on_what_is_in_memory(large: Catalog) -> None:
    graph = Short([chunk_id for chunk_id, _ in large.chunks()])
    for within in (None, frozenset(large.paper_ids()[50:])):
        found = []
        for load in (False, True):
            nearest = Nearest(large)
            if load:
                nearest.load()
            found.append(nearest.search(question(4), k=9, within=within, graph=graph).hits)
        assert found[0] == found[1]
        assert len(found[0]) == 9


def test_a_graph_that_gives_less_than_is_needed_is_not_asked(large: Catalog) -> None:
    every = [chunk_id for chunk_id, _ in large.chunks()]
    held = set(large.paper_ids()[::2])
    within = frozenset(held | {f"unknown:{n}" for n in range(FEW)})
    # Half of the papers pass: for 9 chunks of theirs it would have to find more than 9.
    for most, papers in ((8, None), (9, within)):
        graph = Short(every, most=most)
        found = Nearest(large).search(question(4), k=9, within=papers, graph=graph).hits
        assert found == expected(large, question(4), k=9, within=papers and held)


def test_many_papers_of_which_the_store_holds_few(large: Catalog, graph: DenseIndex) -> None:
    within = frozenset({"p:003", *(f"unknown:{n}" for n in range(FEW))})
    found = Nearest(large).search(question(2), k=9, within=within, graph=graph).hits
    assert {hit.id.rpartition(":")[0] for hit in found} == {"p:003"}
    assert len(found) == CHUNKS


def test_what_is_kept_in_memory_follows_every_change(tmp_path: Path) -> None:
    catalog = Catalog(f"sqlite:///{tmp_path / 'catalog.sqlite3'}")
    nearest = Nearest(catalog)
    assert len(nearest.load()) == 0
    assert nearest.search(question(3), k=5, within=None, graph=None).hits == []
    paper = Paper(id="p:1", title="P", abstract="abc")
    entry = Entry(paper, [Chunk("p:1", 0, 3, "abc")], question(3).astype(np.float16)[np.newaxis])
    catalog.write([entry])
    (hit,) = nearest.search(question(3), k=5, within=None, graph=None).hits
    assert (hit.id, hit.score) == ("p:1:0-3", 1.0)
    catalog.remove(["p:1"])
    assert nearest.search(question(3), k=5, within=None, graph=None).hits == []
    catalog.close()


def test_a_chunk_that_is_gone_is_left_out(large: Catalog) -> None:
    matrix = Matrix.of(large)
    assert matrix.rows_of(["p:001:0-3", "gone:0-3", "p:000:3-6"]).tolist() == [3, 1]
