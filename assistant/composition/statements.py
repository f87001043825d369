"""Statements: what is said of an answer around its quotes, in fixed wording."""

from collections.abc import Iterator
from dataclasses import dataclass

from assistant.answer import Answer, Coverage, Matching, SideState
from assistant.query import Filters
from store.lexical import words


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence of ours; `names` are the question's own words, which stand within it."""

    before: str
    names: tuple[str, ...] = ()
    after: str = "."

    def __str__(self) -> str:
        return f"{self.before}{', '.join(self.names)}{self.after}"


def statements(answer: Answer) -> Iterator[Statement]:
    """Yield what must be known to read the answer rightly."""
    if answer.filters and (narrowed := tuple(_narrowed(answer.filters))):
        yield Statement("Searched in papers ", narrowed)
    if answer.matching:
        is_all = answer.matching.weighed >= answer.coverage.papers_searched
        yield Statement(_matching(answer.matching, quoted=len(answer.citations), is_all=is_all))
    if answer.count:
        yield Statement(f"{answer.count.number:,} {answer.count.what}")
    if answer.coverage.unknown_id:
        yield Statement("No paper here has the id ", (answer.coverage.unknown_id,))
    if absent := _sides(answer.coverage, "absent"):
        yield Statement("No abstract mentions ", absent)
    unquoted = _sides(answer.coverage, "unquoted")
    if answer.quotes and unquoted:
        yield Statement("No quote was found that names ", unquoted)


def _narrowed(filters: Filters) -> Iterator[str]:
    """Yield what the filters say of papers; a choice of single papers is shown elsewhere."""
    if filters.authors:
        yield f"by {' or '.join(filters.authors)}"
    if filters.venues:
        yield f"at {' or '.join(filters.venues)}"
    if filters.categories:
        yield f"in {' or '.join(filters.categories)}"
    if filters.sources:
        yield f"from {' or '.join(filters.sources)}"
    if filters.since and filters.since == filters.until:
        yield f"of {filters.since}"
    else:
        if filters.since:
            yield f"since {filters.since}"
        if filters.until:
            yield f"until {filters.until}"


def _matching(matching: Matching, *, quoted: int, is_all: bool) -> str:
    """Return how many of the papers weighed seem to match a list question, and how surely."""
    found, expected = matching.found, round(matching.expected)
    # Nothing is doubted of a list in which every paper should match.
    is_doubted = 0 < expected < quoted
    verb = "may match" if is_doubted else "seems to match" if found == 1 else "seem to match"
    # Of those that were not weighed nothing is known.
    among = "" if is_all else f"of the {matching.weighed} nearest "
    noun = "paper" if is_all and found == 1 else "papers"
    words = f"{found} {among}{noun} {verb}"
    if quoted < found:
        words += f"; the first {quoted} are quoted"
        return words + (f", of which probably about {expected} do" if is_doubted else "")
    return words + (f"; probably about {expected} of them do" if is_doubted else "")


def missing_terms(coverage: Coverage) -> tuple[str, ...]:
    """Return the terms that no abstract holds, but for those that a statement names."""
    if coverage.unknown_id:
        return ()
    named = {word for side in _sides(coverage, "absent") for word in words(side)}
    return tuple(term for term in coverage.missing_terms if term not in named)


def _sides(coverage: Coverage, state: SideState) -> tuple[str, ...]:
    return tuple(name for name, known in coverage.sides.items() if known == state)
