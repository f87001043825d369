"""Stretches of a quote that stand out: links that can be followed, and figures.

Chat and terminal take a quote apart alike; what a stretch looks like is theirs.
"""

from collections.abc import Iterator, Sequence

from assistant.answer import Answer, Link, Quote, Stretch
from assistant.evidence.availability import Availability

#: What a quote says of having what was asked for, in words.
AVAILABILITY: dict[Availability, str] = {
    "available": "Said to be available",
    "promised": "Only promised in this abstract",
}


def stretches_of(answer: Answer, place: int) -> list[Stretch]:
    """Return the stretches of the quote at `place`, from 1, in reading order, none twice."""
    found: list[Stretch] = []
    for stretch in sorted((*answer.links, *answer.figures), key=lambda one: one.start):
        if stretch.quote == place and (not found or found[-1].end <= stretch.start):
            found.append(stretch)
    return found


def parts(quote: Quote, stretches: Sequence[Stretch]) -> Iterator[tuple[str, Stretch | None]]:
    """Yield the text of a quote in order, in pieces, each with the stretch that it is."""
    at = quote.start
    for stretch in stretches:
        yield quote.text[at - quote.start : stretch.start - quote.start], None
        yield stretch.text, stretch
        at = stretch.end
    yield quote.text[at - quote.start :], None


def href_of(stretch: Stretch | None) -> str | None:
    """Return where a stretch leads, if it is a link over http or https."""
    if isinstance(stretch, Link) and stretch.href.startswith(("http://", "https://")):
        return stretch.href
    return None
