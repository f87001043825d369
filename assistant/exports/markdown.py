"""Markdown: answers to paste elsewhere, each quote with the number of its source.

What is not ours is escaped such that CommonMark, and what GitHub adds to it, shows exactly it.
"""

import re
from collections.abc import Iterable, Iterator

from assistant.answer import Answer, Citation, Closest, Quote
from assistant.composition.statements import missing_terms, statements
from assistant.exports.reference import on_one_line, reference, web_address
from store.papers import shown_digest

#: Authors named before "et al.".
AUTHORS = 3

# Of brackets the opening ones do: where both are escaped, many a chat reads a formula in TeX.
_ACTIVE = re.compile(r"[\\`*_\[<>&~$|#^={}!]")
# At the start of a block these make a list or a heading of it.
_OPENING = re.compile(r"^(?:[-+]|\d{1,9}(?=[.)]))")


def markdown(answers: Iterable[Answer]) -> Iterator[str]:
    """Yield each answer as a section."""
    for answer in answers:
        yield f"## {escaped(answer.question)}\n\n{body(answer)}\n"


def body(answer: Answer) -> str:
    """Return an answer without its question: quotes, sources, facts; a blank line between."""
    blocks = [*_query(answer), *(escaped(str(statement)) for statement in statements(answer))]
    blocks += _answered(answer) if answer.status == "answered" else _nothing(answer)
    return "\n\n".join(blocks)


def escaped(text: str) -> str:
    """Return Markdown, to stand on one line, that shows `text`."""
    return _OPENING.sub(lambda match: _not_opening(match[0]), _inline(text))


def _inline(text: str) -> str:
    """Return Markdown, to stand within a line, that shows `text`."""
    return _ACTIVE.sub(r"\\\g<0>", on_one_line(text))


def _not_opening(found: str) -> str:
    return f"\\{found}" if found in "-+" else f"&#{ord(found[0])};{found[1:]}"


def _query(answer: Answer) -> list[str]:
    if answer.query.split() == answer.question.split():
        return []
    return [f"Searched for: {escaped(answer.query)}"]


def _answered(answer: Answer) -> list[str]:
    return [
        *_quotes(answer.quotes),
        "Sources:",
        "\n".join(f"{citation.number}. {_source(citation)}" for citation in answer.citations),
        f"Confidence {answer.confidence:.2f}, {_facts(answer)}",
    ]


def _quotes(quotes: Iterable[Quote]) -> Iterator[str]:
    heading = None
    for quote in quotes:
        if quote.heading != heading:
            heading = quote.heading
            yield f"### {escaped(heading)}" if heading else "---"
        yield f"> “{escaped(quote.text)}” [{quote.citation}]"


def _nothing(answer: Answer) -> list[str]:
    blocks = ["Not in these abstracts."]
    if missing := missing_terms(answer.coverage):
        terms = ", ".join(map(escaped, missing))
        blocks.append(f"No abstract speaks of: {terms}")
    if answer.closest:
        blocks.append("Closest papers, which do not answer it:")
        blocks.append("\n".join(f"- {_linked(near)}" for near in answer.closest))
    return [*blocks, _facts(answer).capitalize()]


def _source(citation: Citation) -> str:
    one = reference(citation)
    authors = ", ".join(citation.authors[:AUTHORS])
    more = " et al." if len(citation.authors) > AUTHORS else ""
    facts = (f"{authors}{more}", citation.venue, citation.published, citation.paper_id)
    known = " · ".join(escaped(fact) for fact in facts if fact)
    withdrawn = "**Withdrawn** · " if citation.withdrawn else ""
    return f"{withdrawn}{link(citation.title, one.url)} · {known}"


def _linked(near: Closest) -> str:
    return f"{link(near.title, web_address(near.url))} · {escaped(near.paper_id)}"


def link(text: str, url: str | None) -> str:
    """Return Markdown that shows `text`, as a link where there is an address."""
    # A bracket that closes would end the link, which an entity for one does not.
    return f"[{escaped(text).replace(']', '&#93;')}](<{url}>)" if url else escaped(text)


def _facts(answer: Answer) -> str:
    number = answer.coverage.papers_searched
    searched = f"{number:,} {'abstract' if number == 1 else 'abstracts'} searched"
    return (
        f"{searched}, snapshot {shown_digest(answer.snapshot)}, version {_inline(answer.version)}."
    )
