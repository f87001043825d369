"""Filters: what narrows a search; and what makes a question one that can be asked."""

from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from store.corpus import Corpus
from store.days import Day
from store.errors import QuestionError

#: Characters of the longest question that is taken.
LONGEST_QUESTION = 2000


class Filters(BaseModel):
    """Limits on the papers searched; every one given must hold, within one any value may.

    None is a limit not given; one given without any value lets nothing pass. Dates are ISO 8601,
    perhaps without day or month ("2024", "2024-03"), both ends included. A paper that is itself
    dated so passes where it may lie in the range; one without a date is outside any. Upper and
    lower case are one in names, which are otherwise compared whole; an author may be called by the
    last name alone, or behind an initial.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    since: Day | None = Field(
        default=None, description="Published then or later: a year, a month or a day, as 2024-03."
    )
    until: Day | None = Field(
        default=None, description="Published then or earlier: a year, a month or a day."
    )
    venues: tuple[str, ...] | None = Field(default=None, description="Published at one of these.")
    categories: tuple[str, ...] | None = Field(default=None, description="Of one, as cs.CL.")
    sources: tuple[str, ...] | None = Field(
        default=None, description="From one of these, as the papers were added."
    )
    authors: tuple[str, ...] | None = Field(
        default=None, description="By one of these: whole names, or last names alone."
    )
    paper_ids: tuple[str, ...] | None = Field(default=None, description="One of these papers.")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.since and self.until and self.since[: len(self.until)] > self.until:
            raise ValueError(f"since {self.since!r} is later than until {self.until!r}")
        return self

    def matching(self, corpus: Corpus) -> frozenset[str] | None:
        """Return the ids of the papers that pass, or None where nothing is filtered."""
        return corpus.select(**self.model_dump()) if self != Filters() else None

    def and_also(self, other: "Filters", corpus: Corpus) -> "Filters":
        """Return the filters that papers pass which pass these and the `other` ones.

        What both limit in different ways, and one limit cannot say, is said by the papers' ids.
        """
        mine, more = self.model_dump(exclude_none=True), other.model_dump(exclude_none=True)
        unlike = {name for name in mine.keys() & more.keys() if mine[name] != more[name]}
        both = {name: value for name, value in (mine | more).items() if name not in unlike}
        if "since" in unlike:
            both["since"] = max(mine["since"], more["since"])
        if "until" in unlike:
            both["until"] = min(mine["until"], more["until"], key=lambda day: f"{day:~<10}")
        since, until = both.get("since"), both.get("until")
        if since and until and since[: len(until)] > until:
            return Filters(paper_ids=())
        if unlike - {"since", "until"}:
            passing = corpus.select(**mine) & corpus.select(**more)
            both["paper_ids"] = tuple(sorted(passing))
        return Filters(**both)


def filters_of(**given: Any) -> Filters:
    """Return the filters given; raise QuestionError where one cannot be used."""
    try:
        return Filters(**given)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in ("filters", *first["loc"]))
        reason = first["msg"].removeprefix("Value error, ")
        raise QuestionError(f"{where}: {reason}") from error


def checked(question: str) -> str:
    """Return the question without blanks around it; raise QuestionError if it cannot be asked."""
    text = question.strip()
    try:
        question.encode("utf-8")
    except UnicodeEncodeError as error:
        raise QuestionError(
            f"the question is not text at character {error.start + 1}; type it in UTF-8"
        ) from error
    if not any(character.isalnum() for character in text):
        raise QuestionError("the question holds no word; type one, for example: What is BM25?")
    if len(question) > LONGEST_QUESTION:
        raise QuestionError(
            f"the question has {len(question):,} characters, "
            f"more than {LONGEST_QUESTION:,}; shorten it"
        )
    return text
