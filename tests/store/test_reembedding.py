"""A store embedded anew with another model: all at once or not at all, and never mixed."""

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from store.catalog import Catalog
from store.corpus import Corpus
from store.embedding import Embedder, open_embedder
from store.embedding.model import Model
from store.errors import ModelError, StoreBusy, StoreError
from store.papers import Paper
from store.reembedding import COMMIT, reembed

MakeModel = Callable[..., Path]
#: More than two commits, the last one short.
MANY = [
    Paper(id=f"title:{n:05}", title=f"Paper {n}", abstract=f"Zebra number {n} grazes.")
    for n in range(2 * COMMIT + 100)
]


class Letters:
    """Counts `dimension` characters; notes what it read, and fails at a text that holds `bad`."""

    def __init__(self, dimension: int, bad: str = "") -> None:
        self.dimension = dimension
        self.read: list[str] = []
        self._bad = bad

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        rows = []
        for text in texts:
            if self._bad and self._bad in text:
                raise RuntimeError(text)
            self.read.append(text)
            rows.append([1 + text.lower().count(chr(48 + at)) for at in range(self.dimension)])
        found = np.array(rows, dtype=np.float32)
        return found / np.linalg.norm(found, axis=1, keepdims=True)


def letters(name: str, dimension: int = 12, *, bad: str = "") -> Embedder:
    return Embedder(Model(name, Path(), name * 64), Letters(dimension, bad), prompts={})


def read_by(embedder: Embedder) -> list[str]:
    backend = embedder._backend
    assert isinstance(backend, Letters)
    return backend.read


def vectors(folder: Path) -> dict[str, bytes]:
    with closing(Catalog(f"sqlite:///{folder / 'catalog.sqlite3'}")) as catalog:
        return {chunk_id: vector.tobytes() for chunk_id, vector in catalog.chunks()}


def made(folder: Path, embedder: Embedder, papers: Sequence[Paper]) -> Path:
    with Corpus(folder, embedder, write=True) as corpus:
        corpus.add(papers)
    return folder


def test_it_is_then_as_if_made_with_the_other_model(
    embedder: Embedder,
    tiny_embedder: MakeModel,
    cache: Path,
    tmp_path: Path,
    animals: list[Paper],
    everything: Callable[[Corpus], list[object]],
) -> None:
    tiny = open_embedder(str(tiny_embedder(tmp_path / "tiny")), cache=cache)
    assert (embedder.dimension, tiny.dimension) == (384, 64)
    fresh = made(tmp_path / "fresh", tiny, animals)
    store = made(tmp_path / "store", embedder, animals)
    with Corpus(store, embedder) as corpus:
        before = corpus.stats()
    assert reembed(store, tiny)
    assert vectors(store) == vectors(fresh)
    # Zero: every search goes through Chroma's graph.
    for exact_up_to in (100, 0):
        with Corpus(store, tiny, exact_up_to=exact_up_to) as one, Corpus(fresh, tiny) as other:
            assert everything(one) == everything(other)
            after = one.stats()
            assert after.snapshot == other.snapshot
    assert after.model == tiny.name == str(tmp_path / "tiny" / "model")
    assert (after.papers, after.generation) == (before.papers, before.generation + 1)
    assert after.snapshot != before.snapshot
    assert reembed(store, embedder)
    with Corpus(store, embedder) as corpus:
        assert corpus.snapshot == before.snapshot


def test_no_index_needs_mending_afterwards(
    tmp_path: Path, animals: list[Paper], caplog: pytest.LogCaptureFixture
) -> None:
    store = made(tmp_path, letters("a"), animals)
    reembed(store, letters("b", 5))
    caplog.clear()
    with Corpus(store, letters("b", 5), write=True) as corpus:
        corpus.add([Paper(id="title:new", title="The gnu", abstract="Gnus graze.")])
        assert len(corpus.search_dense("gnu", k=9)) == 4
    assert caplog.messages == []


def test_with_the_model_that_it_has_nothing_is_done(tmp_path: Path, animals: list[Paper]) -> None:
    store = made(tmp_path, letters("a"), animals)
    same = letters("a")
    assert not reembed(store, same)
    assert read_by(same) == []


def test_a_model_that_has_moved_is_recorded_under_its_new_name(
    tmp_path: Path, animals: list[Paper]
) -> None:
    store = made(tmp_path, letters("a"), animals)
    with Corpus(store, letters("a")) as corpus:
        before = corpus.stats()
    moved = Embedder(Model("elsewhere", Path(), letters("a").digest), Letters(12), prompts={})
    assert not reembed(store, moved)
    with Corpus(store, moved) as corpus:
        assert corpus.stats() == before.model_copy(update={"model": "elsewhere"})


def test_progress_says_how_many_of_how_many(tmp_path: Path) -> None:
    store = made(tmp_path, letters("a"), MANY)
    told: list[tuple[int, int]] = []
    reembed(store, letters("b"), progress=lambda done, total: told.append((done, total)))
    assert told == [(512, 1124), (1024, 1124), (1124, 1124)]


def test_interrupted_it_answers_as_before_and_goes_on_where_it_stopped(tmp_path: Path) -> None:
    store = made(tmp_path / "store", letters("a"), MANY)
    before = vectors(store)
    with pytest.raises(RuntimeError, match="Zebra number 600 grazes"):
        reembed(store, letters("b", bad="number 600 "))
    assert vectors(store) == before
    with Corpus(store, letters("a")) as corpus:
        assert corpus.search_dense("number 7", k=3) != []
        assert corpus.stats().model == "a"
    again = letters("b")
    assert reembed(store, again)
    assert len(read_by(again)) == len(MANY) - COMMIT
    assert vectors(store) == vectors(made(tmp_path / "fresh", letters("b"), MANY))


def test_papers_that_changed_in_between_are_embedded_as_they_are(tmp_path: Path) -> None:
    store = made(tmp_path / "store", letters("a"), MANY)
    with pytest.raises(RuntimeError):
        reembed(store, letters("b", bad="number 600 "))
    # The same stretch of the abstract, under a title that it is embedded with.
    renamed = MANY[0].model_copy(update={"title": "Renamed"})
    with Corpus(store, letters("a"), write=True) as corpus:
        corpus.add([renamed])
        corpus.remove([MANY[1].id])
    assert reembed(store, letters("b"))
    left = [renamed, *MANY[2:]]
    assert vectors(store) == vectors(made(tmp_path / "fresh", letters("b"), left))


def test_a_change_to_a_third_model_starts_anew(tmp_path: Path) -> None:
    store = made(tmp_path / "store", letters("a"), MANY)
    with pytest.raises(RuntimeError):
        reembed(store, letters("b", bad="number 600 "))
    third = letters("c", 5)
    assert reembed(store, third)
    assert len(read_by(third)) == len(MANY)
    assert vectors(store) == vectors(made(tmp_path / "fresh", letters("c", 5), MANY))


def test_vectors_of_two_dimensions_never_meet(tmp_path: Path, animals: list[Paper]) -> None:
    store = made(tmp_path, letters("a", 12), animals)
    reembed(store, letters("b", 5))
    assert {len(vector) for vector in vectors(store).values()} == {2 * 5}


def test_a_reader_with_the_former_model_stops_answering(
    tmp_path: Path, animals: list[Paper]
) -> None:
    store = made(tmp_path, letters("a"), animals)
    with Corpus(store, letters("a")) as reader:
        assert reader.search_dense("zebra", k=1)
        reembed(store, letters("b"))
        for within in (None, [animals[0].id]):
            with pytest.raises(ModelError, match="meanwhile been embedded anew with another mod"):
                reader.search_dense("zebra", k=1, within=within)


def test_a_reader_with_the_former_model_writes_nothing(
    tmp_path: Path, animals: list[Paper]
) -> None:
    store = made(tmp_path, letters("a"), animals[:2])
    with Corpus(store, letters("a")) as reader:
        reembed(store, letters("b"))
        before = vectors(store)
        with pytest.raises(ModelError, match="start this command again"):
            reader.add(animals)
    assert vectors(store) == before


def test_while_another_process_writes_it_waits_for_nothing(
    tmp_path: Path, animals: list[Paper]
) -> None:
    store = made(tmp_path, letters("a"), animals)
    other = letters("b")
    with Corpus(store, letters("a"), write=True):
        with pytest.raises(StoreBusy, match="is being written by"):
            reembed(store, other)
        assert read_by(other) == []
    assert reembed(store, other)


def test_a_store_made_before_there_was_a_change_of_models_opens(
    tmp_path: Path, animals: list[Paper]
) -> None:
    store = made(tmp_path, letters("a"), animals)
    with closing(sqlite3.connect(store / "catalog.sqlite3")) as connection:
        connection.execute("DROP TABLE pending")
    with Corpus(store, letters("a")) as corpus:
        assert corpus.search_dense("zebra", k=1)
    assert reembed(store, letters("b"))


def test_a_folder_with_other_things_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear A,")
    with pytest.raises(StoreError, match="holds other things and no store"):
        reembed(tmp_path, letters("b"))
    assert [file.name for file in tmp_path.iterdir()] == ["letter.txt"]
