import pytest

from assistant import Assistant
from assistant.query import Filters
from store.corpus import Corpus
from store.errors import QuestionError


def test_a_session_keeps_its_turns_and_leans_on_them(sample: Corpus) -> None:
    session = Assistant(sample).session()
    first = session.ask("What is HyenaDNA?")
    second = session.ask("What does it learn from?")
    assert first.query == "What is HyenaDNA?"
    assert second.query == "What does HyenaDNA learn from?"
    assert [turn.question for turn in session.turns] == [first.question, second.question]
    assert [turn.answer for turn in session.turns] == [first, second]


def test_a_question_that_stands_alone_leans_on_nothing_and_is_a_turn_like_any(
    sample: Corpus,
) -> None:
    session = Assistant(sample).session()
    session.ask("What is HyenaDNA?")
    alone = session.ask("What does it learn from?", standalone=True)
    assert (alone.query, alone.focus) == ("What does it learn from?", None)
    assert len(session.turns) == 2


def test_what_cannot_be_asked_leaves_no_turn(sample: Corpus) -> None:
    session = Assistant(sample).session()
    with pytest.raises(QuestionError, match="holds no word"):
        session.ask(" ")
    assert session.turns == ()


def test_the_filters_of_a_session_hold_for_each_of_its_questions(sample: Corpus) -> None:
    session = Assistant(sample).session(filters=Filters(paper_ids=()))
    for question in ("What is HyenaDNA?", "What is BASS?"):
        assert session.ask(question).coverage.papers_searched == 0


def test_two_sessions_know_nothing_of_each_other(sample: Corpus) -> None:
    assistant = Assistant(sample)
    assistant.session().ask("What is HyenaDNA?")
    assert assistant.session().turns == ()
