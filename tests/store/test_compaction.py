"""Compaction: what was removed is on the disk no more, and what was kept is all there."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from store.compaction import compact
from store.corpus import Corpus
from store.embedding import Embedder
from store.feedback import Feedback, Given, Opinion, Quoted
from store.papers import Paper
from store.watching import Watching

Everything = Callable[[Corpus], list[object]]
REMOVED = [
    Paper(
        id="doi:10.1000/removed",
        title="Quaggas of the Karoo",
        abstract="The quagga was striped in front. It fell silent in 1883. Żubr łosoś.",
        authors=("Ada Quaggafriend",),
        categories=("zoology.extinct",),
    ),
    *(
        Paper(id=f"title:old{n}", title=f"Old {n}", abstract=f"Moaword{n} ran. Moaphrase{n} too.")
        for n in range(300)
    ),
]
REPLACED = Paper(id="title:zebra", title="The zebra", abstract="Thylacines hid in Tasmania.")
GONE = (
    "quagga", "Quaggas", "Karoo", "Quaggafriend", "zoology.extinct", "Żubr łosoś", "Moaword",
    "moaword", "Moaphrase", "moaphras", "Thylacines", "thylacin", "10.1000/removed",
)  # fmt: skip


def found(folder: Path, phrases: tuple[str, ...]) -> set[tuple[str, str]]:
    """Return which phrases stand in which files, in one of the ways in which text is written."""
    return {
        (file.name, phrase)
        for file in folder.rglob("*")
        if file.is_file()
        for data in [file.read_bytes()]
        for phrase in phrases
        if any(phrase.encode(encoding) in data for encoding in ("utf-8", "utf-16-le", "utf-16-be"))
    }


def quote(paper: Paper) -> tuple[int, int, str]:
    return (0, 20, paper.abstract[:20])


def judged(paper: Paper) -> Given:
    quoted = (Quoted(1, paper.id, paper.abstract[:20]),)
    return Given(
        question="What ran?",
        history=(),
        query="What ran?",
        filters={},
        kind="factoid",
        quotes=quoted,
        snapshot="s",
        version="1",
    )


@pytest.fixture
def folder(tmp_path: Path, embedder: Embedder, animals: list[Paper]) -> Path:
    """A store of three animals that held others before."""
    folder = tmp_path / "store"
    with Corpus(folder, embedder) as corpus:
        corpus.add([REPLACED, *REMOVED])
        corpus.draw_map()
        with closing(Watching(folder)) as watching, closing(Feedback(folder)) as feedback:
            watch = watching.watches.add("What ran?", filters={}, address=None)
            found = {paper.id: [quote(paper)] for paper in (REMOVED[0], REPLACED, animals[1])}
            found[REPLACED.id].append(quote(animals[0]))
            watching.watches.note(watch, found, checked=9)
            for paper in (REMOVED[0], REPLACED, animals[1]):
                feedback.put(judged(paper), Opinion("good"), voter="ann")
        corpus.add(animals)
        corpus.remove([paper.id for paper in REMOVED])
    return folder


def test_nothing_is_left_of_what_was_removed_or_replaced(
    folder: Path, embedder: Embedder, animals: list[Paper], everything: Everything
) -> None:
    with Corpus(folder, embedder) as corpus:
        before, snapshot = everything(corpus), corpus.snapshot
    assert found(folder, GONE)
    done = compact(folder)
    assert found(folder, GONE) == set()
    assert found(folder, ("squid", "savanna", "pigeons"))
    assert done.after < done.before
    with closing(Watching(folder)) as watching, closing(Feedback(folder)) as feedback:
        (watch,) = watching.watches.all()
        # Of a paper that says something else by now only what it said before is forgotten.
        left = {one.paper_id: one.quotes for one in watching.watches.found(watch.id)}
        assert left == {"title:zebra": (quote(animals[0]),), "title:whale": (quote(animals[1]),)}
        assert list(feedback.all()) == [(judged(animals[1]), [Opinion("good")])]
    with Corpus(folder, embedder) as corpus:
        assert (everything(corpus), corpus.snapshot) == (before, snapshot)
        assert corpus.add(animals).unchanged == 3
        corpus.remove(["title:whale"])
    assert found(folder, GONE) == set()


def test_a_store_is_compacted_beside_its_readers_who_go_on(
    folder: Path, embedder: Embedder, everything: Everything
) -> None:
    with Corpus(folder, embedder) as reader:
        before = everything(reader)
        compact(folder)
        assert found(folder, GONE) == set()
        assert everything(reader) == before


def test_an_index_that_missed_a_removal_before_a_compaction_is_made_anew(
    folder: Path, embedder: Embedder, everything: Everything, tmp_path: Path
) -> None:
    for name in ("lexical", "lexical.seal"):
        (folder / name).rename(tmp_path / name)
    with Corpus(folder, embedder, write=True) as corpus:
        corpus.remove(["title:zebra"])
        left = everything(corpus)
    compact(folder)
    for name in ("lexical", "lexical.seal"):
        (folder / name).rename(tmp_path / f"new-{name}")
        (tmp_path / name).rename(folder / name)
    with Corpus(folder, embedder, write=True) as corpus:
        assert everything(corpus) == left
