"""Dates as records write them, made ISO 8601: a year, a month or a day."""

import re
from collections.abc import Mapping
from email.utils import parsedate
from typing import Any

#: An ISO 8601 date, or the year or the month of one; a time after it is left off.
_ISO = re.compile(r"(\d{4}(?:-\d{2})?)|(\d{4}-\d{2}-\d{2})(?:[T ].*)?", re.DOTALL)
#: A date as English writes it, "March 8, 2024".
_ENGLISH = re.compile(r"([A-Za-z]{3,9})\.? (\d{1,2}), (\d{4})")
#: The parts of a date in the order year, month, day, as in "2024/03/11" and "2024 Mar 11".
_PARTS = re.compile(
    r"(\d{4})(?:[/ -]([A-Za-z]{3,9}|\d{1,2}))?(?:[/ -](\d{1,2}))?\b[/ ]*.*", re.DOTALL
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def iso_date(value: Any) -> str | None:
    """Return a date as far as it is known; what is no date is None.

    Understood are ISO 8601, the dates of RIS and PubMed, those of e-mail ("Mon, 11 Mar 2024
    09:30:00 GMT"), years as numbers, and CSL's `{"date-parts": [[2024, 3, 11]]}`.
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return iso_date(str(value))
    if isinstance(value, Mapping):
        parts = value.get("date-parts")
        first = parts[0] if isinstance(parts, list) and parts else None
        return date_of(*first[:3]) if isinstance(first, list) and first else None
    if not isinstance(value, str):
        return None
    value = value.strip()
    if match := _ISO.fullmatch(value):
        return match[1] or match[2]
    if match := _ENGLISH.fullmatch(value):
        month, day, year = match.groups()
        return date_of(year, month, day)
    if match := _PARTS.fullmatch(value):
        return date_of(*match.groups())
    mail = parsedate(value) if "," in value else None
    return date_of(*mail[:3]) if mail else None


def date_of(year: Any, month: Any = None, day: Any = None) -> str | None:
    """Return an ISO date of its parts, numbers or text, as far as they are usable."""
    if not re.fullmatch(r"\d{4}", str(year)):
        return None
    number = _month(str(month or ""))
    if number is None:
        return str(year)
    known = re.fullmatch(r"0?([1-9])|([12]\d|3[01])", str(day or ""))
    return f"{year}-{number:02}" + (f"-{int(known[0]):02}" if known else "")


def _month(text: str) -> int | None:
    if text.isdecimal() and len(text) <= 2:
        return int(text) if 1 <= int(text) <= 12 else None
    start = text[:3].casefold()
    return _MONTHS.index(start) + 1 if start in _MONTHS else None
