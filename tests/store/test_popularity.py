"""Votes and citations, by hand-counted examples."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from store.corpus import Corpus
from store.papers import Paper
from store.popularity import FILE, Popularity, Standing

MONDAY, TUESDAY, FRIDAY = date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 6)


@pytest.fixture
def popularity(tmp_path: Path) -> Iterator[Popularity]:
    opened = Popularity(tmp_path)
    yield opened
    opened.close()


def test_a_person_has_one_vote_for_a_paper(popularity: Popularity) -> None:
    popularity.vote("arxiv:1", "ann", on=MONDAY)
    popularity.vote("arxiv:1", "ann", on=FRIDAY)
    popularity.vote("arxiv:1", "bob", on=FRIDAY)
    assert popularity.standings(["arxiv:1", "arxiv:2"]) == {"arxiv:1": Standing(votes=2)}
    assert popularity.voted("ann", ["arxiv:1", "arxiv:2"]) == {"arxiv:1"}


def test_a_vote_can_be_taken_back_by_who_gave_it(popularity: Popularity) -> None:
    popularity.vote("arxiv:1", "ann", on=MONDAY)
    popularity.withdraw("arxiv:1", "bob")
    assert popularity.standings(["arxiv:1"]) == {"arxiv:1": Standing(votes=1)}
    popularity.withdraw("arxiv:1", "ann")
    assert popularity.standings(["arxiv:1"]) == {}


def test_trending_counts_what_happened_since_a_day(popularity: Popularity) -> None:
    popularity.note_cited(["arxiv:1", "arxiv:2", "arxiv:1"], on=MONDAY)
    popularity.note_cited(["arxiv:2"], on=TUESDAY)
    popularity.note_cited(["arxiv:3", "arxiv:2"], on=FRIDAY)
    popularity.note_cited(["arxiv:2"], on=FRIDAY)
    popularity.vote("arxiv:3", "ann", on=TUESDAY)
    assert popularity.trending(since=TUESDAY, by="citations") == [
        ("arxiv:2", Standing(citations=3)),
        ("arxiv:3", Standing(votes=1, citations=1)),
    ]
    assert popularity.trending(since=TUESDAY, by="votes") == [
        ("arxiv:3", Standing(votes=1, citations=1))
    ]
    assert popularity.trending(since=FRIDAY, by="votes") == []


def test_equals_stand_by_the_other_count_and_then_by_id(popularity: Popularity) -> None:
    for paper_id in ("arxiv:3", "arxiv:1", "arxiv:2"):
        popularity.vote(paper_id, "ann", on=MONDAY)
    popularity.note_cited(["arxiv:2"], on=MONDAY)
    found = popularity.trending(since=MONDAY, by="votes")
    assert [paper_id for paper_id, _ in found] == ["arxiv:2", "arxiv:1", "arxiv:3"]


def test_counts_follow_a_paper_to_its_better_id(popularity: Popularity, empty: Corpus) -> None:
    rocks = Paper(id="doi:10.1000/3", title="On Rocks", abstract="Basalt wets slowly.")
    better = rocks.model_copy(update={"id": "arxiv:2403.05530", "aliases": (rocks.id,)})
    empty.add([rocks])
    popularity.follow(empty)
    for one, voter in ((rocks, "ann"), (rocks, "bob"), (better, "bob")):
        popularity.vote(one.id, voter, on=TUESDAY)
    popularity.vote("title:gone", "ann", on=MONDAY)
    popularity.note_cited([rocks.id], on=MONDAY)
    popularity.note_cited([rocks.id], on=TUESDAY)
    popularity.note_cited([better.id], on=TUESDAY)
    empty.add([better])
    for _ in range(2):
        popularity.follow(empty)
        assert popularity.standings([rocks.id, better.id, "title:gone"]) == {
            better.id: Standing(votes=2, citations=3),
            "title:gone": Standing(votes=1),
        }
    assert popularity.voted("ann", [rocks.id, better.id]) == {better.id}
    assert popularity.trending(since=TUESDAY, by="citations") == [
        (better.id, Standing(votes=2, citations=2))
    ]


def test_counts_outlive_the_process_and_name_nobody(tmp_path: Path) -> None:
    first = Popularity(tmp_path)
    first.vote("arxiv:1", "ann-the-first-voter", on=MONDAY)
    first.note_cited(["arxiv:1"], on=MONDAY)
    first.close()
    again = Popularity(tmp_path)
    assert again.standings(["arxiv:1"]) == {"arxiv:1": Standing(votes=1, citations=1)}
    again.close()
    assert b"ann-the-first-voter" not in (tmp_path / FILE).read_bytes()
