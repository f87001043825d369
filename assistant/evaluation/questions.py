"""Questions with gold sentences: the file that answers are measured on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from assistant.query import Filters
from store.corpus import Corpus
from store.errors import ReadError
from store.papers import NonBlank, Paper
from store.readers.lines import text_lines


class Gold(BaseModel):
    """A paper that answers, by id or title, and its sentences that do, copied exactly."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    title: str = ""
    paper_id: str | None = None
    sentences: tuple[NonBlank, ...] = ()


class Question(BaseModel):
    """One line of the file; no gold means that the papers do not answer it.

    `resolved` is the question with everything in it that a follow-up leaves out; `filters` narrow
    it and its history. `notes` of an unanswerable one starts with its sort: off-topic, absent or
    detail-missing.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    question: str
    kind: str = "question"
    gold: tuple[Gold, ...] = ()
    must_contain: tuple[str, ...] = ()
    history: tuple[str, ...] = ()
    resolved: str | None = None
    filters: Filters | None = None
    notes: str = ""

    @property
    def sort(self) -> str:
        """The sort of an unanswerable question."""
        return self.notes.partition(":")[0].partition(";")[0].strip() or "unanswerable"


@dataclass(frozen=True, slots=True)
class GoldSpans:
    """The gold sentences of one question, as spans of the abstracts of a corpus, by paper id."""

    spans: Mapping[str, Sequence[tuple[int, int]]]

    def overlaps(self, paper_id: str, start: int, end: int) -> bool:
        """Return whether a quote overlaps a gold sentence.

        It does where one contains the other or they share more than half of the shorter.
        """
        return any(
            min(end, gold_end) - max(start, gold_start)
            > min(end - start, gold_end - gold_start) / 2
            for gold_start, gold_end in self.spans.get(paper_id, ())
        )


def read_questions(path: Path) -> list[Question]:
    """Return the questions of a JSON lines file, in order; raises ReadError with the line."""
    questions: dict[str, Question] = {}
    try:
        with path.open("rb") as stream:
            for number, line in enumerate(text_lines(stream, path), 1):
                if line.strip():
                    question = _question(line, path, number)
                    if question.id in questions:
                        raise ReadError(path, number, f"a second question {question.id!r}")
                    questions[question.id] = question
    except OSError as error:
        raise ReadError(path, None, f"cannot be read: {error.strerror}") from error
    if not questions:
        raise ReadError(path, None, "holds no question")
    return list(questions.values())


def _question(line: str, path: Path, number: int) -> Question:
    try:
        return Question.model_validate_json(line)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"]) or "line"
        reason = first["msg"].removeprefix("Value error, ")
        raise ReadError(path, number, f"{field}: {reason[:1].lower()}{reason[1:]}") from error


def locate(questions: Sequence[Question], corpus: Corpus, *, path: Path) -> dict[str, GoldSpans]:
    """Return where each question's gold stands in the corpus, by question id.

    Raises ReadError for a gold paper that the corpus lacks or a sentence that it does not hold.
    """
    wanted = {_folded(gold.title) for q in questions for gold in q.gold if not gold.paper_id}
    by_title = {key: p for p in corpus.papers() if (key := _folded(p.title)) in wanted}
    ids = [gold.paper_id for q in questions for gold in q.gold if gold.paper_id]
    by_id = corpus.get(ids)
    found = {}
    for q in questions:
        spans: dict[str, list[tuple[int, int]]] = {}
        for gold in q.gold:
            paper = by_id.get(gold.paper_id) if gold.paper_id else by_title.get(_folded(gold.title))
            if paper is None:
                name = gold.paper_id or gold.title
                raise ReadError(path, None, f"question {q.id}: the store has no paper {name!r}")
            spans.setdefault(paper.id, []).extend(_span(paper, s, q, path) for s in gold.sentences)
        found[q.id] = GoldSpans(spans)
    return found


def _span(paper: Paper, sentence: str, question: Question, path: Path) -> tuple[int, int]:
    start = paper.abstract.find(sentence)
    if start < 0:
        raise ReadError(
            path, None, f"question {question.id}: {paper.id} does not hold {sentence[:50]!r}"
        )
    return start, start + len(sentence)


def _folded(title: str) -> str:
    return " ".join(title.casefold().split())
