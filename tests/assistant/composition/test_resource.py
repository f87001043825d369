"""Resources: links to follow, promises told apart, and silence that is said to be one."""

import pytest

from assistant.answer import Answer, Link
from assistant.assistant import Assistant
from assistant.verification.verify import verify
from store.corpus import Corpus
from store.papers import Paper

#: What the authors of each say of their code: a link, a promise, a promise with a link, nothing.
PAPERS = [
    Paper(
        id="title:tides",
        title="TideNet: Forecasting Tides with Transformers",
        abstract="TideNet is a transformer that forecasts tides. It reads the moon's position and "
        "halves the error. Our code is available at https://example.org/tide_net.",
    ),
    Paper(
        id="title:bread",
        title="DoughBERT: Predicting when Bread has Risen",
        abstract="DoughBERT is a language model for bakers. It reads recipes and predicts when "
        "bread has risen. The code will be released upon acceptance.",
    ),
    Paper(
        id="title:clocks",
        title="ClockGAN: Drawing Clocks that Show the Time",
        abstract="ClockGAN draws clocks. Its hands show the right time in 93% of drawings. "
        "Code will be available at https://example.org/clocks soon.",
    ),
    Paper(
        id="title:bees",
        title="BeeHash: Indexing Hives",
        abstract="BeeHash is an index of hives. It finds a hive by the dance of its bees. "
        "Experiments on 40 hives show a recall of 97%.",
    ),
]


@pytest.fixture
def ask(empty: Corpus, assistant: Assistant) -> Assistant:
    """An assistant over PAPERS."""
    empty.add(PAPERS)
    return Assistant(empty, assistant._reranker)


def checked(answer: Answer) -> Answer:
    assert verify(answer, {paper.id: paper.abstract for paper in PAPERS}) == []
    return answer


def test_a_link_stands_first_and_can_be_followed(ask: Assistant) -> None:
    answer = checked(ask.ask("Where is the code of TideNet?"))
    assert answer.kind == "resource"
    assert answer.quotes[0].text == "Our code is available at https://example.org/tide_net."
    assert answer.quotes[0].availability == "available"
    # Sentences of 46 and 50 characters, each with a blank, and 25 characters before the address.
    assert answer.links[0] == Link(
        paper_id="title:tides",
        quote=1,
        text="https://example.org/tide_net",
        start=123,
        end=151,
        href="https://example.org/tide_net",
    )


def test_a_promise_is_told_from_a_release(ask: Assistant) -> None:
    answer = checked(ask.ask("Is the code of DoughBERT available?"))
    assert answer.quotes[0].text == "The code will be released upon acceptance."
    assert answer.quotes[0].availability == "promised"
    assert not [link for link in answer.links if link.quote == 1]


def test_a_promise_may_come_with_a_link(ask: Assistant) -> None:
    answer = checked(ask.ask("link to the ClockGAN code"))
    assert answer.quotes[0].availability == "promised"
    assert [link.text for link in answer.links if link.quote == 1] == ["https://example.org/clocks"]


def test_where_the_abstract_says_nothing_nothing_is_quoted(ask: Assistant) -> None:
    answer = checked(ask.ask("Where is the code of BeeHash?"))
    assert (answer.status, answer.kind) == ("no_answer", "resource")
    assert answer.closest[0].paper_id == "title:bees"
