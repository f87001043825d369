"""Conditions: what a paper's record must hold for the paper to be selected."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Self

Values = Collection[str] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """Every condition given must hold; of several values any may hold, and of none none does.

    Dates are ISO 8601 prefixes, both ends included; a paper that is dated less exactly passes where
    it may lie between them, and one without a date does not. `published` are dates just as records
    have them, `listed` days as their listings print them; an author may be called by the last name
    alone, or behind an initial. Upper and lower case are one, but in ids.
    """

    since: str | None = None
    until: str | None = None
    venues: Values = None
    categories: Values = None
    sources: Values = None
    authors: Values = None
    published: Values = None
    listed: Values = None
    paper_ids: Values = None

    @classmethod
    def of(cls, *, since: str | None = None, until: str | None = None, **values: Values) -> Self:
        """Return these conditions such that they can be hashed."""
        kept = {name: frozenset(held) for name, held in values.items() if held is not None}
        return cls(since=since, until=until, **kept)

    def columns(self) -> Iterator[tuple[str, Collection[str]]]:
        """Yield each column of names that is limited, with the names that pass, in lower case."""
        given = {
            "venue": self.venues,
            "categories": self.categories,
            "source": self.sources,
            "authors": self.authors,
            "published": self.published,
            "listed": self.listed,
        }
        for column, values in given.items():
            if values is not None:
                yield column, {value.casefold() for value in values}

    def may_be_dated(self, day: str) -> bool:
        """Return whether a paper of this date may lie between `since` and `until`."""
        since, until = self.since, self.until
        return not (
            (since and day[: len(since)] < since[: len(day)])
            or (until and day[: len(until)] > until[: len(day)])
        )
