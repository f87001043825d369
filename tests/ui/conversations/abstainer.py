"""Abstainer: what the conversations' tests ask in the place of an assistant."""

from collections.abc import Sequence

from assistant.answer import Answer, Coverage
from assistant.conversation import Turn
from store.papers import Paper


class Abstainer:
    """An assistant that finds nothing, or fails as told.

    `asked` has each question after those that it was asked after, `turns` the last one's turns.
    """

    version = "1"
    is_level = True

    def __init__(self, failure: Exception | None = None) -> None:
        self.corpus = self
        self.snapshot = "1"
        self.failure = failure
        self.asked: list[tuple[str, ...]] = []
        self.turns: Sequence[Turn] = ()

    def get(self, _paper_ids: Sequence[str]) -> dict[str, Paper]:
        return {}

    def ask(self, question: str, *, turns: Sequence[Turn], **_options: object) -> Answer:
        self.turns = turns
        self.asked.append((*(turn.question for turn in turns), question))
        if self.failure:
            raise self.failure
        return Answer(
            question=question,
            query=question,
            kind="factoid",
            status="no_answer",
            confidence=0,
            coverage=Coverage(papers_searched=1),
            snapshot=self.snapshot,
            version=self.version,
        )
