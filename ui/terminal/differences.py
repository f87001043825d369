"""Differences between answers as the commands print them."""

from assistant.verification.difference import Change, Comparison, Difference
from ui.terminal.console import paragraph

#: What became of a paper that an answer cites.
CHANGES: dict[Change, str] = {
    "changed": "abstract has changed",
    "removed": "no longer in the store",
    "added": "new in the store",
    "uncited": "no longer cited",
    "cited": "newly cited",
}


def print_comparison(comparison: Comparison) -> None:
    """Print what differs between answers to the same questions, question by question."""
    for one in comparison.differences:
        if not one.same:
            _print_difference(one)
    for side, questions in (("first", comparison.only_before), ("second", comparison.only_after)):
        for question in questions:
            paragraph((question, "bold"), (f"  only in the {side} file", "dim"))
    count = len(comparison.differences)
    differ = sum(not one.same for one in comparison.differences)
    paragraph((f"{differ:,} of {count:,} answers {'differs' if differ == 1 else 'differ'}", ""))


def _print_difference(one: Difference) -> None:
    paragraph((one.question, "bold"))
    facts = {
        "status": one.status,
        "confidence": tuple(f"{value:.2f}" for value in one.confidence),
        "abstracts searched": tuple(f"{count:,}" for count in one.papers_searched),
        "version": one.version,
    }
    for name, (before, after) in facts.items():
        if before != after:
            paragraph((f"{name}: ", "dim"), (f"{before} -> {after}", ""), indent=2)
    for mark, style, quotes in (("-", "red", one.removed), ("+", "green", one.added)):
        for quote in quotes:
            paragraph((f"{mark} “{quote.text}” ({quote.paper_id})", style), indent=2)
    for quote in one.moved:
        places = f"from {quote.before} to {quote.after}"
        paragraph((f"~ {places}: “{quote.text}” ({quote.paper_id})", ""), indent=2)
    for paper in one.papers:
        paragraph((f"{CHANGES[paper.change]}: ", "dim"), (paper.title, ""), indent=2)
    paragraph()
