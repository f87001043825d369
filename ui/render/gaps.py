"""Gaps: what of a question no abstract holds, whether the rest was answered or nothing was."""

from assistant.answer import Answer, Coverage
from assistant.composition.statements import Statement, missing_terms, statements
from ui.render.verbatim import verbatim


def said_html(answer: Answer) -> str:
    """Return what must be known to read the answer rightly, as sentences."""
    return "".join(f'<p class="aa-said">{_statement(one)}</p>' for one in statements(answer))


def missing_html(coverage: Coverage) -> str:
    """Return the sentence that names the terms of the question that no abstract holds."""
    terms = missing_terms(coverage)
    if not terms:
        return ""
    named = ", ".join(_term(term, coverage.corrected.get(term)) for term in terms)
    return f"No abstract mentions {named}."


def is_partial(answer: Answer) -> bool:
    """Return whether an answer leaves out something that was asked for.

    A word that was read as another one is no gap.
    """
    coverage = answer.coverage
    sides = any(state != "quoted" for state in coverage.sides.values())
    return sides or any(one not in coverage.corrected for one in missing_terms(coverage))


def _statement(statement: Statement) -> str:
    names = ", ".join(f"<b>{verbatim(name)}</b>" for name in statement.names)
    return f"{verbatim(statement.before)}{names}{verbatim(statement.after)}"


def _term(term: str, read: str | None) -> str:
    read_as = f" (read as <b>{verbatim(read)}</b>)" if read else ""
    return f"<b>{verbatim(term)}</b>{read_as}"
