"""Composition: the best evidence put together as an answer's quotes and citations."""

import re
from collections.abc import Callable, Sequence
from itertools import islice

from assistant.answer import Citation, Context, Kind, Quote, Why
from assistant.evidence import Evidence
from store.papers import Paper, sha256

#: Quotes of an answer about one thing.
QUOTES = 3
#: Papers of a list.
LISTED = 8
#: A further quote must score at least this share of the first one's score: from the same paper,
#: and from another one, which is held to more.
SUPPORT_SAME = 0.02
SUPPORT_OTHER = 0.6
#: A paper is listed whose retrieval score is at least this share of the best one's, and whose
#: sentence's score at least that share.
LIST_PAPER_SHARE = 0.45
LIST_SENTENCE_SHARE = 0.001

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


def compose(
    kind: Kind, evidence: Sequence[Evidence], *, why: Explain | None = None
) -> tuple[tuple[Quote, ...], tuple[Citation, ...]]:
    """Return the quotes, in reading order, and the citations that they number.

    `evidence` is best first and not empty. The first quote is the best evidence. `why` explains
    each.
    """
    chosen = _list(evidence) if kind == "list" else _about_one_thing(evidence)
    numbers: dict[str, int] = {}
    quotes = []
    for item in chosen:
        paper = item.sentence.paper
        number = numbers.setdefault(paper.id, len(numbers) + 1)
        quotes.append(_quote(item, number, why(item) if why else None))
    cited = {item.sentence.paper.id: item.sentence.paper for item in chosen}
    return tuple(quotes), tuple(_citation(cited[key], number) for key, number in numbers.items())


def _about_one_thing(evidence: Sequence[Evidence]) -> list[Evidence]:
    """Take the best sentence, then at most two that stand behind it, the same paper's first."""
    best = evidence[0]
    same = [
        item
        for item in evidence[1:]
        if item.sentence.paper.id == best.sentence.paper.id
        and item.score >= SUPPORT_SAME * best.score
    ]
    others = [
        item
        for item in evidence[1:]
        if item.sentence.paper.id != best.sentence.paper.id
        and item.score >= SUPPORT_OTHER * best.score
    ]
    support = sorted([*same, *others], key=lambda item: -item.score)[: QUOTES - 1]
    return [
        best,
        *sorted(support, key=lambda item: item.sentence.paper.id != best.sentence.paper.id),
    ]


def _list(evidence: Sequence[Evidence]) -> list[Evidence]:
    """Take the best sentence, and that of each other paper which holds up beside the best ones."""
    found = LIST_PAPER_SHARE * max(item.features.get("paper", 0.0) for item in evidence)
    firsts = {evidence[0].sentence.paper.id: evidence[0]}
    for item in evidence:
        holds_up = item.score >= LIST_SENTENCE_SHARE * evidence[0].score
        if holds_up and item.features.get("paper", 0.0) >= found:
            firsts.setdefault(item.sentence.paper.id, item)
    return list(islice(firsts.values(), LISTED))


def _quote(item: Evidence, number: int, why: Why | None) -> Quote:
    sentence = item.sentence
    start, end = sentence.span
    leans = sentence.index > 0 and _LEANING.match(sentence.text)
    context = sentence.spans[sentence.index - 1].start if leans else start
    return Quote(
        text=sentence.text,
        paper_id=sentence.paper.id,
        start=start,
        end=end,
        citation=number,
        score=item.score,
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
