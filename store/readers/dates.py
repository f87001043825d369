"""Dates as records write them, made ISO 8601: a year, a month or a day."""

import re
from calendar import monthrange
from collections.abc import Mapping
from typing import Any

_MONTH = r"(?P<month>[A-Za-z]{3,9}|\d{1,2})"
_YEAR = r"(?P<year>[12]\d{3})"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
#: The last of several days, of which the first counts.
_UNTIL = r"(?: ?[-–] ?\d{1,2}(?:st|nd|rd|th)?)?"
#: How libraries mark a year that they infer, or that is the copyright's.
_INFERRED = re.compile(r"[\[(]?(?:[Cc]\.? ?(?=\d)|© ?)?")
#: The forms of a date, in the order in which they are tried; what follows one is left off.
_FORMS = tuple(
    re.compile(form + r"(?!\d)")
    for form in (
        # 2024-03-08T09:30:00Z, 2024/03/08/, 2024 Mar 8, 2024-03, 2024.
        rf"{_YEAR}(?:[-/. ]{_MONTH}\b\.?(?:[-/. ](?P<day>\d{{1,2}})(?!\d))?)?",
        r"(?P<year>[12]\d{3})(?P<month>\d\d)(?P<day>\d\d)",
        # March 8, 2024; May 5-7, 2024; Mar. 2024; Spring 2024.
        rf"(?P<month>[A-Za-z]{{3,9}})\.?(?:[ -]{_DAY}{_UNTIL})?,?[ -]{_YEAR}",
        # 8 March 2024; 8th of March 2024; 5-7 May 2024; 08-Mar-2024; Mon, 11 Mar 2024.
        rf"(?:\w+, ?)?{_DAY}{_UNTIL}(?: of)?[ -](?P<month>[A-Za-z]{{3,9}})\.?,?[ -]{_YEAR}",
        # 03/2024, but no DOI, and months from one to another.
        rf"(?P<month>\d{{1,2}})[-/.]{_YEAR}(?!/)",
        rf"(?P<month>[A-Za-z]{{3,9}})\.? ?[-/–] ?[A-Za-z]{{3,9}}\.?,? {_YEAR}",
    )
)
#: Characters of a text that are looked at.
_LONGEST = 200
#: A day and a month of which either may stand first.
_EITHER = re.compile(rf"(\d{{1,2}})[/.-](\d{{1,2}})[/.-]{_YEAR}(?!\d)")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def iso_date(value: Any) -> str | None:
    """Return a date as far as it is known; what is no date is None.

    Understood are ISO 8601, the dates of RIS and PubMed, those of e-mail ("Mon, 11 Mar 2024
    09:30:00 GMT"), English ones, numbers, and CSL's `{"date-parts": [[2024, 3, 11]]}`. Of
    "03/08/2024", which is one day here and another there, the year is known.
    """
    if isinstance(value, Mapping):
        return _of_csl(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        # Of more digits than 20240308 it is no date, and may be more than can be written.
        value = f"{value:.0f}" if 0 < value < 10**8 else None
    if not isinstance(value, str):
        return None
    value = _INFERRED.sub("", " ".join(value[:_LONGEST].split()), count=1)
    if match := _EITHER.match(value):
        return _of_either(int(match[1]), int(match[2]), match["year"])
    match = next(filter(None, (form.match(value) for form in _FORMS)), None)
    parts = match.groupdict() if match else {}
    return date_of(parts.get("year"), parts.get("month"), parts.get("day"))


def first_date(*values: Any) -> str | None:
    """Return the first of these that is a date.

    One without a year, as "MAR 8", is of the year that is another's.
    """
    found = next(filter(None, map(iso_date, values)), None)
    if found and len(found) == len("2024"):
        days = (value for value in values if isinstance(value, str) and value[:1].isalpha())
        within = (iso_date(f"{found} {day}") for day in days if not iso_date(day))
        return max([found, *filter(None, within)], key=len)
    return found


def date_of(year: Any, month: Any = None, day: Any = None) -> str | None:
    """Return an ISO date of its parts, numbers or text, as far as they are usable."""
    if not re.fullmatch(r"[12]\d{3}", str(year)):
        return None
    number = _month(str(month or ""))
    if number is None:
        return str(year)
    digits = str(day or "")
    known = digits.isdecimal() and 1 <= int(digits) <= monthrange(int(year), number)[1]
    return f"{year}-{number:02}" + (f"-{int(digits):02}" if known else "")


def _of_csl(value: Mapping[str, Any]) -> str | None:
    parts = value.get("date-parts")
    first = parts[0] if isinstance(parts, list) and parts else None
    if isinstance(first, list) and first:
        return date_of(*first[:3])
    said = value.get("raw") or value.get("literal")
    return iso_date(said) if isinstance(said, str) else None


def _of_either(first: int, second: int, year: str) -> str | None:
    """Return the date of a day and a month, in the one order in which they are both."""
    dates = {date_of(year, first, second), date_of(year, second, first)}
    full = [date for date in dates if date and len(date) == len("2024-03-08")]
    return full[0] if len(full) == 1 else year


def _month(text: str) -> int | None:
    if text.isdecimal() and len(text) <= 2:
        return int(text) if 1 <= int(text) <= 12 else None
    start = text[:3].casefold()
    return _MONTHS.index(start) + 1 if start in _MONTHS else None
