"""Draft: what an answer is made of, before its citations are numbered."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from assistant.answer import Count, Kind, Matching, SideState
from assistant.evidence.availability import Availability
from assistant.evidence.evidence import Evidence


@dataclass(frozen=True, slots=True)
class Chosen:
    """A sentence to quote, the heading that it stands under, and what it says of a resource."""

    evidence: Evidence
    heading: str | None = None
    availability: Availability | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """The sentences chosen for an answer of a kind, in reading order; none where it abstains.

    `sides` says what became of each thing that was to be compared; `unknown_id` is that of a paper
    which was asked for and is not there, `count` a figure about the collection.
    """

    kind: Kind
    confidence: float
    chosen: Sequence[Chosen] = ()
    matching: Matching | None = None
    sides: Mapping[str, SideState] = field(default_factory=dict)
    unknown_id: str | None = None
    count: Count | None = None


def grouped(chosen: Iterable[Chosen]) -> list[Chosen]:
    """Return each sentence once, those under one heading together, as the headings first come."""
    once: dict[tuple[str, int], Chosen] = {}
    for item in chosen:
        sentence = item.evidence.sentence
        once.setdefault((sentence.paper.id, sentence.index), item)
    headings = list(dict.fromkeys(item.heading for item in once.values()))
    return sorted(once.values(), key=lambda item: headings.index(item.heading))
