"""Collection: what a corpus is, in a few figures, for somebody who has asked it nothing yet."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from store.columns import day_of_year
from store.corpus import Corpus

#: The venues, categories or sources named, those of most papers first.
NAMED = 3


@dataclass(frozen=True, slots=True)
class Collection:
    """How many papers there are, from when and where, and when one was last added.

    `published` and `listed` hold the earliest and the latest date, where any is known; a listing's
    day names no year. `named` holds the values of most papers in the first of the columns venue,
    categories and source that has any, with their papers, of `values` in all.
    """

    papers: int
    published: tuple[str, str] | None = None
    listed: tuple[str, str] | None = None
    column: str = ""
    named: tuple[tuple[str, int], ...] = ()
    values: int = 0
    added: str | None = None

    @classmethod
    def of(cls, corpus: Corpus) -> Self:
        """Return the figures of a corpus as it is now."""
        counted = corpus.browse(k=0).facets
        column = next((one for one in ("venue", "categories", "source") if counted[one]), "")
        held = counted[column] if column else {}
        published, listed = sorted(counted["published"]), sorted(counted["listed"], key=day_of_year)
        return cls(
            papers=len(corpus),
            published=(published[0], published[-1]) if published else None,
            listed=(listed[0], listed[-1]) if listed else None,
            column=column,
            named=_most(held),
            values=len(held),
            added=corpus.last_added,
        )


def _most(papers: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(papers.items(), key=lambda pair: (-pair[1], pair[0].casefold()))[:NAMED])
