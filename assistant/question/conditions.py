"""Conditions: bounds that a question sets on figures, and the figures of a text that meet them."""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.question.quantities import Quantity, quantities_in
from store.lexical import terms

#: How far from a figure given as "nearly" or "about" another one may lie, as a share of it.
NEAR = 0.1
#: Words on either side of a figure in which a sentence says what it is of.
REACH = 8
#: Words on either side of a figure in which a question does, and a sentence most closely.
NEXT = 4

#: Words that say the same of a figure, under one name.
_SAME = {
    name: frozenset(term for word in words.split() for term in terms(word))
    for name, words in {
        "less": "cut cutting reduce reducing reduction save saving savings fewer less lower shrink"
        " remove removing prune compress compression decrease smaller discard drop",
        "faster": "faster fast speed speedup speed-up accelerate acceleration quicker throughput"
        " latency runtime time",
        "loss": "loss lose losing drop degradation degrade decline decrease sacrifice",
        "gain": "gain improve improvement increase boost beat outperform better surpass raise",
        "size": "parameter params size sized model",
        "quality": "accuracy performance score scores precision",
        "people": "patient subject participant people user child children volunteer",
        "dialogue": "conversation dialogue dialog",
    }.items()
}
#: Units that any figure may have.
_OF_ANYTHING = frozenset({"", "percent", "point", "times"})
_CLAUSE = re.compile(
    r"[,;:()]|\b(?:while|with|without|at|and|on|that|but|versus|vs|than|whose)\b", re.IGNORECASE
)
#: What sets two figures of one sentence apart.
_APART = re.compile(r"[,;]|\b(?:while|with|without|and|but|than)\b", re.IGNORECASE)
#: A bound in front of a figure, which begins no clause of its own.
_AT_LEAST = re.compile(r"\bat (?:the )?(?:least|most)\s*$", re.IGNORECASE)
_BOUNDING = frozenset(
    terms("more less fewer than least most over above below under about nearly percent points times"
          " better higher lower greater larger"
          # Who tells of it, and that it is told.
          " paper method approach work study report get give achieve reach show")
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Condition:
    """A figure with a bound, and the terms of what it is a figure of."""

    quantity: Quantity
    of: frozenset[str]


def conditions_in(question: str) -> Iterator[Condition]:
    """Yield the conditions of a question, in order: its figures that bound something."""
    for quantity in quantities_in(question):
        if quantity.bound != "exact":
            yield Condition(quantity, _named(question, quantity))


def bounds_something(question: str) -> bool:
    """Return whether a question bounds a figure, not only gives one roughly."""
    return any(condition.quantity.bound != "about" for condition in conditions_in(question))


def met_by(condition: Condition, quantity: Quantity, around: frozenset[str]) -> float:
    """Return how well a figure meets a condition, 0 to 1; `around` are the terms beside it.

    0 where it does not meet it or is counted in something else; less than 1 where it may be a
    figure of something else.
    """
    value = comparable(condition, quantity, around)
    if value is None or not _holds(condition.quantity, quantity, *value):
        return 0.0
    if not condition.of:
        return 1.0
    named = len(condition.of & _widened(around)) / len(condition.of)
    # A second or a metre per second says by itself what it is of, a percent does not.
    return named if condition.quantity.unit in _OF_ANYTHING else max(named, 0.5)


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure that meets a condition, and how well: 0 to 1."""

    quantity: Quantity
    condition: Condition
    fit: float


def figures_in(text: str, conditions: Sequence[Condition]) -> list[Figure]:
    """Return the figure that meets each condition best, of those that any meets, in their order."""
    quantities = list(quantities_in(text))
    best = []
    for condition in conditions:
        fits = [Figure(q, condition, met_by(condition, q, around(text, q))) for q in quantities]
        # Of two that fit, the one beside the words counts: "100% faster and 60% fewer FLOPs".
        beside = {one: len(condition.of & around(text, one.quantity, reach=NEXT)) for one in fits}
        if fits and (figure := max(fits, key=lambda one: (one.fit, beside[one]))).fit:
            best.append(figure)
    return best


def told_in(text: str, conditions: Sequence[Condition]) -> dict[int, Figure]:
    """Return the figures that meet conditions and are of what those are about, by their start."""
    told: dict[int, Figure] = {}
    for figure in figures_in(text, conditions):
        if _is_of_the_thing(text, figure):
            told.setdefault(figure.quantity.start, figure)
    return told


def _is_of_the_thing(text: str, figure: Figure) -> bool:
    """Return whether the clause of a figure names what the condition sets a bound on, if anything.

    Of "halves memory and cuts FLOPs by 20%", the half is none of FLOPs, whatever stands nearby.
    """
    thing = figure.condition.of - frozenset(_SAME)
    start, end = figure.quantity.start, figure.quantity.end
    clause = f"{_APART.split(text[:start])[-1]} {_APART.split(text[end:])[0]}"
    return not thing or not thing.isdisjoint(terms(clause))


def share_met(text: str, conditions: Sequence[Condition]) -> float:
    """Return how well a text meets the conditions together, 0 to 1."""
    return sum(one.fit for one in figures_in(text, conditions)) / len(conditions)


def comparable(
    condition: Condition, quantity: Quantity, around: frozenset[str]
) -> tuple[float, float] | None:
    """Return the range of a figure in the unit of a condition; None where it has no such."""
    asked, given = condition.quantity.unit, quantity.unit
    low, high = quantity.low, quantity.high
    if asked == given or {asked, given} <= {"percent", "point"}:
        return low, high
    if asked == "" and given in ("percent", "point"):
        # "Dice over 0.9" and "5 BLEU", of which a text may tell 91% and 5.2 points.
        share = 0.01 if condition.quantity.high <= 1 else 1.0
        return low * share, high * share
    if asked in ("percent", "point") and given == "" and condition.of & around:
        return low, high
    if asked == "percent" and given == "times" and low >= 1 and "less" in _widened(around):
        # "2x fewer" leaves a half.
        return 100 * (1 - 1 / low), 100 * (1 - 1 / high)
    return None


def around(text: str, quantity: Quantity, *, reach: int = REACH) -> frozenset[str]:
    """Return the terms of the words that stand beside a figure, under their common names too."""
    before = " ".join(text[: quantity.start].split()[-reach:])
    after = " ".join(text[quantity.end :].split()[:reach])
    return _widened(frozenset(terms(f"{before} {after}")))


def _named(question: str, quantity: Quantity) -> frozenset[str]:
    before = _CLAUSE.split(_AT_LEAST.sub("", question[: quantity.start]))[-1]
    after = _CLAUSE.split(question[quantity.end :])[0]
    beside = " ".join((*before.split()[-NEXT:], *after.split()[:NEXT]))
    return _folded(frozenset(terms(beside))) - _BOUNDING


def _folded(words: frozenset[str]) -> frozenset[str]:
    """Return words with each that has a common name under that alone."""
    names = {name for name, same in _SAME.items() if words & same}
    return frozenset(names | (words - frozenset().union(*_SAME.values())))


def _widened(words: frozenset[str]) -> frozenset[str]:
    return words | {name for name, same in _SAME.items() if words & same}


def _holds(asked: Quantity, given: Quantity, low: float, high: float) -> bool:
    match asked.bound:
        case "above":
            return high > asked.high or (high == asked.high and given.bound == "above")
        case "at least":
            return high >= asked.low and not (high == asked.low and given.bound == "below")
        case "below":
            return low < asked.low or (low == asked.low and given.bound == "below")
        case "at most":
            return low <= asked.high and not (low == asked.high and given.bound == "above")
        case _:
            return any(math.isclose(end, asked.high, rel_tol=NEAR) for end in (low, high))
