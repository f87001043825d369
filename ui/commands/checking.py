"""The command that verifies answers."""

import json
import sys
from collections.abc import Mapping
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from assistant.answer import Answer
from assistant.verify import Bundle, Problem
from assistant.verify import verify as problems_of
from store.errors import ReadError
from store.papers import Paper
from store.readers import read_papers
from ui import terminal
from ui.opening import open_catalog
from ui.settings import settings_for

_CHECKABLE: TypeAdapter[Answer | Bundle] = TypeAdapter(Answer | Bundle)


def verify(file: str, *, store: Path | None, papers: Path | None, as_json: bool) -> int:
    """Check every answer of `file`, print what fails, and return the exit code.

    The abstracts are those of `papers`, else a bundle's own, else the store's.
    """
    given = _given(papers) if papers else None
    results = []
    for where, record in _records(file):
        try:
            item = _CHECKABLE.validate_python(record)
        except ValidationError as error:
            first = error.errors()[-1]
            field = ".".join(str(part) for part in first["loc"][1:])
            problems = [Problem(field or "answer", f"not an answer: {first['msg']}")]
            results.append((where, "", 0, problems))
            continue
        answer = item.answer if isinstance(item, Bundle) else item
        abstracts = given if given is not None else _abstracts(item, store)
        results.append((where, answer.question, len(answer.quotes), problems_of(answer, abstracts)))
    if not results:
        raise ReadError(file, None, "holds no answer; give the output of: assistant ask --json")
    _print(results, as_json=as_json)
    return 1 if any(problems for *_, problems in results) else 0


def _print(results: list[tuple[str, str, int, list[Problem]]], *, as_json: bool) -> None:
    if as_json:
        terminal.out.print_json(
            json.dumps(
                [
                    {"where": where, "question": question, "quotes": quotes, "verified": not found,
                     "problems": [str(problem) for problem in found]}
                    for where, question, quotes, found in results
                ]
            )
        )  # fmt: skip
        return
    for where, _, _, found in results:
        for problem in found:
            sys.stdout.write(f"FAILED {where}: {problem}\n")
    passed = sum(not found for *_, found in results)
    quotes = sum(count for _, _, count, found in results if not found)
    sys.stdout.write(f"{passed:,} of {len(results):,} answers verified, {quotes:,} quotes\n")


def _records(file: str) -> list[tuple[str, object]]:
    """Return (where, record) of each answer: one JSON value, a list of them, or JSON lines."""
    name = "standard input" if file == "-" else file
    try:
        text = sys.stdin.read() if file == "-" else Path(file).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ReadError(file, None, f"cannot be read: {error}") from error
    try:
        whole = json.loads(text)
    except json.JSONDecodeError:
        return [
            (f"{name}:{number}", _value(line))
            for number, line in enumerate(text.splitlines(), 1)
            if line.strip()
        ]
    many = whole if isinstance(whole, list) else [whole]
    return [(f"{name} answer {number}", record) for number, record in enumerate(many, 1)]


def _value(line: str) -> object:
    try:
        return json.loads(line)
    except json.JSONDecodeError as error:
        return f"not JSON: {error}"


def _given(papers: Path) -> dict[str, str]:
    records = read_papers(papers)
    return {record.id: record.abstract for record in records if isinstance(record, Paper)}


def _abstracts(item: Answer | Bundle, store: Path | None) -> Mapping[str, str]:
    if isinstance(item, Bundle):
        return item.abstracts
    cited = [citation.paper_id for citation in item.citations]
    if not cited:
        return {}
    found = open_catalog(settings_for(store=store)).papers(cited)
    return {paper_id: paper.abstract for paper_id, paper in found.items()}
