"""Units: how abstracts write them, and what each comes to in the one that it is counted in."""

import re

#: A unit by the one that it is counted in: how many of that it is, and the ways to write it.
_WAYS: tuple[tuple[str, float, str], ...] = (
    ("percent", 1, r"\\?% | per ?cent"),
    ("point", 1, r"percentage points? | percent points? | points? | pts? | pp"),
    # Not between two figures, where it makes a size: "256x256", "512times512".
    ("times", 1, r"(?: \$?\\times\$? | (?:times|x|×) )(?!\s?\d) | -?fold"),
    ("magnitude", 1, r"orders?[ ]of[ ]magnitude"),
    ("second", 1, r"s | secs? | seconds?"),
    ("second", 1e-3, r"ms | msecs? | milliseconds?"),
    ("second", 1e-6, r"[µμu]s | microseconds?"),
    ("second", 60, r"mins? | minutes?"),
    ("second", 3600, r"h | hrs? | hours?"),
    ("second", 86_400, r"days?"),
    ("second", 604_800, r"weeks?"),
    ("second", 2_629_800, r"months?"),
    ("second", 31_557_600, r"years?"),
    ("byte", 1, r"bytes?"),
    ("byte", 1e3, r"KB | kilobytes?"),
    ("byte", 1e6, r"Mi?B | megabytes?"),
    ("byte", 1e9, r"Gi?B | gigabytes?"),
    ("byte", 1e12, r"Ti?B | terabytes?"),
    ("bit", 1, r"bits?"),
    ("hertz", 1, r"fps | hz | hertz | frames?[ ]per[ ]second"),
    ("hertz", 1e3, r"khz"),
    ("hertz", 1e6, r"mhz"),
    ("hertz", 1e9, r"ghz"),
    ("decibel", 1, r"db"),
    ("metre/second", 1, r"m/s | met(?:er|re)s?[ ]per[ ]second"),
    ("metre/second", 1e-2, r"cm/s"),
    ("metre/second", 1e-3, r"mm/s"),
    ("metre/second", 1 / 3.6, r"km/h"),
    ("metre", 1, r"met(?:er|re)s?"),
    ("metre", 1e3, r"kms? | kilomet(?:er|re)s?"),
    ("metre", 1e-2, r"cm | centimet(?:er|re)s?"),
    ("metre", 1e-3, r"mm | millimet(?:er|re)s?"),
    ("metre", 1e-6, r"[µμu]m | micromet(?:er|re)s? | microns?"),
    ("metre", 1e-9, r"nm | nanomet(?:er|re)s?"),
    ("newton metre", 1, r"N·?m"),
    ("newton metre", 1e-3, r"mN·?m"),
    ("newton metre", 1e-9, r"nN·?m"),
    ("watt", 1, r"W | watts?"),
    ("watt", 1e-3, r"mW"),
    ("watt", 1e3, r"kW"),
    ("gram", 1e3, r"kg"),
    ("degree", 1, r"° | degrees?"),
    ("flop", 1e6, r"MFLOPs?"),
    ("flop", 1e9, r"G[ ]?FLOPs?"),
    ("flop", 1e12, r"T[ ]?FLOPs?"),
)
#: What is told from something else by its capitals alone.
_CASED = frozenset({"metre", "newton metre", "watt", "byte", "flop"})
#: What may stand between a figure and its unit.
_GAP = r"(?:[ \t\u00a0]|\\,|-)?"
_UNIT = re.compile(
    rf"{_GAP}(?:"
    + "|".join(
        f"(?P<u{at}>(?-i:{ways}))" if unit in _CASED else f"(?P<u{at}>{ways})"
        for at, (unit, _, ways) in enumerate(_WAYS)
    )
    + r")(?![\w/])",
    re.IGNORECASE | re.VERBOSE,
)


def unit_at(text: str, at: int) -> tuple[str, float, int] | None:
    """Return the unit that a figure ending at `at` has: its name, its factor, and where it ends."""
    match = _UNIT.match(text, at)
    if not match or not match.lastgroup:
        return None
    unit, factor, _ = _WAYS[int(match.lastgroup[1:])]
    return unit, factor, match.end()
