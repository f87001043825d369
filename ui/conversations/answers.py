"""Answers: those given lately, kept for whoever asks the same of the same papers."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from assistant.answer import Answer
from assistant.assistant import FOLLOW_UPS, Assistant
from assistant.conversation import Turn
from assistant.query import Filters
from store.papers import sha256

#: Answers kept, some tens of kilobytes each.
KEPT = 500


@dataclass(frozen=True, slots=True)
class Answered:
    """A question and its answer; the key is the hash of all that the answer depends on."""

    key: str
    turn: Turn


@dataclass(frozen=True, slots=True)
class _Question:
    """What is asked of the papers of one snapshot; equal where the answers must be."""

    key: str
    snapshot: str = field(compare=False)
    text: str = field(compare=False)
    turns: tuple[Turn, ...] = field(compare=False)
    filters: Filters | None = field(compare=False)


class _MovedOn(Exception):
    """The papers changed before they were asked: this answer belongs to others."""

    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self.answer = answer


class Answers:
    """Answers of `assistant`; safe to use from several threads.

    `examples` are questions that its papers answer.
    """

    def __init__(
        self, assistant: Assistant, *, examples: Sequence[str] = (), kept: int = KEPT
    ) -> None:
        self.assistant = assistant
        self._examples = tuple(examples[:FOLLOW_UPS])
        # What raises is not kept.
        self._answer = lru_cache(kept)(self._asked)
        self._follow_ups = lru_cache(kept)(self._suggested)

    def ask(
        self,
        question: str,
        *,
        earlier: Sequence[Answered] = (),
        standalone: bool = False,
        filters: Filters | None = None,
    ) -> Answered:
        """Return the answer to `question`, which may lean on `earlier` ones unless `standalone`.

        Raises QuestionError where it cannot be asked.
        """
        leans_on = () if standalone else tuple(earlier)
        snapshot = self.assistant.corpus.snapshot
        key = self._key(snapshot, question, leans_on, filters)
        turns = tuple(one.turn for one in leans_on)
        try:
            answer = self._answer(_Question(key, snapshot, question, turns, filters))
        except _MovedOn as moved:
            answer = moved.answer
            key = self._key(answer.snapshot, question, leans_on, filters)
        return Answered(key, Turn(question, answer))

    def follow_ups(self, answered: Answered) -> tuple[str, ...]:
        """Return questions to ask next; see `Assistant.follow_ups`.

        Where all papers were searched and none answered, they are the first examples.
        """
        answer = answered.turn.answer
        if answer.status == "no_answer":
            return () if answer.filters else self._examples
        if self.assistant.corpus.snapshot != answer.snapshot:
            return self.assistant.follow_ups(answer)
        return self._follow_ups(
            _Question(answered.key, answer.snapshot, answer.question, (answered.turn,), None)
        )

    def _asked(self, question: _Question) -> Answer:
        answer = self.assistant.ask(question.text, turns=question.turns, filters=question.filters)
        if answer.snapshot != question.snapshot:
            raise _MovedOn(answer)
        return answer

    def _suggested(self, question: _Question) -> tuple[str, ...]:
        return self.assistant.follow_ups(question.turns[-1].answer)

    def _key(
        self,
        snapshot: str,
        question: str,
        leans_on: Sequence[Answered],
        filters: Filters | None,
    ) -> str:
        narrowed = filters.model_dump() if filters else None
        earlier = [one.key for one in leans_on]
        return sha256(json.dumps([snapshot, self.assistant.version, question, earlier, narrowed]))
