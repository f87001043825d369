"""The command that asks: one question, or a batch of them."""

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import BinaryIO

from pydantic import BaseModel, ConfigDict, ValidationError

from assistant.answer import Answer
from assistant.assistant import Assistant
from assistant.exports.formats import Format
from assistant.exports.writing import bundled, write_answers
from assistant.query import Filters, checked, filters_of
from store.corpus import Corpus
from store.errors import AssistantError, QuestionError, ReadError
from store.papers import Paper
from store.readers.lines import text_lines
from ui import terminal
from ui.opening import open_assistant, open_corpus
from ui.settings import settings_for
from ui.terminal.answers import print_answer


class Asked(BaseModel):
    """One line of a batch: a question, the earlier ones of its conversation, and filters.

    With `standalone` the question is searched just as typed, whatever was asked before.
    """

    model_config = ConfigDict(extra="ignore")

    id: str | int | None = None
    question: str
    history: tuple[str, ...] = ()
    standalone: bool = False
    filters: Filters | None = None


def ask(
    question: str,
    *,
    store: Path | None,
    as_json: bool,
    to: Format | None,
    explain: bool,
    filters: Mapping[str, object],
) -> None:
    """Print the answer to one question of the papers that pass the `filters`, `to` take away."""
    terminal.show_messages()
    # Before the models are loaded: what cannot be asked is refused at once.
    checked(question)
    chosen = filters_of(**filters)
    settings = settings_for(store=store)
    with open_corpus(settings) as corpus:
        answer = open_assistant(corpus, settings).ask(question, filters=chosen, detailed=explain)
        if to:
            sys.stdout.write(write_answers([answer], _cited(corpus, answer), to=to))
        elif as_json:
            sys.stdout.write(answer.model_dump_json(indent=2) + "\n")
        else:
            print_answer(
                answer,
                {key: paper.abstract for key, paper in _cited(corpus, answer).items()},
                explain=explain,
            )


def ask_batch(
    file: Path, *, store: Path | None, bundle: bool, explain: bool, filters: Mapping[str, object]
) -> int:
    """Print one JSON answer a line, in the order of the questions, and return the exit code.

    A line that brings no filters of its own is asked with `filters`.

    A line that cannot be asked gives `{"id", "error"}` in its place, and exit code 1.
    """
    terminal.show_messages()
    failed = False
    chosen = filters_of(**filters)
    settings = settings_for(store=store)
    with open_corpus(settings) as corpus:
        corpus.load()
        assistant = open_assistant(corpus, settings)
        for number, line in _lines(file):
            try:
                answer = _answer(assistant, line, chosen, detailed=explain)
                result = bundled([answer], _cited(corpus, answer)) if bundle else answer
                sys.stdout.write(result.model_dump_json() + "\n")
            except AssistantError as error:
                failed = True
                name = "standard input" if str(file) == "-" else file
                where = f"{name}:{number}: {error}"
                sys.stderr.write(f"error: {where}\n")
                sys.stdout.write(json.dumps({"id": _id(line), "error": where}) + "\n")
            sys.stdout.flush()
    return 1 if failed else 0


def _answer(assistant: Assistant, line: str, filters: Filters, *, detailed: bool) -> Answer:
    try:
        asked = Asked.model_validate_json(line)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"]) or "the line"
        reason = first["msg"].removeprefix("Value error, ")
        raise QuestionError(f'{field}: {reason}; give {{"id": ..., "question": ...}}') from error
    identifier = None if asked.id is None else str(asked.id)
    return assistant.converse(
        asked.question,
        asked.history,
        standalone=asked.standalone,
        filters=filters if asked.filters is None else asked.filters,
        id=identifier,
        detailed=detailed,
    )


def _id(line: str) -> object:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return record.get("id") if isinstance(record, dict) else None


def _cited(corpus: Corpus, answer: Answer) -> dict[str, Paper]:
    return corpus.get([citation.paper_id for citation in answer.citations])


def _lines(file: Path) -> Iterator[tuple[int, str]]:
    if str(file) == "-":
        yield from _numbered(sys.stdin.buffer, "standard input")
        return
    try:
        with file.open("rb") as stream:
            yield from _numbered(stream, file)
    except OSError as error:
        raise ReadError(file, None, f"cannot be read: {error.strerror}; check the path") from error


def _numbered(stream: BinaryIO, where: Path | str) -> Iterator[tuple[int, str]]:
    lines = enumerate(text_lines(stream, where), 1)
    return ((number, line) for number, line in lines if line.strip())
