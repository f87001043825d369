"""Day: a date as it is asked for, a year, a month or a day."""

import calendar
import re
from datetime import date
from typing import Annotated

from pydantic import AfterValidator


def checked_day(text: str) -> str:
    """Return an ISO 8601 day, or the month or year of one; raise ValueError if it is none."""
    try:
        if not re.fullmatch(r"\d{4}(-\d\d){0,2}", text):
            raise ValueError
        date.fromisoformat(text + "-01-01"[len(text) - 4 :])
    except ValueError as error:
        raise ValueError(f"{text!r} is no date; give YYYY, YYYY-MM or YYYY-MM-DD") from error
    return text


def first_day(text: str) -> date:
    """Return the first day of a year, month or day."""
    return date.fromisoformat(text + "-01-01"[len(text) - 4 :])


def last_day(text: str) -> date:
    """Return the last day of a year, month or day."""
    first = first_day(text)
    month = first.month if len(text) > len("2024") else 12
    end = calendar.monthrange(first.year, month)[1]
    return first if len(text) > len("2024-03") else first.replace(month=month, day=end)


Day = Annotated[str, AfterValidator(checked_day)]
