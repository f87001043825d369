"""Dates: when papers are of, as questions say it: "March 2024", "since 2020", "before 2023"."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

_MONTHS = "january february march april may june july august september october november december"
_MONTH = "|".join([*(f"{month[:3]}(?:{month[3:]})?" for month in _MONTHS.split()), "sept"])
#: A month, perhaps with a day, and no year, as listings print it: "Jul 31", "31 July".
MONTH_AND_DAY = (
    rf"(?:the )?(?:(?P<before>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?)?(?P<month>{_MONTH})\.?"
    r"(?:\s+(?:the\s+)?(?P<after>\d{1,2})(?:st|nd|rd|th)?)?"
)
_DATE = re.compile(
    rf"(?:the (?:year|month of) )?(?:(?P<month>{_MONTH})\.?,?\s+(?:of\s+)?)?(?P<year>(?:19|20)\d\d)"
    r"(?P<rest>(?:-\d\d){0,2})(?![\w-])[\s,]*",
    re.IGNORECASE,
)
_UP_TO = re.compile(r"(?:and|to|until|till|through|-|–)\s+", re.IGNORECASE)
_ONWARDS = re.compile(r"(?:onwards?\b|on(?=$| on\b| about\b))\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Dates:
    """What some words say: dates as Filters takes them, both included, and the words `behind`."""

    since: str | None
    until: str | None
    behind: str


def date_at(text: str) -> Dates | None:
    """Return the year, month or day that `text` opens with, or None where it opens with none."""
    match = _DATE.match(text)
    if match is None:
        return None
    day = match["year"] + match["rest"]
    if match["month"]:
        names = [name[:3] for name in _MONTHS.split()]
        day = f"{match['year']}-{names.index(match['month'][:3].lower()) + 1:02}"
    try:
        date.fromisoformat(day + "-01-01"[len(day) - 4 :])
    except ValueError:
        return None
    return Dates(day, day, text[match.end() :])


def dates_at(text: str) -> Dates | None:
    """Return the dates that `text` opens with behind a preposition: "since", "between ... and"."""
    word, _, rest = text.partition(" ")
    way, first = word.lower(), date_at(rest.lstrip())
    if first is None or first.since is None:
        return None
    day, behind = first.since, first.behind
    if way in ("between", "from") and (joined := _UP_TO.match(behind)):
        last = date_at(behind[joined.end() :])
        if last and last.until and day[: len(last.until)] <= last.until:
            return Dates(day, last.until, last.behind)
    onwards = _ONWARDS.match(behind)
    if way == "since" or (way == "from" and onwards):
        return Dates(day, None, behind[onwards.end() :] if onwards else behind)
    if way == "after":
        return Dates(_shifted(day, 1), None, behind)
    if way == "before":
        return Dates(None, _shifted(day, -1), behind)
    if way == "until":
        return Dates(None, day, behind)
    return first if way in ("in", "from", "of", "during") else None


def _shifted(day: str, step: int) -> str:
    """Return the year, month or day that comes `step` later."""
    if len(day) == len("2024"):
        return str(int(day) + step)
    if len(day) == len("2024-03"):
        year, month = divmod(int(day[:4]) * 12 + int(day[5:]) - 1 + step, 12)
        return f"{year}-{month + 1:02}"
    return (date.fromisoformat(day) + timedelta(days=step)).isoformat()
