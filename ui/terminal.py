"""What the commands print: answers, reports, papers and figures, for people at a terminal."""

import json
import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from assistant.answer import Answer, Citation, Why
from assistant.composition.context import lead_ins
from assistant.composition.statements import missing_terms, statements
from assistant.verification.difference import Change, Comparison, Difference
from store.adding import AddReport
from store.errors import AssistantError
from store.papers import Paper
from store.stats import Stats
from ui.match import match_of
from ui.shares import Share, shares
from ui.stretches import AVAILABILITY

#: Answers and figures go to standard output, everything about the run to standard error.
out = Console(highlight=False)
err = Console(stderr=True, highlight=False)

#: A stretch of text and the style that a terminal shows it in.
Part = tuple[str, str]

#: Features named beside the share that they belong to.
FEATURES_SHOWN = 3
#: What became of a paper that an answer cites.
CHANGES: dict[Change, str] = {
    "changed": "abstract has changed",
    "removed": "no longer in the store",
    "added": "new in the store",
    "uncited": "no longer cited",
    "cited": "newly cited",
}
#: Skipped records that are printed one by one.
SKIPS_SHOWN = 20


#: What could move a terminal's cursor, change its state or turn the order of what it shows, but
#: for tab and line feed.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


class _Messages(logging.Handler):
    """Prints log messages through the console, so that they stand above a running count."""

    def emit(self, record: logging.LogRecord) -> None:
        err.print(Text(self.format(record)), soft_wrap=True)


def show_messages() -> None:
    """Print the store's messages, such as an index that was repaired, to standard error."""
    handler = _Messages(logging.INFO)
    for name in ("store", "assistant", "ui"):
        logger = logging.getLogger(name)
        logger.handlers = [handler]
        logger.setLevel(logging.INFO)
        logger.propagate = False


def print_answer(answer: Answer, abstracts: Mapping[str, str], *, explain: bool = False) -> None:
    """Print an answer: its quotes, numbered, then its sources; or why each quote was chosen.

    What a quote leans on stands before it, from the `abstracts` by paper id.
    """
    if answer.query != answer.question:
        _paragraph((f"Searched for: {answer.query}", "dim"))
    for statement in statements(answer):
        _paragraph((str(statement), "bold"), indent=2)
    if answer.status == "no_answer":
        _print_nothing(answer)
        return
    _print_figures(answer)
    _paragraph()
    heading = None
    for quote, lead in zip(answer.quotes, lead_ins(answer.quotes, abstracts), strict=True):
        if quote.heading != heading:
            heading = quote.heading
            _paragraph((heading or "\u2013", "bold"), indent=2)
        if lead:
            _paragraph((f"… {lead}", "dim"), indent=2)
        _paragraph((f"“{quote.text}” ", ""), (f"[{quote.citation}]", "bold cyan"), indent=2)
        if quote.availability:
            _paragraph((AVAILABILITY[quote.availability], "dim"), indent=2)
        _paragraph()
        if explain and quote.why:
            _print_why(quote.why, quote.score)
    for citation in answer.citations:
        _paragraph(*_source(citation), indent=2)
    sure = f"{match_of(answer.confidence)} match"
    searched = f"{answer.coverage.papers_searched:,} abstracts"
    facts = f"{sure} ({answer.confidence:.2f}) · searched {searched}"
    _paragraph()
    _paragraph((f"{facts} · snapshot {answer.snapshot[:12]}", "dim"), indent=2)


def _print_figures(answer: Answer) -> None:
    """Print each quote's figures beside its paper."""
    width = max((len(figure.text) for figure in answer.figures), default=0)
    titles = {citation.number: citation.title for citation in answer.citations}
    for figure in answer.figures:
        number = answer.quotes[figure.quote - 1].citation
        _paragraph(
            (f"{figure.text:>{width}}  ", "bold"),
            (f"[{number}] ", "bold cyan"),
            (titles[number], ""),
            indent=2,
        )


def _print_why(why: Why, score: float) -> None:
    """Print each share of a score, and the features that weigh most in it."""
    for share in shares(why):
        most = ", ".join(f"{name} {value:+.2f}" for name, value in share.features[:FEATURES_SHOWN])
        _paragraph((_figure(share), ""), (f"  {most}" if most else "", "dim"), indent=4)
    together = Share("together", sum(share.value for share in shares(why)))
    _paragraph((_figure(together), "bold"), (f"  score {score:.2f}", "dim"), indent=4)
    _paragraph()


def _figure(share: Share) -> str:
    return f"{share.label:<20} {share.value:+7.2f}"


def _print_nothing(answer: Answer) -> None:
    searched = f"{answer.coverage.papers_searched:,}"
    _paragraph()
    if answer.filters and not answer.coverage.papers_searched:
        _paragraph(("No paper passes the filters; widen them.", "bold"), indent=2)
        return
    _paragraph((f"Not in these abstracts ({searched} searched).", "bold"), indent=2)
    if missing := missing_terms(answer.coverage):
        read = answer.coverage.corrected
        terms = ", ".join(
            f"{term} (read as {read[term]})" if term in read else term for term in missing
        )
        _paragraph((f"No abstract speaks of: {terms}", ""), indent=2)
    if answer.closest:
        _paragraph(("Closest papers, which do not answer it:", ""), indent=2)
        for paper in answer.closest:
            _paragraph((f"- {paper.title} ({paper.paper_id})", ""), indent=4)


def _source(citation: Citation) -> list[Part]:
    facts = [", ".join(citation.authors[:3]), citation.venue, citation.published, citation.url]
    known = " · ".join(fact for fact in facts if fact)
    return [
        (f"[{citation.number}] ", "bold cyan"),
        ("Withdrawn: " if citation.withdrawn else "", "bold red"),
        (citation.title + (f" · {known}" if known else ""), ""),
        (f" ({citation.paper_id})", "dim"),
    ]


def print_comparison(comparison: Comparison) -> None:
    """Print what differs between answers to the same questions, question by question."""
    for one in comparison.differences:
        if not one.same:
            _print_difference(one)
    for side, questions in (("first", comparison.only_before), ("second", comparison.only_after)):
        for question in questions:
            _paragraph((question, "bold"), (f"  only in the {side} file", "dim"))
    count = len(comparison.differences)
    differ = sum(not one.same for one in comparison.differences)
    _paragraph((f"{differ:,} of {count:,} answers {'differs' if differ == 1 else 'differ'}", ""))


def _print_difference(one: Difference) -> None:
    _paragraph((one.question, "bold"))
    facts = {
        "status": one.status,
        "confidence": tuple(f"{value:.2f}" for value in one.confidence),
        "abstracts searched": tuple(f"{count:,}" for count in one.papers_searched),
        "version": one.version,
    }
    for name, (before, after) in facts.items():
        if before != after:
            _paragraph((f"{name}: ", "dim"), (f"{before} -> {after}", ""), indent=2)
    for mark, style, quotes in (("-", "red", one.removed), ("+", "green", one.added)):
        for quote in quotes:
            _paragraph((f"{mark} “{quote.text}” ({quote.paper_id})", style), indent=2)
    for quote in one.moved:
        places = f"from {quote.before} to {quote.after}"
        _paragraph((f"~ {places}: “{quote.text}” ({quote.paper_id})", ""), indent=2)
    for paper in one.papers:
        _paragraph((f"{CHANGES[paper.change]}: ", "dim"), (paper.title, ""), indent=2)
    _paragraph()


def print_added(
    report: AddReport, *, as_json: bool, unreadable: Sequence[AssistantError] = ()
) -> None:
    """Print what adding did, and what it skipped and why, and what it could not read."""
    for error in unreadable:
        _line(f"error: {error}")
    if not as_json:
        print_report(report)
        return
    figures = {
        "added": report.added,
        "updated": report.updated,
        "unchanged": report.unchanged,
        "skipped": [str(record) for record in report.skipped],
        "unreadable": [str(error) for error in unreadable],
    }
    out.print_json(json.dumps(figures))


def print_report(report: AddReport) -> None:
    """Print what adding did, and what it skipped and why."""
    for skipped in report.skipped[:SKIPS_SHOWN]:
        _line(f"skipped {skipped}", style="yellow")
    more = len(report.skipped) - SKIPS_SHOWN
    if more > 0:
        err.print(Text(f"... and {more:,} more skipped", style="yellow"))
    _paragraph(
        (f"{report.added:,} added, {report.updated:,} updated, ", ""),
        (f"{report.unchanged:,} unchanged, {len(report.skipped):,} skipped", ""),
    )


def _line(text: str, *, style: str = "") -> None:
    """Print one line to standard error; a report may quote from anywhere, a file's name too."""
    err.print(Text(_CONTROL.sub("\ufffd", text.replace("\n", " ")), style=style), soft_wrap=True)


def print_stats(stats: Stats) -> None:
    """Print a store's figures, one a line."""
    figures = stats.model_dump()
    width = max(map(len, figures))
    for name, value in figures.items():
        shown = f"{value:,}" if isinstance(value, int) else value
        _paragraph((f"{name:<{width}}  ", "dim"), (shown, ""))


def print_paper(paper: Paper) -> None:
    """Print one paper with what is known of it."""
    _paragraph((paper.title, "bold"))
    facts = {
        "withdrawn": "yes" if paper.withdrawn else None,
        "id": paper.id,
        "also known as": ", ".join(paper.aliases),
        "authors": ", ".join(paper.authors),
        "published": paper.published,
        "listed": ", ".join(paper.listed),
        "venue": paper.venue,
        "categories": ", ".join(paper.categories),
        "url": paper.url,
        "source": paper.source,
    }
    for name, value in facts.items():
        if value:
            _paragraph((f"{name}: ", "dim"), (value, ""))
    _paragraph()
    _paragraph((paper.abstract, ""))


def _paragraph(*parts: Part, indent: int = 0) -> None:
    """Print a paragraph: styled, indented and wrapped on a terminal, bare and whole elsewhere.

    What goes into a pipe or a file is copied exactly. A terminal is spared control characters,
    which may come with an abstract from anywhere.
    """
    if not out.is_terminal:
        out.file.write("".join(text for text, _ in parts) + "\n")
        return
    whole = Text.assemble(*((_CONTROL.sub("\ufffd", text), style) for text, style in parts))
    for line in whole.wrap(out, max(out.width - 2 * indent, 20)):
        line.rstrip()
        line.pad_left(indent if line else 0)
        out.print(line)


@contextmanager
def measuring(what: str) -> Iterator[Progress]:
    """Show on a terminal how much of `what` is done, and how long the rest will take."""
    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as progress:
        yield progress


@contextmanager
def counting(what: str) -> Iterator[Progress]:
    """Show on a terminal how many of `what` are done, and for how long it has run."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.completed:,.0f} " + what),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as progress:
        yield progress
