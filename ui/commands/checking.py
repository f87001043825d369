"""The command that verifies answers."""

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from assistant.verification.verify import Problem
from assistant.verification.verify import verify as problems_of
from store.identity import by_name
from store.papers import Paper
from store.readers import read_papers
from ui import terminal
from ui.commands.answers import Given, NotGiven, read_answers, stored_papers


@dataclass(frozen=True, slots=True)
class Checked:
    """One answer of a file, where it stands, what it was held against, and what does not hold."""

    where: str
    question: str
    quotes: int
    against: str
    problems: list[Problem]


def verify(file: str, *, store: Path | None, papers: Path | None, as_json: bool) -> int:
    """Check every answer of `file`, print what fails, and return the exit code.

    The papers are those of the file `papers`, else of the `store` that is named, else a bundle's
    own, else those of the settings' store.
    """
    items = read_answers(file)
    given = _read(papers) if papers else None
    named = bool(papers or store)
    bare = [i.answer for i in items if isinstance(i, Given) and (named or i.papers is None)]
    known = stored_papers(bare, store) if given is None else given
    source = "papers" if papers else "store"
    results = [_checked(item, known, source, own=not named) for item in items]
    _print(results, as_json=as_json)
    return 1 if any(result.problems for result in results) else 0


def _checked(
    item: Given | NotGiven, known: Mapping[str, Paper], source: str, *, own: bool
) -> Checked:
    if isinstance(item, NotGiven):
        return Checked(item.where, "", 0, source, [item.problem])
    answer = item.answer
    if own and item.papers is not None:
        known, source = item.papers, "bundle"
    problems = problems_of(answer, known)
    return Checked(item.where, answer.question, len(answer.quotes), source, problems)


def _print(results: list[Checked], *, as_json: bool) -> None:
    if as_json:
        figures = [
            {
                "where": result.where,
                "question": result.question,
                "quotes": result.quotes,
                "against": result.against,
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
    sys.stdout.write(
        f"{len(passed):,} of {len(results):,} answers verified, {quotes:,} quotes{_own(results)}\n"
    )


def _own(results: list[Checked]) -> str:
    """Return, for answers that brought their own papers, that nothing else vouches for these."""
    count = sum(result.against == "bundle" for result in results)
    if not count:
        return ""
    some = "" if count == len(results) else f"{count:,} of them "
    return f", {some}against the bundle's own abstracts"


def _read(papers: Path) -> dict[str, Paper]:
    return by_name(record for record in read_papers(papers) if isinstance(record, Paper))
