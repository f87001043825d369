"""Corpus: removing, searching, one writer and its readers, the snapshot."""

import logging
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from store.corpus import COMMIT, Corpus
from store.embedding import Embedder
from store.errors import ModelError, PaperNotFound, StoreBusy, StoreError
from store.nearest import FEW
from store.opening import open_corpus
from store.papers import Paper

Shown = Callable[[Corpus], list[object]]


def paper(name: str, abstract: str = "It works.", **fields: Any) -> Paper:
    return Paper(id=f"title:{name}", title=f"The {name}", abstract=abstract, **fields)


def test_hits_name_papers_and_chunks_best_first(empty: Corpus, animals: list[Paper]) -> None:
    empty.add(animals)
    lexical = empty.search_lexical("pigeons", k=5)
    dense = empty.search_dense("a bird that hunts pigeons", k=2)
    assert [(hit.id, hit.rank, hit.source) for hit in lexical] == [("title:falcon", 1, "lexical")]
    assert [(hit.rank, hit.source) for hit in dense] == [(1, "dense"), (2, "dense")]
    assert dense[0].id == f"title:falcon:0-{len(animals[2].abstract)}"
    assert dense[0].score > dense[1].score


def test_an_empty_limit_finds_nothing_and_a_full_one_everything(
    empty: Corpus, animals: list[Paper]
) -> None:
    empty.add(animals)
    within = ["title:whale", "title:falcon"]
    assert empty.search_dense("dive", k=5, within=[]) == []
    assert empty.search_lexical("dive", k=5, within=[]) == []
    assert {hit.id for hit in empty.search_lexical("dive", k=5, within=within)} == set(within)
    dense = empty.search_dense("lions", k=5, within=within)
    assert {hit.id.rpartition(":")[0] for hit in dense} == set(within)


def test_the_graph_and_the_comparison_with_every_vector_agree(
    embedder: Embedder, sample_papers: list[Paper], sample: Corpus, tmp_path: Path
) -> None:
    with Corpus(tmp_path, embedder, write=True, exact_up_to=0) as corpus:
        corpus.add(sample_papers)
        for question in ("What is HyenaDNA?", "speculative decoding", "vision transformers"):
            assert corpus.search_dense(question, k=20) == sample.search_dense(question, k=20)


@pytest.mark.parametrize("exact_up_to", [0, 20_000])
@pytest.mark.parametrize("others", [0, FEW])
def test_a_limit_picks_from_the_whole_ranking_however_it_is_searched(
    embedder: Embedder,
    sample_papers: list[Paper],
    sample: Corpus,
    tmp_path: Path,
    exact_up_to: int,
    others: int,
) -> None:
    question = "Which models read DNA?"
    within = [paper.id for paper in sample_papers[::4]]
    ranking = sample.search_dense(question, k=1000)
    expected = [(h.id, h.score) for h in ranking if h.id.rpartition(":")[0] in within][:7]
    within += [f"title:unknown{n}" for n in range(others)]
    with Corpus(tmp_path, embedder, write=True, exact_up_to=exact_up_to) as corpus:
        corpus.add(sample_papers)
        found = corpus.search_dense(question, k=7, within=within)
        assert [(hit.id, hit.score) for hit in found] == expected
        assert len(corpus.search_dense(question, k=1000, within=within)) < len(ranking)
        assert corpus.search_dense(question, k=7, within=within[len(sample_papers[::4]) :]) == []


def test_removing_leaves_nothing_to_find(empty: Corpus, animals: list[Paper]) -> None:
    empty.add(animals)
    assert empty.remove(["title:whale", "title:whale", "title:zebra"]) == 2
    assert empty.select() == {"title:falcon"}
    assert empty.search_lexical("water savanna", k=5) == []
    found = {hit.id.rpartition(":")[0] for hit in empty.search_dense("whales", k=9)}
    assert found == {"title:falcon"}
    assert empty.remove([]) == 0


def test_an_unknown_paper_stops_the_removal_of_all(empty: Corpus, animals: list[Paper]) -> None:
    empty.add(animals)
    with pytest.raises(PaperNotFound, match="no paper 'title:x' in this store; nothing was rem"):
        empty.remove(["title:whale", "title:x"])
    assert len(empty) == 3


def test_the_order_and_the_batches_of_adding_leave_no_trace(
    embedder: Embedder, tmp_path: Path, animals: list[Paper], everything: Shown
) -> None:
    seen = []
    for name, order in (("one", [0, 1, 2]), ("other", [2, 0, 1])):
        with Corpus(tmp_path / name, embedder, write=True) as corpus:
            for at in order:
                corpus.add([animals[at]])
            seen.append([corpus.snapshot, everything(corpus)])
    with Corpus(tmp_path / "third", embedder, write=True) as corpus:
        corpus.add([*animals, paper("gone", "Dodos dive.")])
        corpus.remove(["title:gone"])
        corpus.repair()
        seen.append([corpus.snapshot, everything(corpus)])
    assert seen[0] == seen[1] == seen[2]


def test_a_reader_keeps_no_writer_out(
    tmp_path: Path, embedder: Embedder, animals: list[Paper]
) -> None:
    folder = tmp_path / "store"
    with Corpus(folder, embedder, write=True) as corpus:
        corpus.add(animals)
    with Corpus(folder, embedder) as reader, Corpus(folder, embedder, write=True) as writer:
        before = len(reader)
        writer.add([paper("late", "Larks sing late.")])
        assert len(reader) == before + 1
        assert reader.document_frequencies(["lark"]) == {"lark": 1}


def test_searching_in_another_thread_while_adding_leaves_the_indexes_level(
    tmp_path: Path, embedder: Embedder
) -> None:
    with Corpus(tmp_path / "store", embedder, write=True) as corpus:
        found = []
        with ThreadPoolExecutor() as pool:

            def added(_count: int) -> None:
                found.append(pool.submit(corpus.search_lexical, "zyzzyva", k=5))

            corpus.add([paper("one", "A zyzzyva is a weevil.")], progress=added)
            corpus.add([paper("two", "Another zyzzyva is brown.")], progress=added)
        assert [len(one.result()) for one in found] == [1, 2]
        assert corpus.document_frequencies(["zyzzyva"]) == {"zyzzyva": 2}
    with Corpus(tmp_path / "store", embedder) as corpus:
        assert corpus.document_frequencies(["zyzzyva"]) == {"zyzzyva": 2}


def test_what_was_added_is_found_from_batch_to_batch_and_what_was_replaced_at_the_end(
    empty: Corpus,
) -> None:
    def held() -> tuple[int, ...]:
        return tuple(empty.document_frequencies(["lark", "owl"]).values())

    found = []
    for abstract in ("A lark.", "An owl."):
        # That somebody asks at all is what the first batch is made findable for.
        held()
        papers = [paper(f"bird {number}", abstract) for number in range(COMMIT + 1)]
        empty.add(papers, progress=lambda _count: found.append(held()))
    assert found == [(0, 0), (COMMIT, 0), (COMMIT + 1, 0), (COMMIT + 1, 0)]
    assert held() == (0, COMMIT + 1)


def test_who_asks_while_papers_are_replaced_waits_for_no_more_than_the_next_batch(
    empty: Corpus,
) -> None:
    empty.add([paper(f"bird {number}", "A lark.") for number in range(COMMIT + 1)])
    found: list[dict[str, int]] = []
    asking = Thread(target=lambda: found.append(empty.document_frequencies(["lark", "owl"])))

    def asked(_count: int) -> None:
        if not asking.ident:
            asking.start()
            while not empty._access._waiting and asking.is_alive():  # type: ignore[union-attr]
                pass
        else:
            asking.join()

    empty.add([paper(f"bird {n}", "An owl.") for n in range(COMMIT + 1)], progress=asked)
    assert found == [{"lark": 1, "owl": COMMIT}]


def test_who_changes_the_papers_while_they_are_changed_waits_as_long_as_it_likes(
    empty: Corpus, animals: list[Paper]
) -> None:
    first, second = animals[0], animals[1]

    def refused(_count: int) -> None:
        with ThreadPoolExecutor(1) as pool:
            for change in (
                lambda: empty.add([second], patience=0),
                lambda: empty.remove([first.id], patience=0.01),
            ):
                with pytest.raises(StoreBusy, match="papers are being changed already"):
                    pool.submit(change).result()

    assert empty.add([first], progress=refused).added == 1
    assert empty.add([second], patience=0).added == 1


def test_a_folder_with_other_things_in_it_is_left_alone(tmp_path: Path, embedder: Embedder) -> None:
    thesis = tmp_path / "chroma" / "thesis.txt"
    thesis.parent.mkdir()
    thesis.write_text("years of work")
    with pytest.raises(StoreError, match="holds other things and no store"):
        Corpus(tmp_path, embedder, write=True)
    assert thesis.read_text() == "years of work"


@pytest.mark.parametrize(("left", "word"), [(None, "gone"), (b"", "empty")])
def test_a_store_whose_catalog_is_lost_is_not_begun_anew(
    empty: Corpus, animals: list[Paper], embedder: Embedder, left: bytes | None, word: str
) -> None:
    empty.add(animals)
    empty.close()
    catalog = empty.folder / "catalog.sqlite3"
    catalog.unlink()
    if left is not None:
        catalog.write_bytes(left)
    told = rf"the catalog '.*' is {word}, and with it the store's papers; restore a backup"
    with pytest.raises(StoreError, match=told):
        Corpus(empty.folder, embedder, write=True)
    with pytest.raises(StoreError, match=told):
        open_corpus(empty.folder)
    assert (empty.folder / "lexical.seal").exists()


def test_a_record_that_is_no_text_any_more_is_named(empty: Corpus, animals: list[Paper]) -> None:
    empty.add(animals)
    with closing(sqlite3.connect(empty.folder / "catalog.sqlite3")) as connection, connection:
        connection.execute(
            "UPDATE papers SET abstract = CAST(x'57ff' AS TEXT) WHERE id = 'title:whale'"
        )
    with pytest.raises(StoreError, match="the record of 'title:whale' is damaged; restore a"):
        list(empty.papers())
    assert empty.paper("title:zebra").id == "title:zebra"
    empty.repair()
    empty.remove(["title:whale"])
    assert len(list(empty.papers())) == len(animals) - 1


def test_a_second_writer_is_told_who_writes(empty: Corpus, embedder: Embedder) -> None:
    with pytest.raises(
        StoreBusy, match=r"the store '.*' is being written by process \d+ \(.*\); wait"
    ):
        Corpus(empty.folder, embedder, write=True)
    with Corpus(empty.folder, embedder) as reader:
        for change in (lambda: reader.add([]), lambda: reader.remove([]), reader.repair):
            with pytest.raises(StoreBusy, match=r"being written by process \d+"):
                change()


def test_a_reader_beside_a_writer_finds_the_same_and_follows_it(
    empty: Corpus, embedder: Embedder, animals: list[Paper], everything: Shown
) -> None:
    empty.add(animals[:1])
    with Corpus(empty.folder, embedder) as reader:
        assert everything(reader) == everything(empty)
        empty.add(animals)
        assert (reader.snapshot, len(reader)) == (empty.snapshot, 3)
        assert everything(reader) == everything(empty)
        assert reader.document_frequencies(["dive"]) == {"dive": 2}
        assert empty.document_frequencies(["dive"]) == {"dive": 2}
        empty.repair()
        empty.remove(["title:whale"])
        assert everything(reader) == everything(empty)


def test_a_store_that_was_closed_can_be_opened_again(
    embedder: Embedder, tmp_path: Path, animals: list[Paper], everything: Shown
) -> None:
    with Corpus(tmp_path, embedder, write=True) as corpus:
        corpus.add(animals)
        before = (corpus.stats(), everything(corpus))
    with Corpus(tmp_path, embedder, write=True) as corpus:
        assert (corpus.stats(), everything(corpus)) == before


def test_repair_embeds_nothing_and_changes_no_answer(
    embedder: Embedder,
    refusing: Embedder,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    animals: list[Paper],
    everything: Shown,
) -> None:
    with Corpus(tmp_path, embedder, write=True) as corpus:
        corpus.add(animals)
        before = everything(corpus)
    caplog.set_level(logging.INFO, logger="store")
    with Corpus(tmp_path, refusing, write=True) as corpus:
        corpus.repair()
    assert ["damaged" in record.getMessage() for record in caplog.records] == [False, False]
    with Corpus(tmp_path, embedder, write=True) as corpus:
        assert everything(corpus) == before


def test_a_catalog_in_another_place(
    embedder: Embedder, tmp_path: Path, animals: list[Paper]
) -> None:
    url = f"sqlite:///{tmp_path / 'elsewhere.db'}"
    with Corpus(tmp_path / "store", embedder, url=url, write=True) as corpus:
        corpus.add(animals)
    assert not (tmp_path / "store" / "catalog.sqlite3").exists()
    with Corpus(tmp_path / "store", embedder, url=url) as corpus:
        assert len(corpus) == 3


def test_another_model_is_refused_and_the_store_left_free(
    embedder: Embedder, other: Embedder, animals: list[Paper], tmp_path: Path
) -> None:
    with Corpus(tmp_path, embedder, write=True) as corpus:
        corpus.add(animals)
    with pytest.raises(ModelError, match=r"with the model 'all-MiniLM-L6-v2' \(53aa51172d"):
        Corpus(tmp_path, other, write=True)
    Corpus(tmp_path, embedder, write=True).close()


def test_a_store_in_which_nothing_was_ever_written_takes_any_model(
    embedder: Embedder, other: Embedder, tmp_path: Path
) -> None:
    Corpus(tmp_path / "store", other).close()
    with Corpus(tmp_path / "store", embedder) as corpus:
        assert corpus.stats().model == embedder.name


def test_a_place_that_cannot_hold_a_store(embedder: Embedder, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match=r"cannot make a store in '.*file/store': Not a directory"):
        Corpus(tmp_path / "file" / "store", embedder)


def test_the_generation_stands_still_for_one_reader_and_is_looked_at_again(empty: Corpus) -> None:
    paper = Paper(id="title:owls", title="Owls", abstract="Owls hunt at night.")
    with empty.steady() as before, ThreadPoolExecutor(1) as other:
        other.submit(empty.add, [paper]).result()
        assert other.submit(lambda: empty.generation).result() == before + 1
        assert empty.generation == before
        with empty.steady() as inner:
            assert inner == before + 1
        assert empty.generation == before
    assert empty.generation == before + 1
