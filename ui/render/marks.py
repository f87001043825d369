"""Marks: where the quotes of an answer stand in their abstracts, from the stored offsets alone."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.answer import Quote


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of one abstract that quotes cover: half-open, in code points; its id on the page.

    Quotes that overlap share a mark, so that marks of one abstract never nest. What lies between
    `context` and `start` is what the quote leans on.
    """

    id: str
    start: int
    end: int
    context: int


def marks(quotes: Sequence[Quote], paper_id: str, *, number: int) -> list[Mark]:
    """Return the marks of one paper in the `number`th answer, in order of their place."""
    found: list[Mark] = []
    own = ((quote, place) for place, quote in enumerate(quotes, 1) if quote.paper_id == paper_id)
    for quote, place in sorted(own, key=lambda pair: (pair[0].start, pair[1])):
        if found and quote.start < found[-1].end:
            last = found[-1]
            found[-1] = replace(last, end=max(last.end, quote.end))
        else:
            context = max(quote.context.start, found[-1].end if found else 0)
            found.append(Mark(f"aa-mark-{number}-{place}", quote.start, quote.end, context))
    return found


def mark_ids(quotes: Sequence[Quote], *, number: int) -> list[str]:
    """Return, for each quote in order, the id of the mark that covers it."""
    placed = {quote.paper_id: marks(quotes, quote.paper_id, number=number) for quote in quotes}
    return [
        next(mark.id for mark in placed[quote.paper_id] if mark.start <= quote.start < mark.end)
        for quote in quotes
    ]
