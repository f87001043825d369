"""The command that verifies answers."""

import json
import sys
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from assistant.answer import Answer
from assistant.verify import Bundle, Problem
from assistant.verify import verify as problems_of
from store.errors import ReadError
from store.papers import Paper
from store.readers import read_papers
from store.readers.lines import text_lines
from ui import terminal
from ui.opening import open_catalog
from ui.settings import settings_for


@dataclass(frozen=True, slots=True)
class Checked:
    """One answer of a file, where it stands, and what does not hold of it."""

    where: str
    question: str
    quotes: int
    problems: list[Problem]


def verify(file: str, *, store: Path | None, papers: Path | None, as_json: bool) -> int:
    """Check every answer of `file`, print what fails, and return the exit code.

    The abstracts are those of `papers`, else a bundle's own, else the store's.
    """
    items = [(where, _item(record)) for where, record in _records(file)]
    if not items:
        raise ReadError(file, None, "holds no answer; give the output of: assistant ask --json")
    answers = [item for _, item in items if isinstance(item, Answer)]
    given = _given(papers) if papers else None
    abstracts = _stored(answers, store) if given is None else given
    results = [_checked(where, item, given, abstracts) for where, item in items]
    _print(results, as_json=as_json)
    return 1 if any(result.problems for result in results) else 0


def _checked(
    where: str,
    item: Answer | Bundle | Problem,
    given: Mapping[str, str] | None,
    abstracts: Mapping[str, str],
) -> Checked:
    if isinstance(item, Problem):
        return Checked(where, "", 0, [item])
    if isinstance(item, Bundle):
        abstracts = item.abstracts if given is None else given
        item = item.answer
    return Checked(where, item.question, len(item.quotes), problems_of(item, abstracts))


def _print(results: list[Checked], *, as_json: bool) -> None:
    if as_json:
        figures = [
            {
                "where": result.where,
                "question": result.question,
                "quotes": result.quotes,
                "verified": not result.problems,
                "problems": [str(problem) for problem in result.problems],
            }
            for result in results
        ]
        terminal.out.print_json(json.dumps(figures))
        return
    for result in results:
        for problem in result.problems:
            sys.stdout.write(f"FAILED {result.where}: {problem}\n")
    passed = [result for result in results if not result.problems]
    quotes = sum(result.quotes for result in passed)
    sys.stdout.write(f"{len(passed):,} of {len(results):,} answers verified, {quotes:,} quotes\n")


def _records(file: str) -> list[tuple[str, object]]:
    """Return (where, record) of each answer: one JSON value, a list of them, or JSON lines."""
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


def _item(record: object) -> Answer | Bundle | Problem:
    if isinstance(record, Problem):
        return record
    kind = Bundle if isinstance(record, dict) and "answer" in record else Answer
    try:
        return kind.model_validate(record)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        return Problem(field or "answer", f"not an answer: {first['msg']}")


def _given(papers: Path) -> dict[str, str]:
    records = read_papers(papers)
    return {record.id: record.abstract for record in records if isinstance(record, Paper)}


def _stored(answers: Iterable[Answer], store: Path | None) -> dict[str, str]:
    """Return the store's abstracts of the papers that these answers cite."""
    cited = {citation.paper_id for answer in answers for citation in answer.citations}
    if not cited:
        return {}
    with closing(open_catalog(settings_for(store=store))) as catalog:
        return {paper_id: paper.abstract for paper_id, paper in catalog.papers(cited).items()}
