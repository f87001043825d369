"""Quantities: the figures in a text, their unit, and how exact the text says they are.

With a small grammar of its own: libraries for quantities know physics, but not "2.49times", "50\\%"
or "1.5T tokens", and would take half the words of an abstract for units.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from assistant.question.units import unit_at

#: What a text says of a figure: "50%", "over 50%", "50% or more", "about 50%" and so on.
Bound = Literal["exact", "above", "at least", "below", "at most", "about"]

_WORDS = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    " sixteen seventeen eighteen nineteen twenty"
)
#: Numbers as words; those of _VAGUE only before a unit or a scale: "an order of magnitude".
_NUMBERS = {word: float(number) for number, word in enumerate(_WORDS.split(), 1)}
_TENS = ("thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_NUMBERS |= {word: 10.0 * number for number, word in enumerate(_TENS, 3)}
_NUMBERS |= {"half a": 0.5, "half an": 0.5, "an": 1.0, "a": 1.0}
_VAGUE = frozenset({"a", "an", "half a", "half an", "one"})
_SCALES = {"k": 1e3, "m": 1e6, "b": 1e9, "t": 1e12, "hundred": 1e2, "thousand": 1e3}
_SCALES |= {"million": 1e6, "billion": 1e9, "trillion": 1e12, "dozen": 12.0}
#: Shares of the whole in percent, and factors, by the letters that their words begin with.
_SHARES = {
    "half": 50.0,
    "halv": 50.0,
    "third": 100 / 3,
    "quarter": 25.0,
    "fifth": 20.0,
    "tenth": 10.0,
}
_FACTORS = {"twice": 2.0, "doubl": 2.0, "tripl": 3.0, "quadrupl": 4.0, "tenfold": 10.0}

_LONG_SCALE = r"(?:hundred|thousand|million|billion|trillion|dozen)s?\b"
_FIGURE = re.compile(
    # Not within a name ("GPT-4", "ResNet50"), a version or a longer figure.
    r"(?:(?<![\w.^])(?<![A-Za-z][-–_])|(?<=\\textless)|(?<=\\textgreater))(?:"
    r"10\^\{?(?P<power>\d{1,2})\}?"
    r"|(?P<digits>\d{1,3}(?:(?:,|\{,\})\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)"
    rf"(?P<scale>(?-i:[KkMBbT])(?![a-zA-Z/])|[ -]?{_LONG_SCALE})?"
    rf"|(?P<word>{'|'.join(sorted(_NUMBERS, key=len, reverse=True))})\b(?P<long>[ -]{_LONG_SCALE})?"
    r")",
    re.IGNORECASE,
)
_SHARE = re.compile(
    r"\b(?:(?P<many>a|one|two|three|four)[ -](?P<share>third|quarter|fifth|tenth)s?|(?P<half>half"
    r"|halv(?:e[sd]?|ing))(?! an? |-)"
    r"|(?P<factor>twice|tenfold|(?:doubl|tripl|quadrupl)(?:e[sd]?|ing)))\b",
    re.IGNORECASE,
)
_RANGE = re.compile(r"\s?(?:--?|–|—|\bto\b)\s?\$?", re.IGNORECASE)
#: The sides of a picture or a grid, as "512times512" and "256 x 256".
_SIZE = re.compile(r"\s?\$?\s?(?:x|×|times|\\times)\s?\$?\s?(?=\d)", re.IGNORECASE)
_BEFORE: dict[Bound, str] = {
    "at most": r"no(?:t)? more than|at most|at or below|≤|<=|\\leq?",
    "at least": r"no(?:t)? (?:less|fewer) than|at least|at or above|≥|>=|\\geq?|upwards of",
    "above": r"(?:more|greater|larger|higher|longer|better|faster) than|over|above"
    r"|exceed(?:s|ed|ing)?|beyond|past|surpass(?:es|ed|ing)?|>|\\textgreater|\\gt",
    "below": r"(?:less|fewer|smaller|lower|shorter) than|under|below|within|<|\\textless|\\lt",
    "about": r"about|around|roughly|approximately|nearly|almost|close to|~|∼|≈|\\sim|\\approx",
}
_AFTER: dict[Bound, str] = {
    "at least": r"\+(?!\d)"
    r"|(?: [\w-]+){0,2},? (?:or|and) (?:more|above|over|higher|better|greater|longer|up)\b",
    "at most": r"(?: [\w-]+){0,2},? (?:or|and) (?:less|fewer|below|under|lower|smaller)\b",
}


def _either(ways: dict[Bound, str]) -> str:
    return "|".join(f"(?P<{bound.replace(' ', '_')}>{words})" for bound, words in ways.items())


_BOUND_BEFORE = re.compile(
    rf"(?<![A-Za-z])(?:{_either(_BEFORE)})(?: about| nearly)?(?: in| an?)?[\s${{}}(~]*$",
    re.IGNORECASE,
)
_BOUND_AFTER = re.compile(_either(_AFTER), re.IGNORECASE)
#: Characters before a figure in which its bound stands.
_REACH = 24


@dataclass(frozen=True, slots=True)
class Quantity:
    """A figure, or the range from `low` to `high`, exactly as it stands at `text[start:end]`.

    In `unit`: percent, point, times, second, byte and so on; empty for a plain number.
    """

    text: str
    start: int
    end: int
    low: float
    high: float
    unit: str
    bound: Bound


def quantities_in(text: str) -> Iterator[Quantity]:
    """Yield the quantities in `text`, in order; none overlaps another."""
    at = 0
    while True:
        figure, share = _FIGURE.search(text, at), _SHARE.search(text, at)
        if share and (figure is None or share.start() <= figure.start()):
            yield _of_a_share(text, share)
            at = share.end()
        elif figure:
            quantity, at = _of_a_figure(text, figure)
            if quantity:
                yield quantity
        else:
            return


def _of_a_share(text: str, match: re.Match[str]) -> Quantity:
    word = (match["share"] or match["half"] or match["factor"]).lower()
    if match["factor"]:
        value, unit = next(n for start, n in _FACTORS.items() if word.startswith(start)), "times"
    else:
        value = next(share for start, share in _SHARES.items() if word.startswith(start))
        value, unit = value * _NUMBERS[(match["many"] or "one").lower()], "percent"
    return _quantity(text, *match.span(), low=value, high=value, unit=unit)


def _of_a_figure(text: str, match: re.Match[str]) -> tuple[Quantity | None, int]:
    """Return the quantity that begins with a figure, if it is one, and where to read on."""
    if size := _SIZE.match(text, match.end()):
        beyond = _FIGURE.match(text, size.end())
        # "$10^2 \\times$ to" has no second side.
        return None, beyond.end() if beyond else size.end() + 1
    low = high = _value(match)
    unit, factor, end = unit_at(text, match.end()) or ("", 1.0, match.end())
    if ranged := _range(text, match, unit, factor, end):
        return ranged, ranged.end
    word = (match["word"] or "").lower()
    if word in _VAGUE and not unit and not match["long"]:
        return None, match.end()
    if re.match(r"[A-Za-z_]", text[end : end + 1]) and not unit and match["digits"]:
        return None, end
    return _quantity(text, match.start(), end, low=low * factor, high=high * factor, unit=unit), end


def _range(text: str, match: re.Match[str], unit: str, factor: float, end: int) -> Quantity | None:
    """Return the range that begins with a figure that ends at `end`, if one does."""
    joint = _RANGE.match(text, end)
    upper = _FIGURE.match(text, joint.end()) if joint else None
    if upper is None or upper["word"] or _SIZE.match(text, upper.end()):
        return None
    last, scale, end = unit_at(text, upper.end()) or (unit, factor, upper.end())
    low, high = _value(match), _value(upper)
    # "6.5-8%" and "1-2 million": what is said once holds of both.
    if upper["scale"] and not match["scale"]:
        low *= high / _bare(upper)
    low, high = low * (factor if unit else scale), high * scale
    if unit not in ("", last) or low > high:
        return None
    return _quantity(text, match.start(), end, low=low, high=high, unit=last)


def _bare(match: re.Match[str]) -> float:
    return float(re.sub(r"[,{}]", "", match["digits"]))


def _value(match: re.Match[str]) -> float:
    if match["power"]:
        return 10.0 ** int(match["power"])
    scale = (match["scale"] or match["long"] or "").strip(" -").lower()
    factor = _SCALES.get(scale) or _SCALES.get(scale.rstrip("s"), 1.0)
    if match["word"]:
        return _NUMBERS[match["word"].lower()] * factor
    return _bare(match) * factor


def _quantity(text: str, start: int, end: int, *, low: float, high: float, unit: str) -> Quantity:
    if unit == "magnitude":
        low, high, unit = 10.0**low, 10.0**high, "times"
    before = _BOUND_BEFORE.search(text, max(0, start - _REACH), start)
    after = _BOUND_AFTER.match(text, end)
    found = (after or before) if not (before and before.lastgroup != "about") else before
    bound = (found.lastgroup or "exact").replace("_", " ") if found else "exact"
    return Quantity(text[start:end], start, end, low, high, unit, bound)  # type: ignore[arg-type]
