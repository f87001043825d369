"""Adding: what is counted, merged, embedded and durable."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.adding import AddReport, add_batch
from store.catalog import Catalog
from store.corpus import COMMIT, Corpus
from store.embedding import Embedder
from store.errors import ReadError, StoreBusy
from store.folder import catalog_url
from store.papers import Paper
from store.readers import Record, Skipped
from store.sayings import Saying

Shown = Callable[[Corpus], list[object]]


def paper(name: str, abstract: str = "It works.", **fields: Any) -> Paper:
    return Paper(id=f"title:{name}", title=f"The {name}", abstract=abstract, **fields)


def counts(report: AddReport) -> tuple[int, int, int, int]:
    return report.added, report.updated, report.unchanged, len(report.skipped)


def test_adding_is_counted_by_record(empty: Corpus, animals: list[Paper]) -> None:
    skipped = Skipped("papers.jsonl", 2, "no title")
    assert counts(empty.add([*animals, skipped])) == (3, 0, 0, 1)
    again = [*animals[:2], paper("falcon", "Falcons fly."), paper("new"), paper("new")]
    report = empty.add(again)
    assert counts(report) == (1, 1, 3, 0)
    assert len(empty) == 4
    assert empty.get(["title:falcon"])["title:falcon"].abstract == "Falcons fly."


def test_adding_twice_changes_nothing(
    empty: Corpus, animals: list[Paper], everything: Shown
) -> None:
    empty.add(animals)
    before = (empty.stats(), everything(empty))
    assert counts(empty.add(animals)) == (0, 0, 3, 0)
    assert (empty.stats(), everything(empty)) == before


class Overtaken:
    """An embedder during whose work another process, which has taken the lock, changes papers."""

    def __init__(self, embedder: Embedder, catalog: Catalog) -> None:
        self._embedder, self._catalog = embedder, catalog

    def __getattr__(self, name: str) -> Any:
        return getattr(self._embedder, name)

    def embed_documents(self, texts: list[str]) -> Any:
        self._catalog.remove([paper("whale").id])
        return self._embedder.embed_documents(texts)


def test_who_was_overtaken_writes_nothing_by_what_it_read_before(
    tmp_path: Path, embedder: Embedder
) -> None:
    with Corpus(tmp_path / "store", embedder) as corpus:
        corpus.add([paper("whale"), paper("lark")])
        url = catalog_url(tmp_path / "store")
        with closing(Catalog(url)) as own, closing(Catalog(url)) as other:
            overtaken = cast("Embedder", Overtaken(embedder, other))
            known_and_new = [paper("lark", venue="ACL"), paper("owl")]
            with pytest.raises(StoreBusy, match="changed by another process meanwhile; what came"):
                add_batch(own, overtaken, known_and_new[1:], AddReport())
            assert own.paper_ids() == ["title:lark"]
            report = AddReport()
            add_batch(own, embedder, known_and_new, report)
            assert counts(report) == (1, 1, 0, 0)
            assert own.paper_ids() == ["title:lark", "title:owl"]


ONE = st.builds(
    paper,
    name=st.sampled_from("abc"),
    abstract=st.sampled_from(["It works.", "It wins. It is fast. It is small. It is new."]),
    venue=st.sampled_from([None, "ACL"]),
    listed=st.sampled_from([(), ("Mar 11",)]),
)


@settings(max_examples=15)
@given(st.lists(ONE, max_size=6), st.lists(ONE, max_size=6))
def test_adding_a_list_again_changes_no_generation(
    embedder: Embedder,
    tmp_path_factory: pytest.TempPathFactory,
    first: list[Paper],
    second: list[Paper],
) -> None:
    with Corpus(tmp_path_factory.mktemp("store"), embedder, write=True) as corpus:
        corpus.add(first)
        corpus.add(second)
        unique = list({record.id: record for record in second}.values())
        corpus.add(unique)
        before = corpus.stats()
        assert counts(corpus.add(unique)) == (0, 0, len(unique), 0)
        assert corpus.stats() == before
        assert len(corpus) == len({record.id for record in first + second})


def test_the_same_paper_from_two_sources_is_one_and_keeps_what_each_knew(empty: Corpus) -> None:
    empty.add([paper("a", venue="ACL", source="x.txt", listed=("Mar 11",))])
    assert counts(empty.add([paper("a", source="y.txt", listed=("Mar 12",))])) == (0, 0, 1, 0)
    kept = empty.get(["title:a"])["title:a"]
    assert (kept.venue, kept.source, kept.listed) == ("ACL", "x.txt", ("Mar 11", "Mar 12"))


def test_sources_that_differ_say_what_they_do_once(embedder: Embedder, tmp_path: Path) -> None:
    gates = {"title": "Sparse gates", "arxiv_version": None}
    arxiv = Paper(id="arxiv:2403.00011", abstract="Gates cut 40%.", venue="arXiv", **gates)
    acl = Paper(id="doi:10.1000/g", abstract="Gates cut 44%.", venue="ACL", **gates)
    plain = Paper(id="title:aec4bb3b1b19", abstract="Gates cut cost.", **gates)
    # In one go, and one after the other.
    for at, order in enumerate([(arxiv, acl, plain), (acl, plain, arxiv), (plain, arxiv, acl)]):
        with Corpus(tmp_path / f"{at}", embedder, write=True) as corpus:
            for some in [order] if at == 1 else [[one] for one in order]:
                corpus.add(some)
            (kept,) = corpus.papers()
            assert (kept.id, kept.aliases) == ("arxiv:2403.00011", ("doi:10.1000/g",))
            assert kept.abstract == order[-1].abstract
            assert kept.venue == [one.venue for one in order if one.venue][-1]
            before = corpus.generation
            for again in (*order, *reversed(order)):
                assert counts(corpus.add([again])) == (0, 0, 1, 0)
            assert (corpus.generation, list(corpus.papers())) == (before, [kept])
    # What one of them says anew is taken, and so is a later version of an old text.
    with Corpus(tmp_path / "0", embedder, write=True) as corpus:
        for more, abstract in (
            ({"abstract": "Gates cut 45%."}, "Gates cut 45%."),
            ({"arxiv_version": 2}, "Gates cut 40%."),
        ):
            corpus.add([arxiv.model_copy(update=more)])
            assert next(corpus.papers()).abstract == abstract


def test_a_source_that_takes_a_correction_back_is_heard(empty: Corpus) -> None:
    five, fifty, other = (f"It cost {price} euros." for price in (5, 50, 55))

    def said(source: str, abstract: str) -> tuple[int, str]:
        updated = empty.add([paper("a", abstract, source=source)]).updated
        return updated, empty.paper("title:a").abstract

    for source, abstract, expected in [
        ("a.bib", five, (0, five)),
        ("a.bib", fifty, (1, fifty)),
        ("a.bib", five, (1, five)),
        # What it says again is nothing new, nor is what another one has said already.
        ("a.bib", five, (0, five)),
        ("b.bib", fifty, (0, five)),
        ("b.bib", other, (1, other)),
        ("a.bib", five, (0, other)),
        ("b.bib", other, (0, other)),
        ("b.bib", fifty, (1, fifty)),
        ("a.bib", fifty, (0, fifty)),
        ("a.bib", five, (1, five)),
    ]:
        assert said(source, abstract) == expected


def test_a_source_that_contradicts_itself_changes_nothing_when_it_is_added_again(
    embedder: Embedder, tmp_path: Path
) -> None:
    records = [paper("a", f"It cost {price} euros.", source="a.bib") for price in (5, 50)]
    with closing(Catalog(f"sqlite:///{tmp_path / 'catalog.sqlite3'}")) as catalog:
        for expected in [(1, 1, 0, 0), (0, 0, 2, 0), (0, 0, 2, 0)]:
            report = AddReport()
            # Too far apart for one batch.
            for record in records:
                add_batch(catalog, embedder, [record], report)
            assert counts(report) == expected
        assert catalog.generation == 2


def test_what_an_older_version_noted_is_a_repetition_whoever_says_it(
    embedder: Embedder, tmp_path: Path
) -> None:
    five, fifty = (paper("a", f"It cost {price} euros.", source="a.bib") for price in (5, 50))
    with closing(Catalog(f"sqlite:///{tmp_path / 'catalog.sqlite3'}")) as catalog:
        add_batch(catalog, embedder, [fifty], AddReport())
        catalog.know_as({"title:a": [f"said:{one.content_hash[:24]}" for one in (five, fifty)]})
        for record, updated in [
            (five, 0),
            (paper("a", "It was free.", source="a.bib"), 1),
            (five, 1),
        ]:
            report = AddReport()
            add_batch(catalog, embedder, [record], report)
            assert report.updated == updated


@pytest.mark.parametrize(
    "steps",
    [
        # Source, arXiv version, whether it is withdrawn there; and whether it then is here.
        [
            ("a.json", None, True, True),
            ("b.json", None, False, True),
            ("a.json", None, True, True),
            ("a.json", None, False, False),
            ("a.json", None, False, False),
            ("b.json", None, True, True),
            ("a.json", None, False, True),
            ("b.json", None, False, False),
        ],
        [
            ("arXiv", 1, False, False),
            ("arXiv", 2, True, True),
            ("b.json", 1, False, True),
            ("c.json", 3, False, False),
            ("arXiv", 2, True, False),
            ("arXiv", 3, True, True),
            ("arXiv", 4, False, False),
            # What a publisher says is not of a version.
            ("Crossref", None, True, True),
            ("arXiv", 5, False, True),
            ("Crossref", None, False, False),
        ],
    ],
)
def test_a_withdrawal_is_taken_back_by_its_source_or_a_higher_version(
    empty: Corpus, steps: list[tuple[str, int | None, bool, bool]]
) -> None:
    before = False
    for number, (source, version, withdrawn, expected) in enumerate(steps):
        record = paper("a", source=source, arxiv_version=version, withdrawn=withdrawn)
        report = empty.add([record])
        assert empty.paper("title:a").withdrawn is expected, number
        assert report.updated == (number > 0 and expected is not before)
        before = expected


def test_who_called_a_paper_withdrawn_before_that_was_noted_has_to_take_it_back(
    embedder: Embedder, tmp_path: Path
) -> None:
    withdrawn = paper("a", source="a.bib", withdrawn=True)
    upheld = paper("a", source="b.bib")
    with closing(Catalog(f"sqlite:///{tmp_path / 'catalog.sqlite3'}")) as catalog:
        add_batch(catalog, embedder, [withdrawn], AddReport())
        former = [Saying.of(one.source, 0, one.content_hash).key for one in (withdrawn, upheld)]
        catalog.know_as({"title:a": former})
        for record, expected in [
            (upheld, True),
            (upheld.model_copy(update={"venue": "ACL"}), True),
            (withdrawn, True),
            (upheld.model_copy(update={"source": "a.bib"}), False),
        ]:
            add_batch(catalog, embedder, [record], AddReport())
            assert catalog.papers(["title:a"])["title:a"].withdrawn is expected


def test_a_new_fact_about_a_known_text_is_kept_without_touching_its_chunks(
    empty: Corpus, animals: list[Paper], everything: Shown
) -> None:
    empty.add(animals)
    before = everything(empty)
    placed = animals[0].model_copy(update={"venue": "Nature"})
    assert counts(empty.add([placed])) == (0, 1, 0, 0)
    assert empty.get(["title:zebra"])["title:zebra"].venue == "Nature"
    assert everything(empty) == before
    assert empty.stats().generation == 2


def test_only_a_new_text_is_embedded(
    embedder: Embedder, refusing: Embedder, tmp_path: Path, animals: list[Paper]
) -> None:
    with Corpus(tmp_path, embedder, write=True) as corpus:
        corpus.add(animals)
    with Corpus(tmp_path, refusing, write=True) as corpus:
        known = [animals[0].model_copy(update={"venue": "Nature"}), *animals[1:]]
        assert counts(corpus.add(known)) == (0, 1, 2, 0)
        with pytest.raises(AssertionError, match=r"embedded \['The zebra\\nZebras rest\.'\]"):
            corpus.add([paper("zebra", "Zebras rest.")])


def test_progress_follows_each_durable_batch(empty: Corpus) -> None:
    durable: list[tuple[int, int]] = []
    papers = [paper(f"{number:03}") for number in range(COMMIT + 10)]
    empty.add(papers, progress=lambda count: durable.append((count, empty.stats().papers)))
    assert durable == [(COMMIT, COMMIT), (10, COMMIT + 10)]


def test_what_was_committed_before_a_source_fails_is_searchable(empty: Corpus) -> None:
    def failing() -> Iterator[Record]:
        yield from (paper(f"{number:03}", "Zebras graze.") for number in range(COMMIT))
        yield paper("lost")
        raise ReadError("papers.jsonl", 9, "not UTF-8 text")

    with pytest.raises(ReadError, match=r"papers\.jsonl:9: not UTF-8 text"):
        empty.add(failing())
    assert len(empty) == len(empty.search_lexical("zebras", k=999)) == COMMIT
