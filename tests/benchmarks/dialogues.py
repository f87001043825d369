"""Questions within a conversation: what became of what they leave out.

    python -m tests.benchmarks.dialogues ../shared

Asks the follow-ups and topic shifts of `questions/dialogues.jsonl` of the papers of the written
questions, and prints three lines: of follow-ups, how often the first quote is right after their
history and in their full form, and how many were taken to be about another paper; of follow-ups
put after the history of another paper, how many are answered from that one; and of topic shifts,
how often the first quote is right and how many were taken for follow-ups.
"""

import argparse
import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.answer import Answer
from assistant.assistant import Assistant
from assistant.evaluation.questions import GoldSpans
from store.papers import Paper
from tests.benchmarks.questions import FOLDER, written_papers


@dataclass(frozen=True)
class Dialogue:
    """The last question of a conversation, its full form, and where it is answered, if anywhere.

    `about` is the paper, by id, that it is about. The full form of a topic shift is itself.
    """

    kind: str
    history: Sequence[str]
    question: str
    resolved: str
    gold: GoldSpans
    about: str

    def is_answered_by(self, answer: Answer) -> bool:
        """Return whether the first quote overlaps a gold sentence."""
        return any(
            self.gold.overlaps(quote.paper_id, quote.start, quote.end)
            for quote in answer.quotes[:1]
        )


def dialogues(papers: Mapping[str, Paper]) -> Iterator[Dialogue]:
    """Yield the dialogues, in order; `papers` are those of `written_papers`."""
    for line in (FOLDER / "dialogues.jsonl").read_text("utf-8").splitlines():
        record = json.loads(line)
        spans = {papers[key].id: [(s, e) for s, e in own] for key, own in record["gold"].items()}
        yield Dialogue(
            kind=record["kind"],
            history=record["history"],
            question=record["question"],
            resolved=record.get("resolved", record["question"]),
            gold=GoldSpans(spans),
            about=next(iter(spans), None) or papers[record["about"]].id,
        )


def follow_ups(assistant: Assistant, asked: Sequence[Dialogue]) -> str:
    """Return how follow-ups fare with their history, and in their full form."""
    answerable = [one for one in asked if one.gold.spans]
    answers = [assistant.converse(one.question, one.history) for one in answerable]
    full = [assistant.ask(one.resolved) for one in answerable]
    pairs = list(zip(answerable, answers, strict=True))
    right = sum(one.is_answered_by(answer) for one, answer in pairs)
    resolved = sum(one.is_answered_by(answer) for one, answer in zip(answerable, full, strict=True))
    astray = sum(_focus(answer) not in (None, one.about) for one, answer in pairs)
    n = len(answerable)
    return (
        f"follow-ups             n={n}  p1 {right / n:.3f}  in full form {resolved / n:.3f}"
        f"  about another paper {astray}"
    )


def misplaced(assistant: Assistant, asked: Sequence[Dialogue]) -> str:
    """Return how follow-ups fare after the opening of the next conversation, of another paper."""
    # Of those that begin alike the first is about the paper of their beginning.
    openings = {one.history[0]: one.about for one in reversed(asked)}
    answered = astray = 0
    for place, one in enumerate(asked):
        own = {one.about, openings[one.history[0]]}
        following = (each.history[0] for each in (*asked[place:], *asked))
        opening = next(each for each in following if openings[each] not in own)
        answer = assistant.converse(one.question, [opening])
        answered += answer.status == "answered"
        astray += [quote.paper_id for quote in answer.quotes[:1]] == [openings[opening]]
    n = len(asked)
    return (
        f"put to a wrong paper   n={n}  answered from it {astray / n:.3f}"
        f"  answered at all {answered / n:.3f}"
    )


def shifts(assistant: Assistant, asked: Sequence[Dialogue]) -> str:
    """Return how questions fare that leave the conversation's subject."""
    answers = [assistant.converse(one.question, one.history) for one in asked]
    right = sum(one.is_answered_by(answer) for one, answer in zip(asked, answers, strict=True))
    missed = sum(answer.focus is not None for answer in answers)
    n = len(asked)
    return f"topic shifts           n={n}  p1 {right / n:.3f}  taken for follow-ups {missed}"


def _focus(answer: Answer) -> str | None:
    return answer.focus.paper_id if answer.focus else None


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("shared", type=Path)
    options = parser.parse_args()
    papers = written_papers(options.shared)
    asked = list(dialogues(papers))
    leaning = [one for one in asked if one.kind == "follow-up"]
    with (
        tempfile.TemporaryDirectory() as folder,
        Assistant.open(Path(folder) / "store", create=True) as assistant,
    ):
        assistant.corpus.add(papers.values())
        print(follow_ups(assistant, leaning))
        print(misplaced(assistant, leaning))
        print(shifts(assistant, [one for one in asked if one.kind == "topic shift"]))


if __name__ == "__main__":
    main()
