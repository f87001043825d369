"""Sharing: a catalog on PostgreSQL, chunks on a Chroma server, several processes' indexes."""

import logging
import socket
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from store.backup import back_up, restore
from store.catalog import Catalog, Entry
from store.chroma_client import ChromaServer
from store.chroma_server import ServerIndex
from store.compaction import compact
from store.corpus import Corpus
from store.embedding import Embedder
from store.errors import StoreBusy, StoreError
from store.lock import ServerLock
from store.papers import Paper
from store.popularity import Popularity, Standing
from tests.conftest import free_port, running_chroma

Everything = Callable[[Corpus], list[object]]
DAY = date(2024, 3, 11)


@pytest.fixture(scope="module")
def chroma(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running_chroma(tmp_path_factory.mktemp("chroma")) as address:
        yield address


@pytest.fixture
def url(postgres: Callable[[], str]) -> str:
    return postgres()


@pytest.fixture
def server(chroma: str, url: str) -> ChromaServer:
    """A collection of one test's own."""
    return ChromaServer(url=chroma, collection=url.partition("@/")[2].partition("?")[0])


def test_replicas_follow_each_other_and_answer_as_one_store_does(
    tmp_path: Path,
    url: str,
    server: ChromaServer,
    embedder: Embedder,
    animals: list[Paper],
    everything: Everything,
) -> None:
    zebra, whale, falcon = animals
    with (
        Corpus(tmp_path / "a", embedder, url=url, chroma=server, exact_up_to=0) as first,
        Corpus(tmp_path / "b", embedder, url=url, chroma=server, exact_up_to=0) as second,
        Corpus(tmp_path / "one", embedder) as alone,
    ):
        for changed, other in ((first, second), (second, first)):
            for corpus in (changed, alone):
                corpus.add([zebra, whale])
                corpus.add([falcon])
                corpus.remove(["title:whale"])
                corpus.add([whale.model_copy(update={"abstract": "Whales sing. Squid hide."})])
            assert changed.snapshot == other.snapshot == alone.snapshot
            assert everything(changed) == everything(other) == everything(alone)
            assert list(changed.papers()) == list(other.papers()) == list(alone.papers())
            assert changed._access.graph is not None
            assert other._access.graph is not None
            for corpus in (changed, alone):
                corpus.remove([paper.id for paper in animals])
            assert other.search_lexical("savanna", k=5) == []


def test_a_replica_that_was_away_catches_up_and_a_second_process_on_its_folder_reads(
    tmp_path: Path,
    url: str,
    embedder: Embedder,
    animals: list[Paper],
    everything: Everything,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with Corpus(tmp_path / "a", embedder, url=url) as first:
        first.add(animals[:2])
    with Corpus(tmp_path / "b", embedder, url=url) as second:
        second.add(animals[2:])
        with (
            Corpus(tmp_path / "a", embedder, url=url) as first,
            Corpus(tmp_path / "a", embedder, url=url) as beside,
        ):
            assert everything(first) == everything(beside) == everything(second)
            beside.remove(["title:zebra"])
            assert everything(first) == everything(beside) == everything(second)
    # None of it is an interruption or a damage.
    assert not caplog.messages


def test_one_at_a_time_changes_the_papers(
    url: str, tmp_path: Path, embedder: Embedder, animals: list[Paper]
) -> None:
    first, second = ServerLock(url), ServerLock(url)
    with Corpus(tmp_path, embedder, url=url) as corpus, first:
        with pytest.raises(StoreBusy, match="being changed by another process"):
            second.take(patience=0.3)
        first.take()
        with pytest.raises(StoreBusy, match="being changed by another process"):
            corpus.add(animals, patience=0.3)
        assert len(corpus) == 0
    with second:
        pass
    # No connection is kept.
    for lock in (first, second):
        assert lock._tables._engine.pool.checkedin() == 0  # type: ignore[attr-defined]


def test_a_chroma_server_that_is_away_or_behind_is_noticed(
    tmp_path: Path,
    url: str,
    embedder: Embedder,
    animals: list[Paper],
    everything: Everything,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO, logger="store")
    port, place = free_port(), tmp_path / "chroma"
    server = ChromaServer(url=f"http://127.0.0.1:{port}")
    with Corpus(tmp_path / "a", embedder, url=url, chroma=server, exact_up_to=0) as corpus:
        with running_chroma(place, port=port):
            corpus.add(animals[:2])
            assert not caplog.messages
            everything(corpus)
        # The papers are safe in the catalog, and found.
        corpus.add(animals[2:])
        assert "the Chroma server at http://127.0.0.1" in caplog.messages[-1]
        away = everything(corpus)
        assert corpus.search_dense("pigeons", k=1)[0].id.startswith("title:falcon")
        with running_chroma(place, port=port):
            assert corpus._access.graph is None
            corpus.repair()
            assert corpus._access.graph is not None
            assert everything(corpus) == away


def test_a_chroma_server_that_says_nothing_keeps_nobody_waiting_twice(
    tmp_path: Path,
    url: str,
    embedder: Embedder,
    animals: list[Paper],
    everything: Everything,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        server = ChromaServer(
            url=f"http://127.0.0.1:{silent.getsockname()[1]}", collection="c", patience=0.2
        )
        with (
            Corpus(tmp_path / "a", embedder, url=url, chroma=server, exact_up_to=0) as corpus,
            Corpus(tmp_path / "one", embedder) as alone,
        ):
            alone.add(animals)
            corpus.add(animals)
            assert everything(corpus) == everything(alone)
            assert corpus._access.graph is None
    (said,) = caplog.messages
    assert "timed out; check that it runs" in said


def test_the_collection_of_another_store_is_neither_asked_nor_touched(
    tmp_path: Path,
    postgres: Callable[[], str],
    server: ChromaServer,
    embedder: Embedder,
    animals: list[Paper],
    everything: Everything,
    caplog: pytest.LogCaptureFixture,
) -> None:
    one, two = postgres(), postgres()
    with (
        Corpus(tmp_path / "a", embedder, url=one, chroma=server, exact_up_to=0) as first,
        Corpus(tmp_path / "b", embedder, url=two, chroma=server, exact_up_to=0) as second,
    ):
        first.add(animals[:2])
        assert not caplog.messages
        second.add(animals[1:])
        assert "is not this store's; name another one: ASSISTANT_CHROMA_COLL" in caplog.messages[-1]
        assert second.generation == first.generation
        assert second._access.graph is None
        assert second.search_dense("pigeons", k=1)[0].id.startswith("title:falcon")
        with pytest.raises(StoreError, match="is not this store's"):
            second.repair()
        assert first._access.graph is not None
        assert first.search_dense("savanna", k=1)[0].id.startswith("title:zebra")
    # Unless the other is gone, and named.
    with closing(Catalog(one)) as gone, closing(Catalog(two)) as taker:
        assert f"is gone: assistant repair --take-from {gone.identity}" in caplog.messages[-1]
        with pytest.raises(StoreError, match="is not one of the store 'another'; nothing"):
            ServerIndex(server).take_over(taker, former="another")
        ServerIndex(server).take_over(taker, former=gone.identity)
        index = ServerIndex(server)
        assert not index.is_level(taker)
        index.bring_level(taker)
        assert index.is_level(taker)
        assert len(index.nearest(np.ones(384, np.float32), k=9)) == taker.counts().chunks
    # Nor is the lexical index of one store taken for another's.
    with Corpus(tmp_path / "a", embedder, url=two) as moved:
        assert {hit.id for hit in moved.search_lexical("dive", k=5)} == {
            "title:whale",
            "title:falcon",
        }


def test_the_collection_goes_on_from_what_it_had_when_its_writer_died(
    url: str, server: ChromaServer, entry: Callable[..., Entry], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="store")
    with closing(Catalog(url)) as catalog:
        catalog.bind_model(name="m", digest="d", dimension=4)
        catalog.write([entry("a", "One. Two."), entry("b", "Three.")])
        index = ServerIndex(server)
        index.bring_level(catalog)
        catalog.write([entry("c", "Four."), entry("a", "Five.")])
        # As after a death in the middle: half is there, and the generation is the former.
        label = index._look(catalog)
        index._say(label.model_copy(update={"generation": 1, "changing": True}))
        index._write(catalog.chunks(["title:c"]))
        assert not ServerIndex(server).is_level(catalog)
        again = ServerIndex(server)
        again.bring_level(catalog)
        assert again.is_level(catalog)
        vectors = dict(catalog.chunks())
        found = again.nearest(np.ones(4, dtype=np.float32), k=10)
        assert sorted(found) == sorted(vectors)
        catalog.forget_changes()
        catalog.write([entry("d")])
        again.bring_level(catalog)
        assert not caplog.messages


def test_a_store_moves_from_a_folder_to_a_server_and_back_by_a_backup(
    tmp_path: Path, url: str, embedder: Embedder, animals: list[Paper], everything: Everything
) -> None:
    with Corpus(tmp_path / "one", embedder) as alone:
        alone.add(animals)
        whole, snapshot = everything(alone), alone.snapshot
    with closing(Popularity(tmp_path / "one")) as popularity:
        popularity.vote("title:zebra", "somebody", on=DAY)
    back_up(tmp_path / "one", tmp_path / "one.zip")
    restore(tmp_path / "one.zip", tmp_path / "a", url=url)
    with pytest.raises(StoreError, match=r"there is a store .* already"):
        restore(tmp_path / "one.zip", tmp_path / "a", url=url)
    with Corpus(tmp_path / "a", embedder, url=url) as shared:
        assert (everything(shared), shared.snapshot) == (whole, snapshot)
        with closing(Popularity(tmp_path / "a", url=url)) as popularity:
            popularity.vote("title:whale", "somebody", on=DAY)
            popularity.note_cited(["title:whale"], on=DAY)
            popularity.note_cited(["title:whale"], on=DAY)
        with closing(Catalog(url)) as catalog:
            identity = catalog.identity
        back_up(tmp_path / "a", tmp_path / "two.zip", url=url)
        shared.remove(["title:zebra"])
        restore(tmp_path / "two.zip", tmp_path / "b", url=url, replace=True)
        compact(tmp_path / "b", url=url)
        with closing(Catalog(url)) as catalog:
            assert catalog.identity == identity
        # One that has followed until now follows this too.
        assert (everything(shared), shared.snapshot) == (whole, snapshot)
    restore(tmp_path / "two.zip", tmp_path / "back")
    with Corpus(tmp_path / "back", embedder) as alone:
        assert (everything(alone), alone.snapshot) == (whole, snapshot)
        assert alone._catalog.identity != identity
    with closing(Popularity(tmp_path / "back")) as popularity:
        found = popularity.standings(["title:zebra", "title:whale"])
        assert found == {"title:zebra": Standing(votes=1), "title:whale": Standing(1, 2)}


def test_any_text_is_kept_exactly(url: str, entry: Callable[..., Entry]) -> None:
    odd = "\0 \x1a0 \x1a1 \x1a\0 \\ \U0001f993 \x1b[31m"
    written = entry("a", f"It is {odd}.", title=f"On {odd}", venue=odd, authors=(odd,))
    with closing(Catalog(url)) as catalog:
        catalog.write([written, entry("B"), entry("b")])
        assert catalog.papers(["title:a"]) == {"title:a": written.paper}
        # As numbers, not as in a dictionary.
        assert catalog.paper_ids() == ["title:B", "title:a", "title:b"]


def test_a_server_that_is_not_there_is_said_in_a_line() -> None:
    with pytest.raises(StoreError, match="check that its server runs and can be reached"):
        Catalog(f"postgresql://nobody@127.0.0.1:{free_port()}/papers")
