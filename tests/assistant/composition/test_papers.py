"""Papers: what is asked of a paper's record rather than of its abstract."""

import pytest

from assistant.answer import Answer
from assistant.assistant import Assistant
from store.corpus import Corpus
from store.papers import Paper

TIDES = Paper(
    id="title:tides",
    title="TideNet: Forecasting Tides with Transformers",
    abstract="We propose TideNet, a transformer that forecasts tides.",
    authors=("Ann Lee", "Bo Ray"),
    published="2024-03-11",
)
BREAD = Paper(
    id="title:bread",
    title="DoughBERT: Predicting when Bread has Risen",
    abstract="We propose DoughBERT, a language model for bakers.",
)


@pytest.fixture
def assistant(empty: Corpus) -> Assistant:
    empty.add([TIDES, BREAD])
    return Assistant(empty)


def told(answer: Answer) -> list[tuple[str, ...]]:
    return [citation.authors for citation in answer.citations] if answer.kind == "paper" else []


@pytest.mark.parametrize(
    "question",
    [
        "Who wrote TideNet?",
        "who are the authors of TideNet",
        "authors of the paper TideNet",
        "When was TideNet published?",
        "Who wrote Forecasting Tides with Transformers?",
    ],
)
def test_who_wrote_a_paper_and_when_is_told_by_its_citation(
    assistant: Assistant, question: str
) -> None:
    answer = assistant.ask(question)
    assert told(answer) == [("Ann Lee", "Bo Ray")]
    assert answer.citations[0].published == "2024-03-11"
    assert answer.quotes[0].text == TIDES.abstract


@pytest.mark.parametrize(
    "question",
    ["Who wrote DoughBERT?", "Where was DoughBERT published?", "Who wrote the Iliad?"],
)
def test_a_record_that_does_not_say_so_is_no_answer(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question)
    assert (answer.kind, answer.status) == ("paper", "no_answer")


def test_a_bare_title_is_its_paper_whatever_mark_ends_it(empty: Corpus) -> None:
    asking = Paper(id="title:rise", title="Does Bread Rise?", abstract="Bread rises with yeast.")
    empty.add([TIDES, BREAD, asking])
    for text in ("Does Bread Rise?", "does bread rise"):
        answer = Assistant(empty).ask(text)
        assert (answer.kind, answer.citations[0].paper_id) == ("paper", "title:rise")
