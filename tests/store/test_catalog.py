"""The catalog: what is written is read back, generations, changes, filters, the snapshot."""

import hashlib
import sqlite3
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.catalog import Catalog, Changes, Counts, Entry
from store.errors import ModelError, StoreError

MakeEntry = Callable[..., Entry]
FOUR = "One. Two. Three. Four."


def chunk_ids(catalog: Catalog) -> list[str]:
    return [chunk_id for chunk_id, _ in catalog.chunks()]


def test_what_is_written_is_read_back_exactly(catalog: Catalog, entry: MakeEntry) -> None:
    written = entry(
        "a",
        FOUR + " 😀\u2028\x00 naïve",
        authors=("Ann Lee", 'Bo "B" Ray'),
        published="2024-03-11",
        venue="ACL",
        url="https://example.org",
        categories=("cs.CL",),
        source="a.txt",
        listed=("Mar 11", "Mar 12"),
    )
    catalog.write([written, entry("b")])
    assert catalog.papers(["title:a"]) == {"title:a": written.paper}
    assert catalog.counts() == Counts(papers=2, chunks=3)
    found = dict(catalog.chunks(["title:a"]))
    assert list(found) == [part.id for part in written.chunks]
    assert np.array_equal(np.stack(list(found.values())), written.vectors)


def test_papers_come_in_the_order_asked_without_unknown_ones(
    catalog: Catalog, entry: MakeEntry
) -> None:
    catalog.write([entry(name) for name in "abc"])
    assert list(catalog.papers(["title:c", "title:x", "title:a"])) == ["title:c", "title:a"]
    assert catalog.paper_ids() == ["title:a", "title:b", "title:c"]
    assert catalog.papers([]) == {}


def test_more_ids_than_a_statement_takes(catalog: Catalog, entry: MakeEntry) -> None:
    catalog.write([entry(f"{number:04}") for number in range(1000)])
    ids = catalog.paper_ids()
    assert len(catalog.papers(ids[::-1])) == len(dict(catalog.chunks(ids))) == 1000
    assert len(dict(catalog.vectors(chunk_ids(catalog)))) == 1000
    catalog.remove(ids)
    assert catalog.counts() == Counts(papers=0, chunks=0)
    assert len(catalog.changes(1).dropped_chunks) == 1000


def test_each_change_raises_the_generation_by_one(catalog: Catalog, entry: MakeEntry) -> None:
    generations = [catalog.generation]
    catalog.write([entry("a"), entry("b")])
    generations.append(catalog.generation)
    catalog.touch([entry("a", venue="ACL").paper])
    generations.append(catalog.generation)
    catalog.remove(["title:b"])
    generations.append(catalog.generation)
    catalog.write([])
    catalog.touch([])
    generations.append(catalog.generation)
    assert generations == [0, 1, 2, 3, 3]


def test_changes_say_what_an_index_of_each_generation_lacks(
    catalog: Catalog, entry: MakeEntry
) -> None:
    catalog.write([entry("a", FOUR), entry("b")])
    catalog.write([entry("a", "Another text.")])
    catalog.remove(["title:b"])
    catalog.touch([entry("a", "Another text.", venue="ACL").paper])
    dropped = ("title:a:0-16", "title:a:17-22", "title:b:0-9")
    assert catalog.changes(0) == Changes(dropped, ("title:a",))
    assert catalog.changes(1) == Changes(dropped, ("title:a",))
    assert catalog.changes(2) == Changes(("title:b:0-9",), ())
    assert catalog.changes(3) == Changes((), ())


STEPS = st.lists(
    st.dictionaries(
        st.sampled_from("abcd"),
        st.sampled_from(["One.", FOUR, "One. Two. Three.", None]),
        min_size=1,
    ),
    max_size=7,
)


@settings(max_examples=40)
@given(STEPS)
def test_an_index_of_any_generation_catches_up_by_its_changes(
    tmp_path_factory: pytest.TempPathFactory,
    entry: MakeEntry,
    steps: list[dict[str, str | None]],
) -> None:
    catalog = Catalog(f"sqlite:///{tmp_path_factory.mktemp('catalog') / 'catalog.sqlite3'}")
    states = {0: set(chunk_ids(catalog))}
    for step in steps:
        catalog.remove([f"title:{name}" for name, text in step.items() if text is None])
        states[catalog.generation] = set(chunk_ids(catalog))
        catalog.write([entry(name, text) for name, text in step.items() if text])
        states[catalog.generation] = set(chunk_ids(catalog))
    for generation, held in states.items():
        changes = catalog.changes(generation)
        added = {chunk_id for chunk_id, _ in catalog.chunks(changes.written_papers)}
        assert (held - set(changes.dropped_chunks)) | added == set(chunk_ids(catalog))
    catalog.close()


def test_a_failed_change_leaves_nothing_behind(catalog: Catalog, entry: MakeEntry) -> None:
    catalog.write([entry("a")])
    before = catalog.snapshot()
    good = entry("b")
    short = Entry(good.paper, good.chunks, good.vectors[:0])
    with pytest.raises(ValueError, match="zip"):
        catalog.write([entry("a", "Another text."), short])
    assert (catalog.snapshot(), catalog.generation) == (before, 1)
    assert catalog.changes(1) == Changes((), ())


def test_changes_from_several_threads_each_have_a_generation(
    catalog: Catalog, entry: MakeEntry
) -> None:
    threads = [threading.Thread(target=catalog.write, args=([entry(name)],)) for name in "abcdefgh"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert catalog.generation == 8
    assert sorted(len(catalog.changes(since).written_papers) for since in range(9)) == list(
        range(9)
    )


@pytest.fixture
def library(catalog: Catalog, entry: MakeEntry) -> Catalog:
    catalog.write(
        [
            entry("a", published="2023", venue="ACL", authors=("Ann Lee", "Bo Ray")),
            entry("b", published="2024-03", categories=("cs.CL", "cs.AI"), source="x.txt"),
            entry("c", published="2024-03-11", venue="TACL", authors=("José Müller",)),
            entry("d", authors=('Q "J" D', "a, b")),
        ]
    )
    return catalog


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({}, "abcd"),
        ({"since": "2024"}, "bc"),
        # A paper of March may be of its end.
        ({"since": "2024-03-11"}, "bc"),
        ({"until": "2023"}, "a"),
        ({"until": "2024"}, "abc"),
        ({"until": "2024-03-10"}, "ab"),
        ({"since": "2023", "until": "2024-03"}, "abc"),
        ({"venues": ["ACL"]}, "a"),
        ({"venues": ["ACL", "TACL"]}, "ac"),
        ({"venues": ["acl"]}, "a"),
        ({"categories": ["cs.AI"]}, "b"),
        ({"categories": ["cs.A"]}, ""),
        ({"categories": ["CS.AI"]}, "b"),
        ({"authors": ["Ann Lee"]}, "a"),
        ({"authors": ["Lee"]}, "a"),
        ({"authors": ["ann lee"]}, "a"),
        ({"authors": ["José Müller", "Bo Ray"]}, "ac"),
        ({"authors": ['Q "J" D']}, "d"),
        ({"authors": [", "]}, ""),
        ({"authors": ["%"]}, ""),
        ({"sources": ["x.txt"]}, "b"),
        ({"paper_ids": ["title:d", "title:x"]}, "d"),
        ({"venues": ["ACL"], "since": "2024"}, ""),
        ({"venues": []}, ""),
        ({"paper_ids": [], "since": "2024"}, ""),
    ],
)
def test_filters(library: Catalog, filters: dict[str, object], expected: str) -> None:
    assert library.select(**filters) == {f"title:{name}" for name in expected}


def test_what_is_selected_follows_every_change(catalog: Catalog, entry: MakeEntry) -> None:
    assert catalog.select(venues=["ACL"]) == frozenset()
    catalog.write([entry("a", venue="ACL"), entry("b", venue="ICML")])
    assert catalog.select(venues=["ACL"]) == {"title:a"}
    catalog.touch([entry("b", venue="ACL").paper])
    assert catalog.select(venues=["ACL"]) == {"title:a", "title:b"}
    catalog.remove(["title:a"])
    assert catalog.select(venues=["ACL"]) == {"title:b"}


PAPER = st.fixed_dictionaries(
    {
        "published": st.sampled_from([None, "2023", "2024", "2024-02", "2024-02-29", "2024-03-01"]),
        "venue": st.sampled_from([None, "ACL", "acl", "Straße"]),
        "authors": st.lists(st.sampled_from(["Ann", "ANN", "Bo"]), max_size=3),
    }
)
DAY = st.sampled_from([None, "2023", "2024", "2024-02", "2024-02-28", "2024-03"])


@settings(max_examples=40)
@given(
    st.lists(PAPER, max_size=6),
    DAY,
    DAY,
    st.none() | st.sets(st.sampled_from(["ACL", "STRASSE", "x"])),
    st.none() | st.sets(st.sampled_from(["ann", "bo", "x"])),
)
def test_the_papers_selected_are_those_that_pass_one_by_one(
    entry: MakeEntry,
    fields: list[dict[str, Any]],
    since: str | None,
    until: str | None,
    venues: set[str] | None,
    authors: set[str] | None,
) -> None:
    def folded(values: Iterable[str]) -> set[str]:
        return {value.casefold() for value in values}

    def passes(paper: dict[str, Any]) -> bool:
        day = paper["published"]
        if (since or until) and day is None:
            return False
        if since and f"{day}-99-99"[: len("2024-99-99")] < since:
            return False
        if until and day > f"{until}-99-99"[: len("2024-99-99")]:
            return False
        if venues is not None and not folded([paper["venue"] or ""]) & folded(venues):
            return False
        return authors is None or bool(folded(paper["authors"]) & folded(authors))

    catalog = Catalog("sqlite://")
    catalog.write([entry(f"{n}", **paper) for n, paper in enumerate(fields)])
    expected = {f"title:{n}" for n, paper in enumerate(fields) if passes(paper)}
    conditions = {"since": since, "until": until, "venues": venues, "authors": authors}
    assert catalog.select(**conditions) == expected
    catalog.close()


def test_the_snapshot_is_the_hash_of_the_papers_and_the_model(
    catalog: Catalog, entry: MakeEntry
) -> None:
    catalog.bind_model(name="m", digest="abc", dimension=4)
    catalog.write([entry("b"), entry("a")])
    first, second = entry("a").paper.content_hash, entry("b").paper.content_hash
    lines = f'["title:a","{first}",null,[],[],null]\n["title:b","{second}",null,[],[],null]\n'
    expected = hashlib.sha256(f"abc\n{lines}".encode()).hexdigest()
    assert catalog.snapshot() == expected
    catalog.touch([entry("a", venue="ACL").paper])
    assert catalog.snapshot() != expected


@pytest.mark.parametrize(
    "whereabouts",
    [{"source": "a.txt"}, {"listed": ("Mar 11",)}, {"aliases": ("pmid:1",)}, {"arxiv_version": 2}],
)
def test_where_a_paper_was_seen_is_no_content_but_part_of_the_snapshot(
    catalog: Catalog, entry: MakeEntry, whereabouts: dict[str, Any]
) -> None:
    catalog.write([entry("a")])
    before, seen = catalog.snapshot(), entry("a", **whereabouts).paper
    catalog.touch([seen])
    assert catalog.snapshot() != before
    assert seen.content_hash == entry("a").paper.content_hash
    catalog.touch([entry("a").paper])
    assert catalog.snapshot() == before


def test_a_store_has_one_model(catalog: Catalog, entry: MakeEntry) -> None:
    catalog.bind_model(name="first", digest="a" * 64, dimension=4)
    catalog.bind_model(name="renamed", digest="a" * 64, dimension=4)
    assert catalog.model_name == "first"
    catalog.write([entry("a")])
    with pytest.raises(
        ModelError,
        match=r"the model 'first' \(a{12}\), not with 'other' \(b{12}\); .* repair --model other$",
    ):
        catalog.bind_model(name="other", digest="b" * 64, dimension=4)


def test_another_layout_is_refused(catalog: Catalog, tmp_path: Path) -> None:
    file = tmp_path / "catalog.sqlite3"
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE facts SET value = '99' WHERE name = 'layout'")
    with pytest.raises(StoreError, match="the store has layout 99, this version reads 3; use the"):
        Catalog(f"sqlite:///{file}")


def test_a_catalog_without_a_model_says_so(catalog: Catalog) -> None:
    with pytest.raises(StoreError, match="the catalog lacks 'model_name'; it is not a whole store"):
        _ = catalog.model_name


def test_a_reader_sees_what_a_writer_of_another_connection_committed(
    catalog: Catalog, entry: MakeEntry, tmp_path: Path
) -> None:
    other = Catalog(f"sqlite:///{tmp_path / 'catalog.sqlite3'}")
    catalog.write([entry("a")])
    assert other.paper_ids() == ["title:a"]
    other.close()


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("nonsense", "the database URL 'nonsense:...' cannot be used: Could not parse"),
        (
            "nosuch://u:secret@h/d",
            "the database URL 'nosuch:...' cannot be used: ",
        ),
        ("sqlite:////no/such/folder/c.db", "the database sqlite:////no/such/folder/c.db cannot be"),
    ],
)
def test_a_database_that_cannot_be_used_is_one_line_without_its_password(
    url: str, reason: str
) -> None:
    with pytest.raises(StoreError, match=f"^{reason}") as caught:
        Catalog(url)
    assert "\n" not in str(caught.value)
    assert "secret" not in str(caught.value)


def test_a_file_that_is_no_database_is_one_line(tmp_path: Path) -> None:
    file = tmp_path / "catalog.sqlite3"
    file.write_bytes(b"not a database" * 1000)
    with pytest.raises(StoreError, match=r"cannot be used: file is not a database; restore a"):
        Catalog(f"sqlite:///{file}")


def test_papers_are_browsed_the_newest_first_with_counts_of_what_they_hold(
    catalog: Catalog, entry: MakeEntry
) -> None:
    catalog.write(
        [
            entry("a", published="2023", venue="ACL"),
            entry("b", published="2024-03-11", venue="acl", categories=("x", "y")),
            entry("c", published="2024", categories=("x",)),
            entry("d", listed=("Mar 11", "Jul 2")),
            entry("e", listed=("Jun 30",)),
            entry("f"),
        ]
    )
    every = catalog.browse(k=9)
    assert every.paper_ids == tuple(f"title:{name}" for name in "bcadef")
    assert every.total == 6
    assert every.facets["venue"] == {"ACL": 2}
    assert every.facets["categories"] == {"x": 2, "y": 1}
    assert every.facets["listed"] == {"Mar 11": 1, "Jul 2": 1, "Jun 30": 1}
    some = catalog.browse(k=1, skip=1, since="2023", until="2024")
    assert (some.total, some.paper_ids) == (3, ("title:c",))
    assert some.facets["published"] == {"2023": 1, "2024-03-11": 1, "2024": 1}
    assert catalog.browse(k=9, listed=["mar 11"]).paper_ids == ("title:d",)
    assert catalog.browse(k=9, skip=9).paper_ids == ()


def test_an_empty_catalog_can_be_browsed(catalog: Catalog) -> None:
    assert catalog.browse(k=5).total == 0
