"""Answers as the commands print them, for people at a terminal."""

from collections.abc import Mapping

from assistant.answer import Answer, Citation, Why
from assistant.composition.context import lead_ins
from assistant.composition.statements import missing_terms, statements
from store.papers import shown_digest
from ui.terminal.console import Part, paragraph
from ui.wording.match import match_of
from ui.wording.shares import Share, shares
from ui.wording.stretches import AVAILABILITY

#: Features named beside the share that they belong to.
FEATURES_SHOWN = 3


def print_answer(answer: Answer, abstracts: Mapping[str, str], *, explain: bool = False) -> None:
    """Print an answer: its quotes, numbered, then its sources; or why each quote was chosen.

    What a quote leans on stands before it, from the `abstracts` by paper id.
    """
    if answer.query != answer.question:
        paragraph((f"Searched for: {answer.query}", "dim"))
    for statement in statements(answer):
        paragraph((str(statement), "bold"), indent=2)
    if answer.status == "no_answer":
        _print_nothing(answer)
        return
    _print_figures(answer)
    paragraph()
    heading = None
    for quote, lead in zip(answer.quotes, lead_ins(answer.quotes, abstracts), strict=True):
        if quote.heading != heading:
            heading = quote.heading
            paragraph((heading or "\u2013", "bold"), indent=2)
        if lead:
            paragraph((f"… {lead}", "dim"), indent=2)
        paragraph((f"“{quote.text}” ", ""), (f"[{quote.citation}]", "bold cyan"), indent=2)
        if quote.availability:
            paragraph((AVAILABILITY[quote.availability], "dim"), indent=2)
        paragraph()
        if explain and quote.why:
            _print_why(quote.why, quote.score)
    for citation in answer.citations:
        paragraph(*_source(citation), indent=2)
    sure = f"{match_of(answer.confidence)} match"
    searched = f"{answer.coverage.papers_searched:,} abstracts"
    facts = f"{sure} ({answer.confidence:.2f}) · searched {searched}"
    paragraph()
    paragraph((f"{facts} · snapshot {shown_digest(answer.snapshot)}", "dim"), indent=2)


def _print_figures(answer: Answer) -> None:
    """Print each quote's figures beside its paper."""
    width = max((len(figure.text) for figure in answer.figures), default=0)
    titles = {citation.number: citation.title for citation in answer.citations}
    for figure in answer.figures:
        number = answer.quotes[figure.quote - 1].citation
        paragraph(
            (f"{figure.text:>{width}}  ", "bold"),
            (f"[{number}] ", "bold cyan"),
            (titles[number], ""),
            indent=2,
        )


def _print_why(why: Why, score: float) -> None:
    """Print each share of a score, and the features that weigh most in it."""
    for share in shares(why):
        most = ", ".join(f"{name} {value:+.2f}" for name, value in share.features[:FEATURES_SHOWN])
        paragraph((_figure(share), ""), (f"  {most}" if most else "", "dim"), indent=4)
    together = Share("together", sum(share.value for share in shares(why)))
    paragraph((_figure(together), "bold"), (f"  score {score:.2f}", "dim"), indent=4)
    paragraph()


def _figure(share: Share) -> str:
    return f"{share.label:<20} {share.value:+7.2f}"


def _print_nothing(answer: Answer) -> None:
    searched = f"{answer.coverage.papers_searched:,}"
    paragraph()
    if answer.filters and not answer.coverage.papers_searched:
        paragraph(("No paper passes the filters; widen them.", "bold"), indent=2)
        return
    paragraph((f"Not in these abstracts ({searched} searched).", "bold"), indent=2)
    if missing := missing_terms(answer.coverage):
        read = answer.coverage.corrected
        terms = ", ".join(
            f"{term} (read as {read[term]})" if term in read else term for term in missing
        )
        paragraph((f"No abstract speaks of: {terms}", ""), indent=2)
    if answer.closest:
        paragraph(("Closest papers, which do not answer it:", ""), indent=2)
        for paper in answer.closest:
            paragraph((f"- {paper.title} ({paper.paper_id})", ""), indent=4)


def _source(citation: Citation) -> list[Part]:
    facts = [", ".join(citation.authors[:3]), citation.venue, citation.published, citation.url]
    known = " · ".join(fact for fact in facts if fact)
    return [
        (f"[{citation.number}] ", "bold cyan"),
        ("Withdrawn: " if citation.withdrawn else "", "bold red"),
        (citation.title + (f" · {known}" if known else ""), ""),
        (f" ({citation.paper_id})", "dim"),
    ]
