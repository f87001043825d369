import logging
from collections.abc import Callable, Sequence

import pytest

from store.errors import QuestionError, StoreError
from tests.ui.conversations.abstainer import Abstainer
from ui.conversations.answers import Answers
from ui.conversations.asked import Asked, Seal
from ui.conversations.exchange import Exchange, put


def ask(
    assistant: Abstainer, question: str, *, earlier: Sequence[Exchange] = (), **options: object
) -> Exchange:
    asked = Asked(question=question, **options)  # type: ignore[arg-type]
    answers = Answers(assistant)  # type: ignore[arg-type]
    return put(answers, asked, number=len(earlier) + 1, earlier=earlier)


def talk(assistant: Abstainer, *questions: str) -> list[Exchange]:
    so_far: list[Exchange] = []
    for question in questions:
        so_far.append(ask(assistant, question, earlier=so_far))
    return so_far


def test_an_exchange_keeps_what_was_typed_and_what_it_led_to() -> None:
    (exchange,) = talk(Abstainer(), " What is it? ")
    assert exchange.asked.question == " What is it? "
    assert exchange.answer and exchange.answer.status == "no_answer"
    assert exchange.shown.then == Seal.of(exchange.answer)
    assert "Not in these abstracts" in exchange.message


def test_a_question_leans_on_the_answered_ones_before_it() -> None:
    assistant = Abstainer()
    talk(assistant, "one", "two", "three")
    assert [turn.question for turn in assistant.turns] == ["one", "two"]


def test_a_question_that_stands_alone_leans_on_none() -> None:
    assistant = Abstainer()
    ask(assistant, "two", earlier=talk(assistant, "one"), standalone=True)
    assert assistant.turns == ()


def test_a_failed_question_is_no_turn() -> None:
    exchanges = talk(Abstainer(QuestionError("the question holds no word; type one")), "?")
    assert exchanges[0].answered is None
    assert exchanges[0].shown.then is None
    assert "The question holds no word&#59; type one" in exchanges[0].message
    assistant = Abstainer()
    ask(assistant, "two", earlier=exchanges)
    assert assistant.turns == ()


@pytest.mark.parametrize(
    ("failure", "said"),
    [
        (StoreError("the store is gone"), lambda log: not log),
        (ZeroDivisionError("secret detail"), lambda log: "secret detail" in log),
    ],
    ids=["ours", "unforeseen"],
)
def test_a_failure_is_told_gently_and_only_an_unforeseen_one_is_logged(
    caplog: pytest.LogCaptureFixture, failure: Exception, said: Callable[[str], bool]
) -> None:
    with caplog.at_level(logging.ERROR):
        (exchange,) = talk(Abstainer(failure), "one")
    assert "aa-notice" in exchange.message
    assert "secret" not in exchange.message
    assert exchange.answered is None
    assert said(caplog.text)
