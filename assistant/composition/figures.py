"""Figures: those in the quotes of an answer that meet the conditions of the question."""

from collections.abc import Iterator, Sequence

from assistant.answer import Figure, Quote
from assistant.question.conditions import told_in
from assistant.question.need import Need


def figures_of(quotes: Sequence[Quote], need: Need) -> Iterator[Figure]:
    """Yield, of each quote, the figure that meets each condition best, in reading order.

    One that may be a figure of something else is left out.
    """
    for place, quote in enumerate(quotes, 1):
        for start, found in sorted(told_in(quote.text, need.conditions).items()):
            quantity = found.quantity
            least = found.condition.quantity.bound in ("below", "at most")
            yield Figure(
                paper_id=quote.paper_id,
                quote=place,
                text=quantity.text,
                start=quote.start + start,
                end=quote.start + quantity.end,
                value=quantity.low if least else quantity.high,
                unit=quantity.unit,
                meets=True,
            )
