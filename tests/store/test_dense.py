"""The dense index: exact ranks by cosine, and a Chroma folder that keeps ids and vectors."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import cast

import chromadb
import numpy as np
import pytest
from chromadb.api.client import Client

from store.batches import batches
from store.catalog import Catalog, Entry
from store.dense import DATABASE, GRAPH, SAVED, VISITED, DenseIndex, neighbours, stacked
from store.hits import Hit

MakeEntry = Callable[..., Entry]
#: More than the thousand writes after which Chroma saves its graph.
MANY = 1100


def axes(*names: str) -> list[tuple[str, np.ndarray]]:
    """Four-dimensional unit vectors along the axes, one a name."""
    return [(name, np.eye(4, dtype=np.float16)[at]) for at, name in enumerate(names)]


def cloud(count: int, *, dimension: int = 8) -> list[tuple[str, np.ndarray]]:
    rows = np.random.default_rng(0).normal(size=(count, dimension)).astype(np.float16)
    return [(f"p:{number}-{number + 1}", row) for number, row in enumerate(rows)]


def test_the_score_is_the_cosine() -> None:
    ids, vectors = stacked([("x", np.float16([3, 4])), ("y", np.float16([0, 2]))])
    assert neighbours(np.float32([0.6, 0.8]), ids, vectors, k=5).hits == [
        Hit("x", 1.0, 1, "dense"),
        Hit("y", 0.8, 2, "dense"),
    ]


def test_nothing_has_no_hits() -> None:
    assert neighbours(np.float32([1, 0]), *stacked([]), k=5).hits == []


def test_a_zero_vector_is_like_nothing() -> None:
    ids, vectors = stacked([("zero", np.float16([0, 0]))])
    assert neighbours(np.float32([1, 0]), ids, vectors, k=1).scores == [0]


def test_a_chunk_scores_the_same_in_any_company() -> None:
    # So many that some score lies where its last bit decides how it is rounded.
    every = cloud(6000, dimension=384)
    query = np.random.default_rng(1).normal(size=384).astype(np.float32)
    scores = {hit.id: hit.score for hit in neighbours(query, *stacked(every), k=6000).hits}
    for some in batches(every, 7):
        for hit in neighbours(query, *stacked(some), k=7).hits:
            assert hit.score == scores[hit.id]


def test_equals_once_rounded_stand_in_id_order_at_the_cutoff_too() -> None:
    # Cosines .600001, .600002, .600003 and .1: the first three are one once rounded.
    cosines = np.array([0.600003, 0.600002, 0.600001, 0.1], dtype=np.float32)
    vectors = np.stack([cosines, np.sqrt(1 - cosines**2)], axis=1)
    question = np.array([1, 0], dtype=np.float32)
    for k in (1, 2, 3, 4, 9):
        near = neighbours(question, ["c", "b", "a", "d"], vectors, k=k)
        assert near.ids == ["a", "b", "c", "d"][:k]


def test_the_nearest_are_found_and_removed_ones_are_not(tmp_path: Path) -> None:
    index = DenseIndex(tmp_path / "chroma")
    index.write(axes("a:0-1", "b:0-1", "c:0-1"))
    query = np.float32([0.9, 0.5, 0.1, 0])
    assert index.nearest(query, k=2) == ["a:0-1", "b:0-1"]
    index.remove(["a:0-1", "unknown:0-1"])
    assert (index.count(), index.nearest(query, k=9)) == (2, ["b:0-1", "c:0-1"])
    index.write([("b:0-1", np.float16([0, 0, 0, 1]))])
    assert (index.count(), index.nearest(query, k=9)) == (2, ["c:0-1", "b:0-1"])
    index.close()


def test_the_index_holds_what_the_catalog_does(
    catalog: Catalog, entry: MakeEntry, tmp_path: Path
) -> None:
    catalog.write([entry("a", "One. Two. Three. Four."), entry("b")])
    index = DenseIndex(tmp_path / "chroma")
    assert not index.is_level(catalog)
    index.fill(catalog)
    assert index.is_level(catalog)
    catalog.remove(["title:a"])
    assert not index.is_level(catalog)
    index.apply(catalog, catalog.changes(1))
    assert index.is_level(catalog)
    catalog.remove(["title:b"])
    index.fill(catalog)
    assert index.count() == 0
    index.close()


@pytest.mark.parametrize("count", [40, MANY])
def test_opening_again_finds_all_and_changes_no_sealed_file(tmp_path: Path, count: int) -> None:
    folder = tmp_path / "chroma"
    index = DenseIndex(folder)
    index.write(cloud(count))
    index.close()
    states = []
    for _ in range(4):
        states.append(_sealed(folder))
        index = DenseIndex(folder)
        assert index.count() == count
        assert index.nearest(stacked(cloud(3))[1][2], k=1) == ["p:2-3"]
        index.close()
    assert states == [states[0]] * 4
    assert bool(states[0]) is (count == MANY)


def test_a_saved_graph_is_sealed_and_an_unsaved_one_is_not(tmp_path: Path) -> None:
    for part in ("saved", "unsaved"):
        (tmp_path / part).mkdir()
        (tmp_path / part / "header.bin").touch()
    (tmp_path / "saved" / SAVED).touch()
    (tmp_path / "chroma.sqlite3").touch()
    sealed = [file for file in sorted(tmp_path.rglob("*.*")) if DenseIndex.covers(file)]
    assert sealed == [tmp_path / "saved" / "header.bin", tmp_path / "saved" / SAVED]


def test_a_damaged_database_is_refused_before_chroma_reads_it(tmp_path: Path) -> None:
    index = DenseIndex(tmp_path)
    index.write(cloud(100))
    index.close()
    (database,) = tmp_path.glob(f"*/{DATABASE}")
    data = database.read_bytes()
    # One page turns to noise. Chroma may read on, raise what it likes, or end the process.
    database.write_bytes(data[: 10 * 4096] + b"\xa5" * 4096 + data[11 * 4096 :])
    with pytest.raises(sqlite3.DatabaseError, match=r"(?s)chroma\.sqlite3: .*Page 11"):
        DenseIndex(tmp_path)


def test_chroma_is_given_no_texts_and_no_way_to_embed(tmp_path: Path) -> None:
    index = DenseIndex(tmp_path / "chroma")
    index.write(axes("a:0-1"))
    index.close()
    client = _client(tmp_path / "chroma")
    (collection,) = client.list_collections()
    assert collection.configuration_json["embedding_function"] == {"type": "legacy"}
    assert collection.configuration_json["hnsw"]["space"] == "cosine"
    kept = collection.get(include=["documents", "metadatas"])
    assert (kept["ids"], kept["documents"], kept["metadatas"]) == (["a:0-1"], [None], [None])
    client.close()


def test_a_graph_of_another_version_is_searched_as_widely_and_left_as_it_is(tmp_path: Path) -> None:
    index = DenseIndex(tmp_path)
    index.write(cloud(MANY))
    index.close()
    before = _sealed(tmp_path)
    for visited in (100, 3 * VISITED):
        client = _client(tmp_path)
        (collection,) = client.list_collections()
        collection.modify(configuration={"hnsw": {"ef_search": visited}})
        client.close()
        index = DenseIndex(tmp_path)
        assert (index.count(), len(index.nearest(np.ones(8, np.float32), k=9))) == (MANY, 9)
        index.close()
        client = _client(tmp_path)
        (collection,) = client.list_collections()
        hnsw = collection.configuration_json["hnsw"]
        assert {name: hnsw[name] for name in GRAPH} == GRAPH
        client.close()
    assert _sealed(tmp_path) == before


def _client(folder: Path) -> Client:
    (place,) = folder.iterdir()
    settings = chromadb.Settings(anonymized_telemetry=False)
    return cast("Client", chromadb.PersistentClient(str(place), settings=settings))


def _sealed(folder: Path) -> dict[str, bytes]:
    files = [file for file in folder.rglob("*") if file.is_file() and DenseIndex.covers(file)]
    return {str(file): file.read_bytes() for file in files}


def test_neighbours_are_compared_with_another_vector_too() -> None:
    every = [("a", np.float16([1, 0])), ("b", np.float16([0.6, 0.8])), ("c", np.float16([-1, 0]))]
    near = neighbours(np.float32([1, 0]), *stacked(every), k=2)
    assert near.ids == ["a", "b"]
    assert near.cosines(np.float32([-0.6, 0.8])) == pytest.approx([-0.6, 0.28], abs=1e-3)
    assert near.vectors[1].tolist() == pytest.approx([0.6, 0.8], abs=1e-3)
    nothing = neighbours(np.float32([1, 0]), *stacked([]), k=2)
    assert (nothing.hits, nothing.cosines(np.float32([1, 0]))) == ([], [])
