"""Papers as the commands print them: one, what adding did, and a store's figures."""

import json
from collections.abc import Sequence

from rich.text import Text

from store.adding import AddReport
from store.errors import AssistantError
from store.papers import Paper
from store.stats import Stats
from ui.terminal.console import err, line, out, paragraph

#: Skipped records that are printed one by one.
SKIPS_SHOWN = 20


def print_added(
    report: AddReport, *, as_json: bool, unreadable: Sequence[AssistantError] = ()
) -> None:
    """Print what adding did, and what it skipped and why, and what it could not read."""
    for error in unreadable:
        line(f"error: {error}")
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
        line(f"skipped {skipped}", style="yellow")
    more = len(report.skipped) - SKIPS_SHOWN
    if more > 0:
        err.print(Text(f"... and {more:,} more skipped", style="yellow"))
    paragraph(
        (f"{report.added:,} added, {report.updated:,} updated, ", ""),
        (f"{report.unchanged:,} unchanged, {len(report.skipped):,} skipped", ""),
    )


def print_stats(stats: Stats) -> None:
    """Print a store's figures, one a line."""
    figures = stats.model_dump()
    width = max(map(len, figures))
    for name, value in figures.items():
        shown = f"{value:,}" if isinstance(value, int) else value
        paragraph((f"{name:<{width}}  ", "dim"), (shown, ""))


def print_paper(paper: Paper) -> None:
    """Print one paper with what is known of it."""
    paragraph((paper.title, "bold"))
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
            paragraph((f"{name}: ", "dim"), (value, ""))
    paragraph()
    paragraph((paper.abstract, ""))
