"""Derived indexes: level after opening, whatever happened to their files; said, and never wrong."""

import logging
import random
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import chromadb
import numpy as np
import pytest

from store.catalog import Catalog, Entry
from store.dense import DenseIndex
from store.errors import StoreError
from store.indexes import Index, IndexFailed, catch_up, is_level, open_index, rebuild
from store.lexical import LexicalIndex
from store.seal import sealed_generation

MakeEntry = Callable[..., Entry]
#: Enough for Chroma to save its graph, of one chunk each.
PAPERS = 1100
REBUILT = "The {} index was damaged, missing or left half-written; making it anew"


class Place(NamedTuple):
    """A kind of index and its folder."""

    kind: type[Index]
    folder: Path


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, entry: MakeEntry) -> Path:
    """A store's folder with both indexes level, to copy."""
    folder = tmp_path_factory.mktemp("whole")
    catalog = Catalog(f"sqlite:///{folder / 'catalog.sqlite3'}")
    catalog.write([entry(f"{number:04}", f"Word{number} zebra.") for number in range(PAPERS)])
    for place in _places(folder):
        open_index(place.kind, place.folder, catalog).close()
    catalog.close()
    return folder


@pytest.fixture
def store(whole: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(whole, tmp_path / "store"))


@pytest.fixture
def catalog(store: Path) -> Iterator[Catalog]:
    catalog = Catalog(f"sqlite:///{store / 'catalog.sqlite3'}")
    yield catalog
    catalog.close()


@pytest.fixture(params=[0, 1], ids=["lexical", "dense"])
def place(request: pytest.FixtureRequest, store: Path) -> Place:
    return _places(store)[request.param]


@pytest.fixture
def messages(caplog: pytest.LogCaptureFixture) -> Callable[[], list[str]]:
    caplog.set_level(logging.INFO, logger="store")
    return lambda: [record.getMessage() for record in caplog.records]


def open_level(place: Place, catalog: Catalog) -> None:
    """Open the index and check that it holds exactly what the catalog does."""
    index = open_index(place.kind, place.folder, catalog)
    assert index.is_level(catalog)
    index.close()
    assert _held(place) == _wanted(place, catalog)


def test_a_sound_index_is_opened_again_and_again_in_silence(
    place: Place, catalog: Catalog, messages: Callable[[], list[str]]
) -> None:
    for _ in range(3):
        open_level(place, catalog)
    assert messages() == []


def test_a_new_index_is_made_in_silence(tmp_path: Path, messages: Callable[[], list[str]]) -> None:
    new = Catalog(f"sqlite:///{tmp_path / 'new.sqlite3'}")
    for fresh in _places(tmp_path / "new"):
        open_level(fresh, new)
        assert is_level(fresh.kind, fresh.folder, new)
    assert messages() == []
    new.close()


def test_an_index_that_missed_changes_catches_up_and_says_so(
    place: Place, catalog: Catalog, entry: MakeEntry, messages: Callable[[], list[str]]
) -> None:
    catalog.write([entry("new", "One. Two. Three. Four."), entry("0001", "Replaced.")])
    catalog.remove(["title:0002"])
    open_level(place, catalog)
    assert messages() == [
        f"The {place.kind.name} index had missed 2 committed changes of an interrupted run; "
        "catching up"
    ]
    assert catalog.generation == 3
    assert is_level(place.kind, place.folder, catalog)


def delete(file: Path) -> None:
    file.unlink()


def truncate(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def empty(file: Path) -> None:
    file.write_bytes(b"")


def replace(file: Path) -> None:
    file.write_bytes(b"garbage" * 500)


def scatter(file: Path) -> None:
    data = bytearray(file.read_bytes())
    chance = random.Random(2)  # noqa: S311
    for _ in range(400):
        data[chance.randrange(len(data))] = chance.randrange(256)
    file.write_bytes(bytes(data))


@pytest.mark.parametrize("damage", [delete, truncate, empty, replace, scatter])
@pytest.mark.parametrize(
    ("which", "pattern"),
    [
        (1, "chroma.sqlite3"),
        (1, "data_level0.bin"),
        (1, "index_metadata.pickle"),
        (1, "header.bin"),
        (0, "meta.json"),
        (0, "*.term"),
        (0, "*.store"),
    ],
)
def test_a_damaged_file_is_noticed_and_the_index_is_made_anew(
    store: Path,
    catalog: Catalog,
    messages: Callable[[], list[str]],
    damage: Callable[[Path], None],
    which: int,
    pattern: str,
) -> None:
    place = _places(store)[which]
    damage(next(place.folder.rglob(pattern)))
    open_level(place, catalog)
    first, second = messages()
    assert first == REBUILT.format(place.kind.name)
    assert second.startswith(f"Made the {place.kind.name} index from the catalog: 1100 papers, ")


@pytest.mark.parametrize("damage", [empty, replace])
def test_damaged_notes_of_tantivy_do_no_harm(
    store: Path, catalog: Catalog, damage: Callable[[Path], None]
) -> None:
    lexical = _places(store)[0]
    damage(lexical.folder / ".managed.json")
    open_level(lexical, catalog)


def test_a_missing_folder_and_a_missing_seal_are_noticed(
    place: Place, catalog: Catalog, messages: Callable[[], list[str]]
) -> None:
    shutil.rmtree(place.folder)
    open_level(place, catalog)
    place.folder.with_name(f"{place.folder.name}.seal").unlink()
    open_level(place, catalog)
    assert messages()[::2] == [REBUILT.format(place.kind.name)] * 2


def test_a_catalog_restored_from_an_older_copy_has_its_indexes_made_anew(
    whole: Path, store: Path, catalog: Catalog, entry: MakeEntry, messages: Callable[[], list[str]]
) -> None:
    catalog.write([entry("0001", "Replaced later.")])
    for place in _places(store):
        open_level(place, catalog)
    catalog.close()
    for file in store.glob("catalog.sqlite3*"):
        file.unlink()
    shutil.copy(whole / "catalog.sqlite3", store)
    older = Catalog(f"sqlite:///{store / 'catalog.sqlite3'}")
    for place in _places(store):
        open_level(place, older)
        assert REBUILT.format(place.kind.name) in messages()
    older.close()


def caught_up(index: Index, folder: Path, catalog: Catalog) -> None:
    catch_up(index, folder, catalog, applied=1)


@pytest.mark.parametrize("change", [rebuild, caught_up])
@pytest.mark.parametrize("which", [0, 1], ids=["lexical", "dense"])
def test_a_change_that_fails_in_the_middle_leaves_no_seal(
    tmp_path: Path, entry: MakeEntry, which: int, change: Callable[[Index, Path, Catalog], None]
) -> None:
    # So few chunks that the seal covers no file of Chroma's.
    small = Catalog(f"sqlite:///{tmp_path / 'small.sqlite3'}")
    small.write([entry("a", "A zebra.")])
    place = _places(tmp_path)[which]
    index = open_index(place.kind, place.folder, small)
    failing = Catalog(f"sqlite:///{tmp_path / 'failing.sqlite3'}")
    with closing(sqlite3.connect(tmp_path / "failing.sqlite3")) as connection:
        connection.executescript("DROP TABLE chunks; DROP TABLE papers;")
    with pytest.raises(StoreError, match="no such table"):
        change(index, place.folder, failing)
    failing.close()
    index.close()
    assert sealed_generation(place.folder, covers=place.kind.covers, store=small.identity) is None
    open_level(place, small)
    small.close()


def test_a_panic_in_chroma_is_damage_like_any_other(
    store: Path, catalog: Catalog, messages: Callable[[], list[str]]
) -> None:
    dense = _places(store)[1]
    (database,) = dense.folder.glob("*/chroma.sqlite3")
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("UPDATE migrations SET sql = CAST(X'FF' AS TEXT)")
    open_level(dense, catalog)
    assert messages()[0] == REBUILT.format("dense")


def test_making_an_index_anew_on_request_says_what_was_made_and_no_more(
    place: Place, catalog: Catalog, messages: Callable[[], list[str]]
) -> None:
    index = open_index(place.kind, place.folder, catalog)
    rebuild(index, place.folder, catalog)
    index.close()
    (message,) = messages()
    assert message.startswith(f"Made the {place.kind.name} index from the catalog: 1100 papers, ")


def test_an_index_that_is_level_is_not_touched(place: Place, catalog: Catalog) -> None:
    index = open_index(place.kind, place.folder, catalog)
    seal = place.folder.with_name(f"{place.folder.name}.seal")
    before = seal.stat().st_ino
    catch_up(index, place.folder, catalog, catalog.generation)
    index.close()
    assert seal.stat().st_ino == before


def test_changes_that_could_not_be_sealed_are_not_applied_twice(
    place: Place, catalog: Catalog, entry: MakeEntry
) -> None:
    index = open_index(place.kind, place.folder, catalog)
    catalog.write([entry("new", "A new zebra.")])
    # Where the new seal is to be written there is a folder.
    aside = place.folder.with_name(f"{place.folder.name}.part")
    aside.mkdir()
    for _ in range(2):
        with pytest.raises(IndexFailed, match="Is a directory"):
            catch_up(index, place.folder, catalog, applied=1)
    aside.rmdir()
    assert catch_up(index, place.folder, catalog, applied=1) == 2
    assert index.is_level(catalog)
    index.close()
    assert _held(place) == _wanted(place, catalog)


def _places(folder: Path) -> list[Place]:
    return [Place(LexicalIndex, folder / "lexical"), Place(DenseIndex, folder / "chroma")]


def _held(place: Place) -> dict[str, list[float]] | list[str]:
    """Return what the files hold: papers that share a word, or chunks and their vectors."""
    if place.kind is LexicalIndex:
        return sorted(hit.id for hit in LexicalIndex(place.folder).search("zebra", k=2 * PAPERS))
    (chroma,) = place.folder.glob("*/chroma.sqlite3")
    client = chromadb.PersistentClient(
        str(chroma.parent), settings=chromadb.Settings(anonymized_telemetry=False)
    )
    kept = client.get_collection("chunks", embedding_function=None).get(include=["embeddings"])
    client.close()
    return dict(zip(kept["ids"], _directions(kept["embeddings"]), strict=True))


def _wanted(place: Place, catalog: Catalog) -> dict[str, list[float]] | list[str]:
    if place.kind is LexicalIndex:
        papers = catalog.papers(catalog.paper_ids())
        return [key for key, paper in papers.items() if "zebra" in paper.abstract]
    ids, vectors = zip(*catalog.chunks(), strict=True) if catalog.counts().chunks else ([], [])
    return dict(zip(ids, _directions(vectors), strict=True))


def _directions(vectors: object) -> list[list[float]]:
    rows = np.asarray(vectors, dtype=np.float32).reshape(-1, 4)
    return np.round(rows / np.linalg.norm(rows, axis=1, keepdims=True), 4).tolist()
