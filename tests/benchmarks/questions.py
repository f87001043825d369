"""Questions with gold sentences to learn from and to measure on: loading them, and their papers.

The development questions come with the shared folder. The written ones stand in `questions/`
beside this module: written for this project on 660 papers of the shared corpora, by topic, with
the spans of the sentences that answer; each paper is named by its id in those corpora.
"""

import json
import lzma
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np

from assistant.evidence.sentence import Sentence
from store.papers import Paper, paper_id
from store.readers import Record, read_papers, source_files

SEED = 0
#: Parts that the development questions are cut into, at random.
FOLDS = 5
#: The corpora of the shared folder that hold the papers of the written questions.
CORPORA = ("conf_papers", "arxiv_recent")
#: The topics of the written questions, in two halves: what learns from one is tried on the other.
HALVES = (
    ("language_models", "graphs_and_privacy", "sciences"),
    ("vision", "robots", "speech_and_text"),
)
FOLDER = Path(__file__).parent / "questions"


@dataclass(frozen=True)
class Question:
    """A question in its resolved form, with gold sentences by paper id; none if unanswerable.

    What is fitted for a `part` is fitted without the questions of that part. `sort` says why
    nothing answers.
    """

    id: str
    part: str
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


def development_questions(shared: Path) -> list[Question]:
    """Return the questions of `shared/eval/questions_dev.jsonl`, in order."""
    records = list(_lines(shared / "eval" / "questions_dev.jsonl"))
    order = np.random.default_rng(SEED).permutation(len(records))
    return [
        Question(
            id=record["id"],
            part=f"development {int(place) % FOLDS}",
            kind=record["kind"],
            text=record["resolved"],
            gold={paper_id(item["title"]): item["sentences"] for item in record["gold"]},
            sort=record["notes"].split(":")[0].split(";")[0],
        )
        for record, place in zip(records, order, strict=True)
    ]


def development_papers(shared: Path) -> Iterator[Record]:
    """Yield the papers that the development questions are about."""
    for file in source_files([shared / "seeds"]):
        yield from read_papers(file)


def written_questions(papers: Mapping[str, Paper]) -> list[Question]:
    """Return the written questions; `papers` are those of `written_papers`."""
    questions = []
    for half, topics in enumerate(HALVES):
        for topic in topics:
            for number, record in enumerate(_lines(FOLDER / f"{topic}.jsonl"), 1):
                gold = {
                    papers[key].id: [papers[key].abstract[start:end] for start, end in spans]
                    for key, spans in record["gold"].items()
                }
                questions.append(
                    Question(
                        id=f"{topic} {number}",
                        part=f"written {half}",
                        kind=record["kind"],
                        text=record["question"],
                        gold=gold,
                        sort="" if gold else record["kind"],
                    )
                )
    return questions


def written_papers(shared: Path) -> dict[str, Paper]:
    """Return the papers that the written questions are about, by their id in the corpora."""
    wanted = frozenset((FOLDER / "papers.txt").read_text("utf-8").split())
    papers = {}
    for corpus in CORPORA:
        with lzma.open(shared / "corpora" / f"{corpus}.jsonl.xz") as stream:
            lines = [line for line in stream if json.loads(line)["_id"] in wanted]
        records = read_papers(BytesIO(b"".join(lines)), name=corpus)
        for line, record in zip(lines, records, strict=True):
            assert isinstance(record, Paper)
            papers[json.loads(line)["_id"]] = record
    return papers


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as stream:
        for line in stream:
            yield json.loads(line)
