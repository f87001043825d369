"""Context: the neighbours that a sentence leans on, which a reader needs to make sense of it."""

import re
from collections.abc import Mapping, Sequence

from assistant.answer import Context, Quote
from assistant.evidence.sentence import Sentence

#: Neighbours that a quote is shown with at most, all before it.
NEIGHBOURS = 2

#: Words that point at something said before, and none that point at the paper itself.
_POINTING = (
    r"(?:this|these|those(?! (?:of|that|who|which)))"
    r"(?! (?:paper|work|article|study|survey|report|thesis)\b)"
)
#: Openings that carry on from the sentence before.
_CARRYING_ON = (
    r"(?:however|moreover|further(?:more)?|additionally|in addition(?! to)|besides|also|thus|hence"
    r"|there(?:fore|by)|accordingly|consequently|instead(?! of)|then|specifically|in particular"
    r"|nevertheless|nonetheless|conversely|similarly|likewise|meanwhile|rather(?! than)|otherwise"
    r"|yet|but|and|so|still|in (?:contrast|comparison|response|turn|doing so|fact|other words)"
    r"|by (?:contrast|comparison|doing so)|as (?:a (?:result|consequence)|such)"
    r"|as an (?:alternative|illustration|example)|for (?:example|instance)|on the (?:other hand"
    r"|contrary)|to (?:that end|do so)|at the same time|one such|such|another|here|the second"
    r"|second(?:ly)?,|third(?:ly)?,"
    r"|to (?:address|tackle|mitigate|overcome|solve|resolve|alleviate|remedy|bridge)"
    r" (?:it|this|that|these|those|such))"
)
#: What names nothing where it is the subject.
_NAMELESS = (
    r"(?:(?:it|its|they|their|he|she|that|the (?:former|latter|same|resulting|proposed))\b"
    r"|both (?!\w+ and\b)"
    r"|(?:our|the) (?:\w+ )?(?:method|model|approach|framework|system|algorithm|technique"
    r"|architecture)s?\b)"
)
_LEANING = re.compile(
    rf"(?:{_CARRYING_ON}\b|(?:[\w' -]{{1,60}}, )?{_NAMELESS}|[^,.:;]{{0,60}}\b{_POINTING}\b)",
    re.IGNORECASE,
)


def leans(text: str) -> bool:
    """Return whether a sentence stands on the one before it: by how it opens, it names nothing."""
    return _LEANING.match(text) is not None


def context_of(sentence: Sentence) -> Context:
    """Return the stretch from the first neighbour that the sentence leans on to its own end.

    A neighbour that leans itself brings the one before, up to NEIGHBOURS.
    """
    first = sentence
    while first.index and sentence.index - first.index < NEIGHBOURS and leans(first.text):
        first = Sentence(first.within, first.index - 1)
    return Context(start=first.span.start, end=sentence.span.end)


def lead_ins(quotes: Sequence[Quote], abstracts: Mapping[str, str]) -> list[str]:
    """Return for each quote, in order, what it leans on, exactly as in its abstract.

    "" where it stands alone, where earlier quotes say it, or where its abstract is not among
    `abstracts`, by paper id.
    """
    return [
        abstracts.get(quote.paper_id, "")[_start(quote, quotes[:place]) : quote.start].strip()
        for place, quote in enumerate(quotes)
    ]


def _start(quote: Quote, earlier: Sequence[Quote]) -> int:
    """Return where the context of a quote begins that none of the `earlier` ones covers."""
    said = (one.end for one in earlier if one.paper_id == quote.paper_id)
    return max(quote.context.start, *(end for end in said if end <= quote.start), 0)
