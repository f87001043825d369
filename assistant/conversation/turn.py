"""Turn: one question of a conversation and its answer."""

from dataclasses import dataclass

from assistant.answer import Answer


@dataclass(frozen=True, slots=True)
class Turn:
    """One question and its answer."""

    question: str
    answer: Answer
