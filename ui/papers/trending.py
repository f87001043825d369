"""Trending: the papers most voted for, or most cited in answers, over the last days."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

from assistant.answer import Answer
from store.corpus import Corpus
from store.errors import StoreError
from store.papers import Paper
from store.popularity import Order, Popularity, Standing
from ui.papers.voting import today

#: Papers shown, and the days that can be looked back over, the first unless another is asked for.
SHOWN = 30
PERIODS = (7, 30, 365)

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Span:
    """What to rank by, over how many days."""

    by: Order = "votes"
    days: int = PERIODS[0]

    @classmethod
    def of(cls, parameters: Mapping[str, str]) -> Self:
        """Return what the query of an address says; what makes no sense is left out."""
        days = {str(days): days for days in PERIODS}.get(parameters.get("days", ""), PERIODS[0])
        return cls("citations" if parameters.get("by") == "citations" else "votes", days)

    def address(self, *, by: Order | None = None, days: int | None = None) -> str:
        """Return the address of this span with changes."""
        return f"/papers/trending?by={by or self.by}&days={days or self.days}"


def trending(
    corpus: Corpus, popularity: Popularity, span: Span, *, on: date
) -> list[tuple[Paper, Standing]]:
    """Return the papers of the corpus that lead on that day, first of all the one with most."""
    popularity.follow(corpus)
    found = popularity.trending(since=on - timedelta(days=span.days - 1), by=span.by)
    # A paper may have been removed since, so more are looked up than are shown.
    papers = corpus.get([paper_id for paper_id, _ in found[: 2 * SHOWN]])
    return [(papers[one], standing) for one, standing in found if one in papers][:SHOWN]


def count_citations(popularity: Popularity) -> Callable[[Answer], None]:
    """Return what counts the papers that an answer cites, and keeps nothing else of it."""

    def count(answer: Answer) -> None:
        try:
            popularity.note_cited((one.paper_id for one in answer.citations), on=today())
        except StoreError as error:
            # An answer that could be given is given.
            _log.warning("Citations are not counted: %s", error)

    return count
