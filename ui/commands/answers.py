"""Answers given in a file: one JSON value, a list of them, or JSON lines, of answers or bundles."""

import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from assistant.answer import Answer
from assistant.verification.verify import Bundle, Problem
from store.errors import ReadError
from store.identity import by_name
from store.papers import Paper
from store.readers.lines import text_lines
from ui.opening import open_catalog
from ui.settings import settings_for


@dataclass(frozen=True, slots=True)
class Given:
    """An answer, where it stands, and the papers of the bundle that it came in, if it did."""

    where: str
    answer: Answer
    papers: Mapping[str, Paper] | None = None


@dataclass(frozen=True, slots=True)
class NotGiven:
    """Something in the place of an answer, and why it is none."""

    where: str
    problem: Problem


def read_answers(file: str) -> list[Given | NotGiven]:
    """Return what stands in `file`, or in standard input for "-", in order.

    Raises ReadError where it cannot be read or is empty.
    """
    found = [item for where, record in _records(file) for item in _items(where, record)]
    if not found:
        raise ReadError(file, None, "holds no answer; give the output of: assistant ask --json")
    return found


def require_answers(file: str) -> list[Given]:
    """Return the answers of `file`; raise ReadError where something in it is none."""
    found = []
    for item in read_answers(file):
        if isinstance(item, NotGiven):
            raise ReadError(item.where, None, f"{item.problem}; take it out")
        found.append(item)
    return found


def stored_papers(answers: list[Answer], store: Path | None) -> dict[str, Paper]:
    """Return the store's papers that these answers cite; no store is needed where none is."""
    cited = {citation.paper_id for answer in answers for citation in answer.citations}
    if not cited:
        return {}
    with closing(open_catalog(settings_for(store=store))) as catalog:
        return catalog.find(cited)


def _records(file: str) -> list[tuple[str, object]]:
    """Return (where, record) of each JSON value, or Problem in the place of one."""
    name = "standard input" if file == "-" else file
    lines = _lines(file, name)
    whole = _value("".join(lines))
    if isinstance(whole, Problem):
        return [
            (f"{name}:{number}", _value(line))
            for number, line in enumerate(lines, 1)
            if line.strip()
        ]
    many = whole if isinstance(whole, list) else [whole]
    return [(f"{name} answer {number}", record) for number, record in enumerate(many, 1)]


def _lines(file: str, name: str) -> list[str]:
    if file == "-":
        return list(text_lines(sys.stdin.buffer, name))
    try:
        with Path(file).open("rb") as stream:
            return list(text_lines(stream, name))
    except OSError as error:
        raise ReadError(file, None, f"cannot be read: {error.strerror}; check the path") from error


def _value(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        return Problem("answer", f"not JSON: {error}")


def _items(where: str, record: object) -> Iterator[Given | NotGiven]:
    try:
        if isinstance(record, Problem):
            yield NotGiven(where, record)
        elif isinstance(record, dict) and "answers" in record:
            yield from _unbundled(where, Bundle.model_validate(record))
        else:
            yield Given(where, Answer.model_validate(record))
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        yield NotGiven(where, Problem(field or "answer", f"not an answer: {first['msg']}"))


def _unbundled(where: str, bundle: Bundle) -> Iterator[Given]:
    papers = by_name(bundle.papers)
    for number, answer in enumerate(bundle.answers, 1):
        place = where if len(bundle.answers) == 1 else f"{where}, number {number} of its bundle"
        yield Given(place, answer, papers)
