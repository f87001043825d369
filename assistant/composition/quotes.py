"""Quotes: the sentences of a draft copied exactly, under citations numbered in reading order."""

from collections.abc import Callable, Iterator, Sequence

from assistant.answer import Citation, Link, Quote, Why
from assistant.composition.context import context_of
from assistant.composition.draft import Chosen
from assistant.evidence.evidence import Evidence
from assistant.evidence.links import links_in
from store.papers import Paper, sha256

#: Says why a sentence was chosen.
Explain = Callable[[Evidence], Why | None]


def quoted(
    chosen: Sequence[Chosen], *, why: Explain | None = None
) -> tuple[tuple[Quote, ...], tuple[Citation, ...]]:
    """Return the quotes, in the order chosen, and the citations that they number.

    `why` explains each.
    """
    numbers: dict[str, int] = {}
    quotes = []
    for item in chosen:
        paper = item.evidence.sentence.paper
        number = numbers.setdefault(paper.id, len(numbers) + 1)
        quotes.append(_quote(item, number, why(item.evidence) if why else None))
    cited = {item.evidence.sentence.paper.id: item.evidence.sentence.paper for item in chosen}
    return tuple(quotes), tuple(_citation(cited[key], number) for key, number in numbers.items())


def links_of(quotes: Sequence[Quote]) -> Iterator[Link]:
    """Yield the addresses in the quotes, in reading order."""
    for place, quote in enumerate(quotes, 1):
        for found in links_in(quote.text):
            yield Link(
                paper_id=quote.paper_id,
                quote=place,
                text=found.text,
                start=quote.start + found.start,
                end=quote.start + found.end,
                href=found.href,
            )


def _quote(chosen: Chosen, number: int, why: Why | None) -> Quote:
    sentence = chosen.evidence.sentence
    start, end = sentence.span
    return Quote(
        text=sentence.text,
        paper_id=sentence.paper.id,
        start=start,
        end=end,
        citation=number,
        score=chosen.evidence.score,
        heading=chosen.heading,
        availability=chosen.availability,
        context=context_of(sentence),
        why=why,
    )


def _citation(paper: Paper, number: int) -> Citation:
    return Citation(
        number=number,
        paper_id=paper.id,
        title=paper.title,
        authors=paper.authors,
        published=paper.published,
        venue=paper.venue,
        url=paper.url,
        abstract_sha256=sha256(paper.abstract),
        withdrawn=paper.withdrawn,
    )
