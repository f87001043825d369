"""Questions about the collection itself: the figure, what it counts, and what is quoted."""

import pytest

from assistant.assistant import Assistant
from assistant.query import Filters
from assistant.verification.verify import verify
from store.corpus import Corpus
from store.papers import Paper


def paper(name: str, abstract: str, published: str | None, venue: str | None = None) -> Paper:
    return Paper(
        id=f"title:{name}", title=name, abstract=abstract, published=published, venue=venue
    )


PAPERS = (
    paper("Tides", "We propose a model of tides at sea.", "2024-03-11", "ACL"),
    paper("Waves", "We describe waves at sea, and tides.", "2024-03-05", "ACL"),
    paper("Bread", "Yeast makes dough rise.", "2024-02-27", "Food"),
    paper("Clocks", "A pendulum swings to keep time.", None),
)


@pytest.fixture
def assistant(empty: Corpus) -> Assistant:
    empty.add(PAPERS)
    return Assistant(empty)


@pytest.mark.parametrize(
    ("question", "number", "what"),
    [
        ("How many papers do you have?", 4, "papers are here to be searched"),
        (
            "How many papers do you have on tides?",
            2,
            "papers hold each of these words in some form: tides",
        ),
        (
            "how many abstracts mention sea waves",
            1,
            "paper holds each of these words in some form: sea, waves",
        ),
        (
            "What came in this month?",
            2,
            "papers are of 2024-03 to 2024-03-11; the newest date here is 2024-03-11",
        ),
        (
            "What's new this week?",
            2,
            "papers are of 2024-03-05 to 2024-03-11; the newest date here is 2024-03-11",
        ),
        (
            "what is the newest paper?",
            1,
            "paper is of 2024-03-11; the newest date here is 2024-03-11",
        ),
        (
            "Which venues are there?",
            2,
            "venues are named by the papers; most often ACL (2), Food (1)",
        ),
    ],
)
def test_a_figure_says_what_it_counts(
    assistant: Assistant, question: str, number: int, what: str
) -> None:
    answer = assistant.ask(question)
    assert (answer.kind, answer.status) == ("corpus", "answered")
    assert answer.count is not None
    assert (answer.count.number, answer.count.what) == (number, what)
    assert verify(answer, {one.id: one.abstract for one in PAPERS}) == []


@pytest.mark.parametrize(
    "question",
    [
        "What are these papers about?",
        "What is in this collection?",
        "what's in the corpus",
        "Which topics do these papers cover?",
        "What do you have here?",
        "Describe this collection.",
    ],
)
def test_the_collection_is_told_by_its_size_its_time_and_papers_that_stand_for_it(
    assistant: Assistant, question: str
) -> None:
    answer = assistant.ask(question)
    assert answer.count is not None
    assert (answer.count.number, answer.count.what) == (
        4,
        "papers are here, of 2024; some that stand for them follow",
    )
    assert {quote.paper_id for quote in answer.quotes} == {one.id for one in PAPERS}


def test_the_papers_themselves_come_newest_first(assistant: Assistant) -> None:
    answer = assistant.ask("List all papers")
    assert [citation.title for citation in answer.citations] == [
        "Tides",
        "Waves",
        "Bread",
        "Clocks",
    ]


def test_a_figure_of_none_is_no_answer(assistant: Assistant) -> None:
    answer = assistant.ask("How many papers do you have on volcanoes?")
    assert answer.status == "no_answer"
    assert answer.count is not None
    assert answer.count.number == 0


def test_a_figure_counts_what_the_filters_leave(assistant: Assistant) -> None:
    food = Filters(venues=("food",))
    asked = {"How many papers are there?": 1, "What is new?": 1, "how many papers on sea": 0}
    for question, number in asked.items():
        count = assistant.ask(question, filters=food).count
        assert count is not None
        assert count.number == number


@pytest.mark.parametrize(
    "question",
    [
        "How many papers did the authors read?",
        "What is new in this model of tides?",
        "How many venues did they visit by boat",
        "Which journals print maps?",
        "What is in this model of tides?",
        "What are these waves about?",
    ],
)
def test_other_questions_are_not_about_the_collection(assistant: Assistant, question: str) -> None:
    assert assistant.ask(question).count is None


def test_what_may_be_older_is_not_counted_as_new(empty: Corpus) -> None:
    dates = ("2024-11-20", "2024-11-14", "2024-11-13", "2024-11", "2024")
    empty.add(paper(f"Tide {day}", f"Tides of {day} matter.", day) for day in dates)
    asked = {
        "What is new?": 1,
        "What is new this week?": 2,
        "What is new this month?": 4,
        "What is new this year?": 5,
    }
    counts = {question: Assistant(empty).ask(question).count for question in asked}
    assert {question: count and count.number for question, count in counts.items()} == asked


def test_a_week_of_listings_goes_over_the_turn_of_a_month(empty: Corpus) -> None:
    empty.add(
        Paper(id=f"title:{day}", title=f"Tide {day}", abstract="Tides matter.", listed=(day,))
        for day in ("Jul 26", "Jul 27", "Jul 31", "Aug 2", "undated")
    )
    count = Assistant(empty).ask("What is new this week?").count
    assert count is not None
    assert (count.number, count.what) == (
        3,
        "papers are of listings of Jul 27, Jul 31, Aug 2; the newest date here is Aug 2",
    )


def test_a_paper_listed_again_is_another_answer_of_another_snapshot(empty: Corpus) -> None:
    tides, waves = (
        Paper(id=f"title:{name}", title=name, abstract=f"{name} matter.", listed=(day,))
        for name, day in (("Tides", "Mar 11"), ("Waves", "Feb 27"))
    )
    empty.add([tides, waves])
    before = Assistant(empty).ask("What is new this week?")
    empty.add([waves.model_copy(update={"listed": ("Mar 10",)})])
    after = Assistant(empty).ask("What is new this week?")
    assert [one.count and one.count.number for one in (before, after)] == [1, 2]
    assert before.snapshot != after.snapshot


def test_without_dates_the_days_of_listings_are_gone_by(empty: Corpus) -> None:
    empty.add(
        Paper(id=f"title:{name}", title=name, abstract=f"{name} matter.", listed=(day,))
        for name, day in (("Tides", "Mar 11"), ("Waves", "Mar 5"), ("Bread", "Feb 27"))
    )
    asked = {"What is new?": 1, "What came in this week?": 2, "What came in this year?": 3}
    counts = {question: Assistant(empty).ask(question).count for question in asked}
    assert {question: count and count.number for question, count in counts.items()} == asked
    month = Assistant(empty).ask("what came in this month?").count
    assert month is not None
    assert month.what == "papers are of listings of Mar 5, Mar 11; the newest date here is Mar 11"


@pytest.mark.parametrize("question", ["How many papers are there?", "And what venues do you have?"])
def test_the_collection_is_counted_whole_in_a_conversation(
    assistant: Assistant, question: str
) -> None:
    here = Filters(since="2024-03")
    for filters, papers in ((None, 4), (here, 2)):
        answer = assistant.converse(question, ["What are tides?"], filters=filters)
        assert answer == assistant.ask(question, filters=filters)
        assert (answer.focus, answer.coverage.papers_searched) == (None, papers)


@pytest.mark.parametrize(
    ("question", "number", "what"),
    [
        ("papers of July 31", 2, "papers are of listings of Jul 31"),
        ("What papers came out on 30 Jul?", 1, "paper is of listings of Jul 30"),
        ("what came in in July", 3, "papers are of listings of Jul"),
        ("papers from March 12", 0, "papers are of listings of Mar 12"),
    ],
)
def test_papers_are_asked_for_by_the_day_of_their_listing(
    empty: Corpus, question: str, number: int, what: str
) -> None:
    days = ("Jul 31", "Jul 31", "Jul 30", "Jun 30")
    empty.add(
        Paper(id=f"title:{at}", title=f"Paper {at}", abstract="It works.", listed=(day,))
        for at, day in enumerate(days)
    )
    answer = Assistant(empty).ask(question)
    assert answer.count is not None
    assert (answer.count.number, answer.count.what) == (number, what)
    assert len(answer.citations) == number
    assert verify(answer, {one.id: one.abstract for one in empty.papers()}) == []
