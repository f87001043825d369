"""Quotes: the sentences of a draft copied exactly, under citations numbered in reading order."""

import re
from collections.abc import Callable, Sequence

from assistant.answer import Citation, Context, Quote, Why
from assistant.composition.draft import Chosen
from assistant.evidence import Evidence
from store.papers import Paper, sha256

#: Says why a sentence was chosen.
Explain = Callable[[Evidence], Why]

#: Openings that lean on the sentence before.
_LEANING = re.compile(
    r"(?:it|its|they|their|this|that|these|those|such|here|he|she|both|however|moreover|further"
    r"(?:more)?|additionally|in addition|besides|also|thus|hence|therefore|consequently|instead"
    r"|then|specifically|in particular|to (?:address|tackle|mitigate|overcome|solve|this)|our|the"
    r" (?:method|model|approach|framework|former|latter|resulting|proposed))\b",
    re.IGNORECASE,
)


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


def _quote(chosen: Chosen, number: int, why: Why | None) -> Quote:
    sentence = chosen.evidence.sentence
    start, end = sentence.span
    leans = sentence.index > 0 and _LEANING.match(sentence.text)
    context = sentence.spans[sentence.index - 1].start if leans else start
    return Quote(
        text=sentence.text,
        paper_id=sentence.paper.id,
        start=start,
        end=end,
        citation=number,
        score=chosen.evidence.score,
        heading=chosen.heading,
        context=Context(start=context, end=end),
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
    )
