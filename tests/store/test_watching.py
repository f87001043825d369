"""What came after what, and who has been told of it, by hand-made examples."""

from collections.abc import Iterator

import pytest

from store.corpus import Corpus
from store.errors import SettingsError
from store.papers import Paper
from store.watching import Watching


@pytest.fixture
def watching(empty: Corpus) -> Iterator[Watching]:
    opened = Watching(empty.folder)
    yield opened
    opened.close()


def paper(paper_id: str, published: str | None = None, **more: object) -> Paper:
    title = more.pop("title", f"The paper {paper_id}")
    return Paper(id=paper_id, title=title, abstract=f"Says {title}.", published=published, **more)


def test_papers_arrive_in_the_order_of_their_dates_and_then_as_they_are_added(
    empty: Corpus, watching: Watching
) -> None:
    empty.add([paper("arxiv:1", "2024-03"), paper("arxiv:2", "2023"), paper("arxiv:3", "2024-01")])
    assert watching.arrivals.follow(empty) == 3
    empty.add([paper("arxiv:4", "1999")])
    last = watching.arrivals.follow(empty)
    newest = [paper_id for paper_id, _ in watching.arrivals.newest(9)]
    assert newest == ["arxiv:4", "arxiv:1", "arxiv:3", "arxiv:2"]
    assert watching.arrivals.between(3, last) == ["arxiv:4"]


def test_a_paper_that_was_removed_and_comes_again_is_no_new_one(
    empty: Corpus, watching: Watching
) -> None:
    empty.add([paper("arxiv:1"), paper("arxiv:2")])
    last = watching.arrivals.follow(empty)
    empty.remove(["arxiv:1"])
    watching.arrivals.follow(empty)
    empty.add([paper("arxiv:1")])
    assert watching.arrivals.between(last, watching.arrivals.follow(empty)) == []


def test_a_paper_that_gets_a_better_id_is_no_new_one(empty: Corpus, watching: Watching) -> None:
    empty.add([paper("doi:10.1000/x", title="One title")])
    watching.recipients.add("ann@example.org", since=0)
    (ann,) = watching.recipients.all()
    last = watching.arrivals.follow(empty)
    watching.recipients.note_sent(ann, ["doi:10.1000/x"])
    empty.add([paper("arxiv:2403.00001", title="One title", aliases=("doi:10.1000/x",))])
    assert sorted(empty.select()) == ["arxiv:2403.00001"]
    assert watching.arrivals.between(last, watching.arrivals.follow(empty)) == []
    assert watching.recipients.untold(ann) == []


def test_somebody_is_told_of_what_came_since_they_were_entered_and_once(
    empty: Corpus, watching: Watching
) -> None:
    empty.add([paper("arxiv:1")])
    watching.recipients.add("ann@example.org", since=watching.arrivals.follow(empty))
    empty.add([paper("arxiv:2"), paper("arxiv:3")])
    watching.recipients.add("bob@example.org", since=watching.arrivals.follow(empty))
    # Entered already: nothing changes.
    watching.recipients.add("ann@example.org", since=99)
    ann, bob = watching.recipients.all()
    assert (watching.recipients.untold(ann), watching.recipients.untold(bob)) == (
        ["arxiv:3", "arxiv:2"],
        [],
    )
    watching.recipients.note_sent(ann, ["arxiv:3"])
    assert watching.recipients.untold(ann) == ["arxiv:2"]


def test_a_person_is_forgotten_with_all_that_was_sent_and_their_questions_stay(
    watching: Watching,
) -> None:
    watching.recipients.add("ann@example.org", since=0)
    watching.watches.add("What is BM25?", filters={}, address="ann@example.org")
    (ann,) = watching.recipients.all()
    assert watching.recipients.find(ann.token) == ann
    watching.recipients.remove("ann@example.org")
    assert watching.recipients.find(ann.token) is None
    assert [watch.address for watch in watching.watches.all()] == [None]
    with pytest.raises(SettingsError, match="nobody is told at"):
        watching.recipients.remove("ann@example.org")


def test_a_question_is_saved_once_for_a_person_and_its_filters(watching: Watching) -> None:
    first = watching.watches.add("What is BM25?", filters={"venues": ["ACL"]}, address=None)
    watching.watches.add("What is BM25?", filters={}, address=None)
    with pytest.raises(SettingsError, match=f"saved already, as {first.id}"):
        watching.watches.add("What is BM25?", filters={"venues": ["ACL"]}, address=None)
    watching.watches.remove(first.id)
    assert [watch.filters for watch in watching.watches.all()] == [{}]
    with pytest.raises(SettingsError, match="no question is saved as"):
        watching.watches.remove(first.id)


def test_what_answers_is_kept_in_the_order_found(watching: Watching) -> None:
    watch = watching.watches.add("What is BM25?", filters={}, address=None)
    watching.watches.note(watch, {"arxiv:2": [(0, 4, "Said")]}, checked=3)
    watching.watches.note(watch, {"arxiv:1": [], "arxiv:2": [(9, 9, "")]}, checked=5)
    # What was found stays as found, and no slower process sets back what has been looked at.
    watching.watches.note(watch, {}, checked=4)
    found = watching.watches.found(watch.id)
    assert [(one.paper_id, one.quotes) for one in found] == [
        ("arxiv:2", ((0, 4, "Said"),)),
        ("arxiv:1", ()),
    ]
    assert watching.watches.find(watch.id).checked == 5  # type: ignore[union-attr]
