"""What a page comes to show of what it orders, with an assistant that answers at once."""

from assistant.answer import Answer
from tests.ui.conversations.abstainer import Abstainer
from ui.conversations.answers import Answers
from ui.conversations.asked import MOST_TURNS, Asked, Order, Seal
from ui.conversations.page import Page, Step, steps


class Reader:
    """Somebody before a page."""

    def __init__(self) -> None:
        self.echo = Abstainer()
        self.answers = Answers(self.echo)  # type: ignore[arg-type]
        self.page = Page()
        self.noted: list[str] = []
        self.orders = 0

    def order(self, *turns: Asked | str, conversation: str = "a") -> list[Step]:
        self.orders += 1
        asked = tuple(Asked(question=one) if isinstance(one, str) else one for one in turns)
        order = Order(number=self.orders, conversation=conversation, turns=asked)
        return list(steps(self.page, order, self.answers, note=self._note))

    def _note(self, answer: Answer, _seconds: float) -> None:
        self.noted.append(answer.question)

    @property
    def shown(self) -> list[tuple[int, str]]:
        return [(one.number, one.asked.question) for one in self.page.exchanges]


def test_only_what_is_not_shown_yet_is_asked() -> None:
    reader = Reader()
    reader.order("one")
    waiting, done = reader.order("one", "two")
    assert waiting.waiting and waiting.waiting.question == "two" and waiting.record.more
    assert not done.record.more and [one.question for one in done.record.turns] == ["one", "two"]
    assert reader.echo.asked == [("one",), ("one", "two")]
    assert reader.shown == [(1, "one"), (2, "two")]


def test_an_edited_question_is_asked_anew_and_what_follows_is_gone() -> None:
    reader = Reader()
    reader.order("one", "two", "three")
    reader.order("one", "other")
    assert reader.shown == [(1, "one"), (4, "other")]
    assert reader.echo.asked[-1] == ("one", "other")


def test_a_question_first_in_another_conversation_is_not_taken_for_a_later_one() -> None:
    reader = Reader()
    reader.order("one", "two")
    reader.order("two", conversation="b")
    assert reader.echo.asked[-1] == ("two",)


def test_what_was_answered_before_is_not_counted_and_not_searched_again() -> None:
    reader, other = Reader(), Reader()
    reader.order("one")
    other.answers = reader.answers
    seal = Seal(snapshot="1")
    other.order(Asked(question="one", then=seal), conversation="c")
    assert (reader.noted, other.noted) == (["one"], [])
    assert len(reader.echo.asked) == 1
    reader.echo.snapshot = "2"
    other.order(Asked(question="one", then=seal, tell=True), conversation="c")
    assert len(reader.echo.asked) == 2


def test_of_two_orders_the_later_one_wins() -> None:
    reader = Reader()
    asked = (Asked(question="slow"),)
    begun = steps(
        reader.page,
        Order(number=1, conversation="a", turns=asked),
        reader.answers,
        note=reader._note,
    )
    next(begun)
    reader.orders = 1
    reader.order()
    assert list(begun) == []
    assert reader.shown == [] and reader.noted == []
    reader.orders = 0
    assert reader.order("late") == []


def test_of_a_full_page_the_oldest_go_and_the_others_stay() -> None:
    reader = Reader()
    every = [str(number) for number in range(1, MOST_TURNS + 2)]
    reader.order(*every[:-1])
    reader.order(*every[1:])
    assert [question for _, question in reader.shown] == every[1:]
    assert len(reader.echo.asked) == MOST_TURNS + 1
