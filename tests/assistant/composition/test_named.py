"""What a thing is that a title names: its own paper says so, in whatever words."""

import pytest

from assistant.assistant import Assistant
from assistant.composition.named import SURE
from assistant.query import Filters
from store.corpus import Corpus
from store.papers import Paper

BASS = Paper(
    id="title:bass",
    title="BASS: Batched Sampling of Ropes",
    abstract=(
        "Ropes are long. This paper describes a system of knots that sets a new standard."
        " Using two threads it binds faster. Results show a gain of 15.8% over splicing."
    ),
)
MAMBA = Paper(
    id="title:mamba",
    title="Mamba: Snakes in Linear Time",
    abstract="Snakes are slow to sort. The sorter is a coil without scales (Mamba). It is green.",
)
SILENT = Paper(
    id="title:silent",
    title="Quiet: On Saying Nothing",
    abstract="Nothing is said of it here. Silence is golden.",
)
LOWER = Paper(
    id="title:bread",
    title="Bass Fishing in Rivers",
    abstract="We propose to fish for bass at dawn. What is BASS? A fish.",
)


@pytest.fixture
def asking(empty: Corpus) -> Assistant:
    empty.add([BASS, MAMBA, SILENT, LOWER])
    return Assistant(empty)


@pytest.mark.parametrize(
    "question",
    [
        "What is BASS?",
        "what is BASS",
        "What's BASS?",
        "Tell me about BASS.",
        "Summarize BASS",
        "BASS - what is it?",
        "Describe “BASS”.",
    ],
)
def test_the_describing_sentence_comes_first_though_it_names_nothing(
    asking: Assistant, question: str
) -> None:
    answer = asking.ask(question)
    assert (answer.status, answer.kind, answer.confidence) == ("answered", "definition", SURE)
    told = [(quote.heading, quote.text) for quote in answer.quotes]
    assert told[0] == (
        "What it is",
        "This paper describes a system of knots that sets a new standard.",
    )
    assert ("What it achieves", "Results show a gain of 15.8% over splicing.") in told
    assert {citation.paper_id for citation in answer.citations} == {BASS.id}
    assert asking.verify(answer) == []


def test_a_name_in_brackets_says_what_bears_it(asking: Assistant) -> None:
    answer = asking.ask("What is Mamba?")
    assert answer.quotes[0].text == "The sorter is a coil without scales (Mamba)."


def test_a_paper_that_puts_nothing_forward_is_no_surer_than_any(asking: Assistant) -> None:
    assert asking.ask("What is Quiet?").confidence != SURE


@pytest.mark.parametrize("question", ["What is BASS made of?", "What is the gain of BASS?"])
def test_another_question_about_it_is_answered_as_any_other(
    asking: Assistant, question: str
) -> None:
    assert asking.ask(question).confidence != SURE


def test_what_the_filters_leave_out_does_not_name_anything(asking: Assistant) -> None:
    answer = asking.ask("What is BASS?", filters=Filters(paper_ids=(MAMBA.id,)))
    assert all(quote.paper_id == MAMBA.id for quote in answer.quotes)
    assert answer.confidence != SURE
