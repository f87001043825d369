"""What the commands print: answers, reports, papers and figures, for people at a terminal."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.logging import RichHandler
from rich.padding import Padding
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from assistant.answer import Answer, Citation
from store.adding import AddReport
from store.corpus import Stats
from store.papers import Paper

#: Answers and figures go to standard output, everything about the run to standard error.
out = Console(highlight=False, soft_wrap=False)
err = Console(stderr=True, highlight=False)

#: Plain words for a confidence, from this value on.
WORDS = ((0.8, "strong match"), (0.6, "good match"), (0.0, "partial match"))
#: Skipped records that are printed one by one.
SKIPS_SHOWN = 20


def show_messages() -> None:
    """Print the store's messages, such as an index that was repaired, to standard error."""
    handler = RichHandler(
        console=err, show_time=False, show_level=False, show_path=False, markup=False
    )
    handler.setLevel(logging.INFO)
    for name in ("store", "assistant", "ui"):
        logger = logging.getLogger(name)
        logger.handlers = [handler]
        logger.setLevel(logging.INFO)
        logger.propagate = False


def print_answer(answer: Answer) -> None:
    """Print an answer: its quotes, numbered, then its sources."""
    if answer.query != answer.question:
        out.print(Text(f"Searched for: {answer.query}", style="dim"))
    if answer.status == "no_answer":
        _print_nothing(answer)
        return
    out.print()
    for quote in answer.quotes:
        line = Text(f"“{quote.text}” ").append(f"[{quote.citation}]", style="bold cyan")
        out.print(Padding(line, (0, 2, 1, 2)))
    for citation in answer.citations:
        out.print(Padding(_source(citation), (0, 2, 0, 2)))
    sure = next(words for least, words in WORDS if answer.confidence >= least)
    out.print()
    out.print(
        Text(
            f"  {sure} ({answer.confidence:.2f}) · searched "
            f"{answer.coverage.papers_searched:,} abstracts · snapshot {answer.snapshot[:12]}",
            style="dim",
        )
    )


def _print_nothing(answer: Answer) -> None:
    searched = f"{answer.coverage.papers_searched:,}"
    out.print()
    out.print(Text(f"  Not in these abstracts ({searched} searched).", style="bold"))
    if answer.coverage.missing_terms:
        terms = ", ".join(answer.coverage.missing_terms)
        out.print(Text(f"  No abstract speaks of: {terms}"))
    if answer.closest:
        out.print(Text("  Closest papers, which do not answer it:"))
        for paper in answer.closest:
            out.print(Padding(Text(f"- {paper.title} ({paper.paper_id})"), (0, 2, 0, 4)))


def _source(citation: Citation) -> Text:
    line = Text(f"[{citation.number}] ", style="bold cyan")
    line.append(citation.title, style="default not bold")
    facts = [", ".join(citation.authors[:3]), citation.venue, citation.published, citation.url]
    known = " · ".join(fact for fact in facts if fact)
    line.append(f" · {known}" if known else "", style="default not bold")
    return line.append(f" ({citation.paper_id})", style="not bold dim")


def print_report(report: AddReport) -> None:
    """Print what adding did, and what it skipped and why."""
    for skipped in report.skipped[:SKIPS_SHOWN]:
        err.print(Text(f"skipped {skipped}", style="yellow"))
    more = len(report.skipped) - SKIPS_SHOWN
    if more > 0:
        err.print(Text(f"... and {more:,} more skipped", style="yellow"))
    out.print(
        f"{report.added:,} added, {report.updated:,} updated, "
        f"{report.unchanged:,} unchanged, {len(report.skipped):,} skipped"
    )


def print_stats(stats: Stats) -> None:
    """Print a store's figures, one a line."""
    table = Table(show_header=False, box=None, pad_edge=False)
    for name, value in stats.model_dump().items():
        table.add_row(Text(name, style="dim"), f"{value:,}" if isinstance(value, int) else value)
    out.print(table)


def print_paper(paper: Paper) -> None:
    """Print one paper with what is known of it."""
    out.print(Text(paper.title, style="bold"))
    facts = {
        "id": paper.id,
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
            out.print(Text(f"{name}: ", style="dim").append(value, style="not dim"))
    out.print()
    out.print(Text(paper.abstract))


@contextmanager
def counting(what: str) -> Iterator[Progress]:
    """Show on standard error how many of `what` are done, and for how long it has run."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.completed:,.0f} " + what),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=err, transient=True) as progress:
        yield progress
