"""Dates as a reader writes them."""

from datetime import date

#: How a date of so many characters is written: a year, a month, a day.
_FORMS = {4: "%Y", 7: "%B %Y", 10: "%d %B %Y"}


def dated(day: str) -> str:
    """Return an ISO 8601 date, perhaps without day or month, in words; any other text as it is."""
    try:
        first = date.fromisoformat(day + "-01-01"[len(day) - 4 :])
        return first.strftime(_FORMS[len(day)]).lstrip("0")
    except (ValueError, KeyError):
        return day
