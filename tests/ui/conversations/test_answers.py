"""Answers: given again as they were, and never for other papers than those that are held."""

import threading

from assistant.assistant import Assistant
from store.corpus import Corpus
from store.papers import Paper
from ui.conversations.answers import Answers

WIND = Paper(
    id="title:wind",
    title="Wind turbines at sea",
    abstract="Wind turbines at sea yield 40 percent more than wind turbines on land.",
)
SUN = Paper(
    id="title:sun",
    title="Solar panels in deserts",
    abstract="Solar panels in deserts lose 7 percent of their yield to dust.",
)


class Counting(Assistant):
    """An assistant that counts what it is asked."""

    def __init__(self, corpus: Corpus) -> None:
        super().__init__(corpus)
        self.computed: list[str] = []

    def ask(self, question: str, **options: object) -> object:  # type: ignore[override]
        self.computed.append(question)
        return super().ask(question, **options)  # type: ignore[arg-type]

    def search(self, text: str, **options: object) -> object:  # type: ignore[override]
        self.computed.append(text)
        return super().search(text, **options)  # type: ignore[arg-type]


def test_the_same_is_computed_once_until_the_papers_change(empty: Corpus) -> None:
    empty.add([WIND])
    answers = Answers(asked := Counting(empty))
    question = "How much do wind turbines at sea yield?"
    first = answers.ask(question)
    assert answers.ask(question) == first and asked.computed == [question]
    detailed = answers.ask(question, detailed=True).turn.answer
    assert detailed != first.turn.answer and asked.computed == [question] * 2
    empty.add([SUN])
    again = answers.ask(question).turn.answer
    assert again.snapshot == empty.snapshot != first.turn.answer.snapshot
    assert asked.computed == [question] * 3


def test_a_search_finds_what_has_come_since(empty: Corpus) -> None:
    empty.add([WIND])
    answers = Answers(sought := Counting(empty))
    found, before = answers.search("solar panels", k=5)
    assert [one.paper.id for one in found] == [WIND.id] and before == empty.snapshot
    assert answers.search("solar panels", k=5) == (found, before)
    assert len(answers.search("solar panels", k=1)[0]) == 1
    assert sought.computed == ["solar panels"] * 2
    empty.add([SUN])
    found, after = answers.search("solar panels", k=5)
    assert found[0].paper.id == SUN.id and after == empty.snapshot != before


def test_questions_are_recalled_as_they_lead_up_to_each_other(empty: Corpus) -> None:
    empty.add([WIND, SUN])
    assistant = Assistant(empty)
    history = ["What do wind turbines at sea yield?", "How does it compare with land?"]
    recalled = Answers(assistant).recall(history)
    assert [one.turn for one in recalled] == assistant.recall(history)


def test_who_asks_while_papers_are_added_is_answered_from_all_of_them(empty: Corpus) -> None:
    empty.add([WIND])
    answers = Answers(Assistant(empty))
    question = "How much do solar panels in deserts lose?"
    given: list[object] = []

    def ask() -> None:
        given.extend([answers.ask(question).turn.answer, answers.search("solar panels", k=1)])

    asking = threading.Thread(target=ask)

    def committed(_records: int) -> None:
        # The catalog holds the new paper, and no index does.
        asking.start()
        asking.join(0.5)
        assert given == []

    empty.add([SUN], progress=committed)
    asking.join()
    fresh = Assistant(empty)
    assert given == [fresh.ask(question), (fresh.search("solar panels", k=1), empty.snapshot)]
    assert given[0] == answers.ask(question).turn.answer
