"""The commands that read what people think of answers: list, export."""

import json
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import asdict
from pathlib import Path

from assistant.evaluation.feedback import questions_of
from assistant.evaluation.questions import Question
from store.feedback import Feedback, Given, Opinion
from store.papers import Paper
from ui import terminal
from ui.opening import open_catalog
from ui.settings import settings_for


def show(*, store: Path | None, as_json: bool) -> None:
    """Print every judged answer with what people think of it."""
    judged = _judged(store)
    if as_json:
        told = [{**asdict(given), "opinions": list(map(asdict, of))} for given, of in judged]
        terminal.out.print_json(json.dumps(told))
        return
    for given, opinions in judged:
        terminal.out.print(given.question, soft_wrap=True, markup=False, highlight=False)
        for one in opinions:
            line = f"  {_said(one)}"
            terminal.out.print(line, soft_wrap=True, markup=False, highlight=False)


def export(*, store: Path | None) -> None:
    """Print the questions of which somebody has said what is right, one JSON object a line."""
    judged = _judged(store)
    questions = list(questions_of(judged))
    papers = _papers(questions, store)
    written = 0
    for question in questions:
        if missing := _missing(question, papers):
            terminal.err.print(
                f"left out {question.id}: the store no longer holds what it quotes from {missing}",
                soft_wrap=True,
                markup=False,
            )
            continue
        terminal.out.file.write(question.model_dump_json(exclude_none=True) + "\n")
        written += 1
    unsaid = len(judged) - len(questions)
    terminal.err.print(
        f"{written} questions; of {unsaid} more nobody has said what would be right",
        soft_wrap=True,
    )


def _judged(store: Path | None) -> list[tuple[Given, Sequence[Opinion]]]:
    settings = settings_for(store=store)
    # A wrong folder is told, and none is made.
    open_catalog(settings).close()
    with closing(Feedback(settings.store, url=settings.database_url)) as feedback:
        return list(feedback.all())


def _papers(questions: Sequence[Question], store: Path | None) -> Mapping[str, Paper]:
    cited = {gold.paper_id for question in questions for gold in question.gold if gold.paper_id}
    with closing(open_catalog(settings_for(store=store))) as catalog:
        return catalog.find(cited)


def _missing(question: Question, papers: Mapping[str, Paper]) -> str | None:
    """Return a paper that lacks a sentence of the question's gold, if any does."""
    for gold in question.gold:
        paper = papers.get(gold.paper_id or "")
        if paper is None or any(sentence not in paper.abstract for sentence in gold.sentences):
            return gold.paper_id
    return None


def _said(opinion: Opinion) -> str:
    about = f"citation {opinion.citation}" if opinion.citation else "answer"
    return ", ".join(
        filter(None, (f"{opinion.day} {opinion.verdict} {about}", opinion.reason, opinion.comment))
    )
