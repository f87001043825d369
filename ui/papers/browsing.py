"""Browsing: the papers of a choice, newest first or best first, and how to narrow it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from assistant.query import checked
from assistant.retrieval.ranking import retrieve
from store.columns import day_of_year
from store.corpus import Corpus
from store.papers import Paper
from ui.papers.choice import Choice
from ui.papers.pages import when
from ui.wording.dates import dated

#: Papers on a page.
PAGE = 25
#: Papers that a search shows, the best first, and how many of them need not hold a word of it.
BEST, NEAREST = 100, 10
#: Values of a facet shown at once, and in all.
SHOWN, LISTED = 8, 300
#: Characters of an ISO 8601 date up to its year, its month, its day.
_PRECISIONS = (4, 7, 10)


@dataclass(frozen=True, slots=True)
class Value:
    """One way to narrow a choice: what it is called, how many papers it leaves, where it leads."""

    name: str
    papers: int
    address: str


@dataclass(frozen=True, slots=True)
class Facet:
    """The ways to narrow a choice by one property; `more` opens when asked for."""

    name: str
    shown: Sequence[Value]
    more: Sequence[Value]


@dataclass(frozen=True, slots=True)
class View:
    """What the page of a choice shows: `total` papers, some of them under each heading.

    `is_found` says whether any paper holds a word of what was searched.
    """

    choice: Choice
    total: int
    groups: Sequence[tuple[str, Sequence[Paper]]]
    facets: Sequence[Facet]
    is_found: bool = True

    @property
    def first(self) -> int:
        """The place of the first paper shown, from 1."""
        return (self.choice.page - 1) * PAGE + 1

    @property
    def is_cut(self) -> bool:
        """Whether a search found as many papers as it shows at most."""
        return bool(self.choice.q) and self.total >= BEST

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return max(1, -(-self.total // PAGE))

    @property
    def papers(self) -> list[Paper]:
        """The papers shown."""
        return [paper for _, papers in self.groups for paper in papers]


def browse(corpus: Corpus, choice: Choice, *, topics: Mapping[str, frozenset[str]]) -> View:
    """Return the page of a choice; `topics` maps the name of each topic to its papers' ids.

    Raises QuestionError where the search cannot be made.
    """
    conditions = choice.conditions()
    if choice.topic:
        conditions["paper_ids"] = topics.get(choice.topic, frozenset())
    if choice.q:
        return _found(corpus, choice, conditions, topics)
    shelf = corpus.browse(k=PAGE, skip=(choice.page - 1) * PAGE, **conditions)
    papers = corpus.get(shelf.paper_ids).values()
    groups = [(name, list(some)) for name, some in groupby(papers, key=when)]
    passing = corpus.select(**conditions) if topics else frozenset()
    return View(choice, shelf.total, groups, _facets(choice, shelf.facets, topics, passing))


def _found(
    corpus: Corpus,
    choice: Choice,
    conditions: Mapping[str, Any],
    topics: Mapping[str, frozenset[str]],
) -> View:
    """Return the page of a search: the papers that hold a word of it, and the nearest in meaning.

    The facets are those of the papers found.
    """
    within = corpus.select(**conditions) if conditions else None
    ranked = retrieve(corpus, checked(choice.q), k=BEST, within=within)
    is_found = any(one.bm25 for one in ranked)
    found = [one.paper_id for one in ranked if one.bm25 or one.rank <= NEAREST]
    skip = (choice.page - 1) * PAGE
    papers = list(corpus.get(found[skip : skip + PAGE]).values())
    heading = "Best matches first" if is_found else "Nearest in meaning"
    shelf = corpus.browse(k=0, **{**conditions, "paper_ids": found})
    facets = _facets(choice, shelf.facets, topics, frozenset(found))
    return View(choice, len(found), [(heading, papers)], facets, is_found)


def _facets(
    choice: Choice,
    counted: Mapping[str, Mapping[str, int]],
    topics: Mapping[str, frozenset[str]],
    passing: frozenset[str],
) -> list[Facet]:
    """Return the ways to narrow a choice, by values counted and by topics of the papers passing."""
    listed = sorted(counted["listed"].items(), key=lambda pair: day_of_year(pair[0]), reverse=True)
    facets = [
        _facet("Published", "date", choice, _dates(choice.date, counted["published"]), dated),
        _facet("Listed", "listed", choice, listed),
        _facet("Venue", "venue", choice, _most(counted["venue"])),
        _facet("Category", "category", choice, _most(counted["categories"])),
        _facet("Source", "source", choice, _most(counted["source"])),
    ]
    if not choice.topic:
        held = {name: count for name, ids in topics.items() if (count := len(ids & passing))}
        facets.append(_facet("Topic", "topic", choice, _most(held)))
    return [facet for facet in facets if facet.shown]


def _facet(
    name: str,
    field: str,
    choice: Choice,
    values: Iterable[tuple[str, int]],
    said: Callable[[str], str] = str,
) -> Facet:
    made = [
        Value(said(value), papers, choice.address(**{field: value}))
        for value, papers in values
        if value != choice.limits.get(field)
    ]
    return Facet(name, made[:SHOWN], made[SHOWN:LISTED])


def _most(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0].casefold()))


def _dates(chosen: str, counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """Return the years, or the months of a chosen year, or its days, the latest first."""
    length = next((one for one in _PRECISIONS if one > len(chosen)), _PRECISIONS[-1])
    found: dict[str, int] = {}
    for day, papers in counts.items():
        if len(day) >= length:
            found[day[:length]] = found.get(day[:length], 0) + papers
    return sorted(found.items(), reverse=True)
