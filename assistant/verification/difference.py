"""Difference: what of an answer is another when its question is asked again, and why."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from pydantic import BaseModel, ConfigDict, computed_field

from assistant.answer import Answer, Citation, Quote, Status

#: Decimals of a confidence that people are shown; what is the same to these is the same.
DECIMALS = 2

#: What became of a cited paper. `changed`: its abstract is another; `removed`, `added`: the corpus
#: no longer holds it, or did not hold it before; `uncited`, `cited`: only the answer's choice.
Change = Literal["changed", "removed", "added", "uncited", "cited"]

# A quote is its paper and its text; where an abstract repeats itself, also which of them it is.
_Key = tuple[str, str, int]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class PlacedQuote(_Part):
    """A quote and its place in each answer, from 1, or None where it is not in it."""

    paper_id: str
    text: str
    before: int | None = None
    after: int | None = None


class PaperChange(_Part):
    """A cited paper and what became of it."""

    paper_id: str
    title: str
    change: Change


class Difference(_Part):
    """What differs between two answers to a question; of each pair the earlier answer's is first.

    `snapshot`, `version` and `papers_searched` are no differences of the answers, but tell where
    these may come from.
    """

    id: str | None
    question: str
    status: tuple[Status, Status]
    confidence: tuple[float, float]
    added: tuple[PlacedQuote, ...]
    removed: tuple[PlacedQuote, ...]
    moved: tuple[PlacedQuote, ...]
    papers: tuple[PaperChange, ...]
    papers_searched: tuple[int, int]
    snapshot: tuple[str, str]
    version: tuple[str, str]

    @computed_field  # type: ignore[prop-decorator]
    @property
    def same(self) -> bool:
        """Whether both give the same quotes in the same order, as surely, from the same texts."""
        one, other = (round(confidence, DECIMALS) for confidence in self.confidence)
        quotes = self.added or self.removed or self.moved
        return not (quotes or self.papers) and one == other and len(set(self.status)) == 1


class Comparison(_Part):
    """The differences of many answers, and the questions that only one side was asked."""

    differences: tuple[Difference, ...]
    only_before: tuple[str, ...] = ()
    only_after: tuple[str, ...] = ()

    @computed_field  # type: ignore[prop-decorator]
    @property
    def same(self) -> bool:
        """Whether the same questions got the same answers."""
        alone = self.only_before or self.only_after
        return not alone and all(one.same for one in self.differences)


@dataclass(frozen=True, slots=True)
class Stock:
    """What a corpus holds of the cited papers: its snapshot, and the abstracts' SHA-256 by id."""

    snapshot: str
    abstracts: Mapping[str, str]


def compare(
    before: Sequence[Answer], after: Sequence[Answer], *, stock: Stock | None = None
) -> Comparison:
    """Return the differences of the answers to the same questions, by id and text, in order.

    A question asked several times is compared time by time.
    """
    earlier, later = _asked(before), _asked(after)
    return Comparison(
        differences=tuple(
            difference(earlier[key], later[key], stock=stock) for key in earlier if key in later
        ),
        only_before=tuple(earlier[key].question for key in earlier if key not in later),
        only_after=tuple(later[key].question for key in later if key not in earlier),
    )


def difference(before: Answer, after: Answer, *, stock: Stock | None = None) -> Difference:
    """Return what differs between two answers to a question.

    `stock` tells what the corpus holds: that of the earlier answer, where the snapshot is the
    earlier answer's alone, else that of the later one. Without it, papers that only one of them
    cites are `cited` or `uncited`.
    """
    one, other = _keyed(before.quotes), _keyed(after.quotes)
    return Difference(
        id=after.id,
        question=after.question,
        status=(before.status, after.status),
        confidence=(before.confidence, after.confidence),
        added=tuple(_placed(key, one, other) for key in other if key not in one),
        removed=tuple(_placed(key, one, other) for key in one if key not in other),
        moved=tuple(_placed(key, one, other) for key in _moved(one, other)),
        papers=tuple(_papers(before, after, stock)),
        papers_searched=(before.coverage.papers_searched, after.coverage.papers_searched),
        snapshot=(before.snapshot, after.snapshot),
        version=(before.version, after.version),
    )


def _asked(answers: Iterable[Answer]) -> dict[tuple[str | None, str, int], Answer]:
    times: Counter[tuple[str | None, str]] = Counter()
    asked = {}
    for answer in answers:
        key = (answer.id, answer.question)
        asked[*key, times[key]] = answer
        times[key] += 1
    return asked


def _keyed(quotes: Iterable[Quote]) -> dict[_Key, int]:
    """Return the place of each quote, from 1."""
    times: Counter[tuple[str, str]] = Counter()
    keyed = {}
    for place, quote in enumerate(quotes, 1):
        key = (quote.paper_id, quote.text)
        keyed[*key, times[key]] = place
        times[key] += 1
    return keyed


def _placed(key: _Key, before: Mapping[_Key, int], after: Mapping[_Key, int]) -> PlacedQuote:
    paper_id, text, _ = key
    return PlacedQuote(paper_id=paper_id, text=text, before=before.get(key), after=after.get(key))


def _moved(before: Mapping[_Key, int], after: Mapping[_Key, int]) -> list[_Key]:
    """Return the quotes of both that stand in another order among themselves, as few as may be."""
    one = [key for key in before if key in after]
    other = [key for key in after if key in before]
    blocks = SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks()
    kept = {key for block in blocks for key in other[block.b : block.b + block.size]}
    return [key for key in other if key not in kept]


def _papers(before: Answer, after: Answer, stock: Stock | None) -> Iterator[PaperChange]:
    earlier = {citation.paper_id: citation for citation in before.citations}
    later = {citation.paper_id: citation for citation in after.citations}
    is_earlier = stock is not None and stock.snapshot == before.snapshot != after.snapshot
    held = stock.abstracts if stock else None
    for paper_id, citation in {**earlier, **later}.items():
        one, other = earlier.get(paper_id), later.get(paper_id)
        change: Change | None
        if one and other:
            change = "changed" if one.abstract_sha256 != other.abstract_sha256 else None
        elif one:
            change = _against(one, None if is_earlier else held, gone="removed", here="uncited")
        else:
            change = _against(citation, held if is_earlier else None, gone="added", here="cited")
        if change:
            yield PaperChange(paper_id=paper_id, title=citation.title, change=change)


def _against(
    citation: Citation, held: Mapping[str, str] | None, *, gone: Change, here: Change
) -> Change:
    """Return what became of a paper that only one answer cites, by what the other's corpus held."""
    if held is None:
        return here
    if citation.paper_id not in held:
        return gone
    return here if held[citation.paper_id] == citation.abstract_sha256 else "changed"
