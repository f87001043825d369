"""Answers: those given lately and what was found, kept for whoever asks the same again."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from assistant.answer import Answer
from assistant.assistant import FOLLOW_UPS, Assistant
from assistant.conversation import Turn
from assistant.query import Filters
from assistant.retrieval.search import Result
from store.papers import sha256

#: Answers kept, some tens of kilobytes each; and searches, some hundreds at most.
KEPT, SEARCHES_KEPT = 500, 50


#: Papers that were found, and the snapshot that they were found in.
Found = tuple[tuple[Result, ...], str]


@dataclass(frozen=True, slots=True)
class Answered:
    """A question and its answer; the key is the hash of all that the answer depends on."""

    key: str
    turn: Turn = field(hash=False)


@dataclass(frozen=True, slots=True)
class _Question:
    """What is asked of the papers of one snapshot; equal where the answers must be."""

    key: str
    snapshot: str = field(compare=False)
    text: str = field(compare=False)
    turns: tuple[Turn, ...] = field(compare=False)
    filters: Filters | None = field(compare=False)
    detailed: bool = field(compare=False)


class _MovedOn(Exception):
    """The papers changed meanwhile: what was found is good, but not of those that were asked."""

    def __init__(self, found: Any) -> None:
        super().__init__()
        self.found = found


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
        self._search = lru_cache(min(kept, SEARCHES_KEPT))(self._sought)

    def ask(
        self,
        question: str,
        *,
        earlier: Sequence[Answered] = (),
        standalone: bool = False,
        filters: Filters | None = None,
        detailed: bool = False,
    ) -> Answered:
        """Return the answer to `question`, which may lean on `earlier` ones unless `standalone`.

        With `detailed`, as `Assistant.ask` has it. Raises QuestionError where it cannot be asked.
        """
        leans_on = () if standalone else tuple(earlier)
        snapshot = self.assistant.corpus.snapshot
        key = self._key(snapshot, question, leans_on, filters, detailed)
        turns = tuple(one.turn for one in leans_on)
        try:
            answer = self._answer(_Question(key, snapshot, question, turns, filters, detailed))
        except _MovedOn as moved:
            answer = moved.found
            key = self._key(answer.snapshot, question, leans_on, filters, detailed)
        return Answered(key, Turn(question, answer))

    def recall(
        self, history: Sequence[str], *, filters: Filters | None = None
    ) -> tuple[Answered, ...]:
        """Return the answers that asking the questions of `history` in order makes."""
        earlier: tuple[Answered, ...] = ()
        for question in history:
            earlier = (*earlier, self.ask(question, earlier=earlier, filters=filters))
        return earlier

    def search(self, text: str, *, k: int, filters: Filters | None = None) -> Found:
        """Return the `k` best papers for a text and the snapshot that they were found in."""
        try:
            return self._search(self.assistant.corpus.snapshot, text, k, filters)
        except _MovedOn as moved:
            found: Found = moved.found
            return found

    def similar(self, paper_id: str, *, k: int) -> Found:
        """Return the `k` papers most like a paper and the snapshot that they were found in.

        Raises PaperNotFound where the store does not hold it.
        """
        return self.assistant.with_snapshot(lambda: self.assistant.similar(paper_id, k=k))

    def follow_ups(self, answered: Answered) -> tuple[str, ...]:
        """Return questions to ask next; see `Assistant.follow_ups`.

        Where all papers were searched and none answered, they are the first examples.
        """
        answer = answered.turn.answer
        if answer.status == "no_answer":
            return () if answer.filters else self._examples
        if self.assistant.corpus.snapshot != answer.snapshot:
            return self.assistant.follow_ups(answer)
        return self._follow_ups(answered)

    def _asked(self, question: _Question) -> Answer:
        answer = self.assistant.ask(
            question.text,
            turns=question.turns,
            filters=question.filters,
            detailed=question.detailed,
        )
        if answer.snapshot != question.snapshot or not self._is_still(question.snapshot):
            raise _MovedOn(answer)
        return answer

    def _sought(self, snapshot: str, text: str, k: int, filters: Filters | None) -> Found:
        found = self.assistant.with_snapshot(
            lambda: self.assistant.search(text, k=k, filters=filters)
        )
        if found[1] != snapshot or not self._is_still(snapshot):
            raise _MovedOn(found)
        return found

    def _is_still(self, snapshot: str) -> bool:
        """Return whether the papers are still those, and what is searched is of them."""
        corpus = self.assistant.corpus
        return corpus.is_level and corpus.snapshot == snapshot

    def _suggested(self, answered: Answered) -> tuple[str, ...]:
        return self.assistant.follow_ups(answered.turn.answer)

    def _key(
        self,
        snapshot: str,
        question: str,
        leans_on: Sequence[Answered],
        filters: Filters | None,
        detailed: bool,
    ) -> str:
        narrowed = filters.model_dump() if filters else None
        earlier = [one.key for one in leans_on]
        version = self.assistant.version
        return sha256(json.dumps([snapshot, version, question, earlier, narrowed, detailed]))
