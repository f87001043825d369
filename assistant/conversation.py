"""Turn and Session: questions with their answers, and what a follow-up refers to."""

from dataclasses import dataclass, field

from assistant.answer import Answer


@dataclass(frozen=True, slots=True)
class Turn:
    """One question and its answer."""

    question: str
    answer: Answer


@dataclass(slots=True)
class Session:
    """An append-only list of turns."""

    turns: list[Turn] = field(default_factory=list)

    def append(self, turn: Turn) -> None:
        """Add `turn` at the end."""
        self.turns.append(turn)
