"""The development questions: loading them, and whether a sentence overlaps a gold one."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.sentence import Sentence
from store.papers import paper_id


@dataclass(frozen=True)
class DevQuestion:
    """A question in its resolved form, with gold sentences by paper id; none if unanswerable."""

    id: str
    kind: str
    text: str
    gold: Mapping[str, Sequence[str]]
    sort: str

    def is_answered_by(self, sentence: Sentence) -> bool:
        """Return whether the sentence overlaps a gold one.

        It does where one contains the other or they share more than half of the shorter.
        """
        for gold in self.gold.get(sentence.paper.id, ()):
            at = sentence.paper.abstract.find(gold)
            shared = min(sentence.span.end, at + len(gold)) - max(sentence.span.start, at)
            shorter = min(sentence.span.end - sentence.span.start, len(gold))
            if at >= 0 and shared > shorter / 2:
                return True
        return False


def load(shared: Path) -> list[DevQuestion]:
    """Return the questions of `shared/eval/questions_dev.jsonl`, in order."""
    lines = (shared / "eval" / "questions_dev.jsonl").read_text("utf-8").splitlines()
    return [_question(json.loads(line)) for line in lines]


def _question(record: dict[str, object]) -> DevQuestion:
    gold = record["gold"]
    assert isinstance(gold, list)
    return DevQuestion(
        id=str(record["id"]),
        kind=str(record["kind"]),
        text=str(record["resolved"]),
        gold={paper_id(item["title"]): item["sentences"] for item in gold},
        sort=str(record["notes"]),
    )
