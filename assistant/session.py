"""Session: one conversation with an assistant."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from assistant.answer import Answer
from assistant.conversation import Turn
from assistant.query import Filters

if TYPE_CHECKING:
    from assistant.assistant import Assistant


class Session:
    """An append-only list of turns; each question may lean on those before it.

    `filters` narrow every question of the session. Not for several threads at once.
    """

    def __init__(
        self, assistant: "Assistant", *, turns: Sequence[Turn] = (), filters: Filters | None = None
    ) -> None:
        self._assistant = assistant
        self._turns = tuple(turns)
        self._filters = filters

    @property
    def turns(self) -> tuple[Turn, ...]:
        """What was asked and answered so far, in order."""
        return self._turns

    def ask(self, question: str, *, standalone: bool = False) -> Answer:
        """Return the answer to the next question, and keep both as a turn.

        With `standalone` it is searched just as typed. Raises QuestionError, and keeps nothing,
        where the question is empty or too long.
        """
        answer = self._assistant.ask(
            question, turns=self._turns, standalone=standalone, filters=self._filters
        )
        self._turns = (*self._turns, Turn(question, answer))
        return answer
