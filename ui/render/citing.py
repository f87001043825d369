"""How papers are named beside what is quoted from them, and where a page has their cards."""

from collections.abc import Sequence

#: What says of a paper that it has been withdrawn or retracted.
WITHDRAWN = '<b class="aa-withdrawn">Withdrawn</b>'


def source_id(number: int, source: int | str) -> str:
    """Return the page's id for a source card of the `number`th answer."""
    return f"aa-source-{number}-{source}"


def byline(authors: Sequence[str]) -> str:
    """Return authors as a reader names them: one, two, or the first and "et al."."""
    if len(authors) > 2:
        return f"{authors[0]} et al."
    return " and ".join(authors)


def counted(number: int, noun: str) -> str:
    """Return a number of things in words: "1 quote", "1,559 abstracts"."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
