"""Comparison: what is said of the things compared together, and of each under its name."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from assistant.answer import SideState
from assistant.composition.draft import Chosen, Draft, grouped
from assistant.composition.named import of_its_own_name
from assistant.composition.one_thing import SUPPORT_SAME, about_one_thing
from assistant.evidence.evidence import Evidence
from assistant.inquiry import Inquiry
from assistant.question.kinds import MANY
from assistant.question.sides import Comparison, Side, comparison_in, named
from store.lexical import exact_words

#: Papers looked through for how they spell a side.
LOOKED_THROUGH = 20


def compared(inquiry: Inquiry) -> Draft | None:
    """Return what is said of the sides that the question compares; None where it compares none.

    A side that no paper names leaves the question open whatever is said of the others: the
    confidence is then the least with which an answer is given.
    """
    is_other = inquiry.need.kind in (*MANY, "resource")
    comparison = None if is_other else comparison_in(inquiry.text)
    if comparison is None:
        return None
    sides = tuple(dict.fromkeys(_as_spelt(side, inquiry) for side in comparison.sides))
    comparison = replace(comparison, sides=sides)
    present = [side for side in sides if inquiry.corpus.count(side.name, within=inquiry.within)]
    found, confidence = _found(inquiry, comparison, present)
    if len(present) < len(sides):
        confidence = min(confidence, inquiry.answer_from)
    chosen = [Chosen(item, _heading(named(sides, item.sentence))) for item in found]
    states = _states(sides, present=present, found=found)
    return Draft("comparison", confidence, grouped(chosen), sides=states)


def _as_spelt(side: Side, inquiry: Inquiry) -> Side:
    """Return the side with its names as the papers spell them, where none spells them as asked.

    Of several spellings it is the one in most of the papers looked through. One in small letters
    is a word of its own: "IDEA" is no "idea".
    """
    corpus, within = inquiry.corpus, inquiry.within
    if not side.names or corpus.count(side.name, within=within):
        return side
    hits = corpus.search_lexical(side.name, k=LOOKED_THROUGH, within=within)
    papers = corpus.get([hit.id for hit in hits]).values()
    words = Counter(
        word for paper in papers for word in {*exact_words(f"{paper.title}\n{paper.abstract}")}
    )
    name = side.name
    for asked in sorted(side.names, key=len, reverse=True):
        alike = [word for word in words if word.casefold() == asked.casefold()]
        spelt = min(alike, key=lambda word: (-words[word], word), default=asked)
        if asked not in words and not spelt.islower():
            # An exact word: it holds no backslash.
            name = re.sub(rf"(?<!\w){re.escape(asked)}(?!\w)", spelt, name)
    return Side(name)


def _found(
    inquiry: Inquiry, comparison: Comparison, present: Sequence[Side]
) -> tuple[Sequence[Evidence], float]:
    """Return what answers the question as a whole, then what speaks of one side; and how sure.

    Where nothing answers the whole, each side must have an answer of its own.
    """
    sides = comparison.sides
    whole = about_one_thing(inquiry.evidence) if inquiry.is_answered else []
    # What names no side may speak of it in other words, but for names, which have none.
    if whole and (named(sides, whole[0].sentence) or all(side.names for side in sides)):
        whole = [item for item in whole if named(sides, item.sentence)]
    if not whole and len(present) < len(sides):
        return (), inquiry.confidence
    asked = [inquiry.about(comparison.about(side)) for side in present]
    tried = [_own(side, sides, whole, inquiry, of) for side, of in zip(present, asked, strict=True)]
    own = [one for one in tried if one]
    if whole:
        return [*whole, *(item for item, _ in own)], inquiry.confidence
    if len(own) < len(tried):
        return (), inquiry.confidence
    return [item for item, _ in own], min(sure for _, sure in own)


def _own(
    side: Side, sides: Sequence[Side], whole: Sequence[Evidence], inquiry: Inquiry, asked: Inquiry
) -> tuple[Evidence, float] | None:
    """Return the best sentence that names this side alone, and how sure it is an answer.

    It is found beside what answers the `whole`, else among the answers to the question `asked`
    about the side.
    """
    enough = SUPPORT_SAME * whole[0].score if whole else 1.0
    near = [item for item in inquiry.evidence if item.score >= enough]
    if item := _naming(side, sides, near):
        return item, inquiry.confidence
    if draft := of_its_own_name(asked):
        return draft.chosen[0].evidence, draft.confidence
    item = _naming(side, sides, asked.evidence) if asked.is_answered else None
    return (item, asked.confidence) if item else None


def _naming(side: Side, sides: Sequence[Side], evidence: Sequence[Evidence]) -> Evidence | None:
    return next((item for item in evidence if named(sides, item.sentence) == (side,)), None)


def _heading(sides: Sequence[Side]) -> str | None:
    """Return "A", "A and B" or "A, B and C"; None of no side."""
    *before, last = [side.name for side in sides] or [""]
    return f"{', '.join(before)} and {last}" if before else last or None


def _states(
    sides: Sequence[Side], *, present: Sequence[Side], found: Sequence[Evidence]
) -> Mapping[str, SideState]:
    quoted = {side for item in found for side in named(sides, item.sentence)}
    states: dict[str, SideState] = {side.name: "absent" for side in sides}
    states.update({side.name: "unquoted" for side in present})
    states.update({side.name: "quoted" for side in quoted})
    return states
