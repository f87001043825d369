"""Request: which papers a source is asked for; Page: what it answers at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from store.days import checked_day, first_day, last_day
from store.errors import QuestionError
from store.papers import Paper
from store.readers import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Papers by `ids`, or by `query` and by dates, both ends included; at most `limit`.

    A date is a day or the month or year of one. Raises QuestionError where one is none, or where
    `until` ends before `since`.
    """

    ids: tuple[str, ...] = ()
    query: str = ""
    since: str = ""
    until: str = ""
    limit: int = 1000

    def __post_init__(self) -> None:
        try:
            since, until = (day and checked_day(day) for day in (self.since, self.until))
        except ValueError as error:
            raise QuestionError(str(error)) from error
        if since and until and first_day(since) > last_day(until):
            raise QuestionError(f"since {since!r} is later than until {until!r}; swap them")


class Page(NamedTuple):
    """Records in the order of the source, and the position from which the next page begins.

    It is not `whole` where the source has more than it gave.
    """

    records: Sequence[Record]
    next: int
    whole: bool = True


def numbers_of(record: Record) -> list[str]:
    """Return a record's ids without their kinds, as services are asked for them."""
    ids = (record.id, *record.aliases) if isinstance(record, Paper) else record.ids
    return [number for _, _, number in (one.partition(":") for one in ids)]
