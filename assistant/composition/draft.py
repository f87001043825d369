"""Draft: what an answer is made of, before its citations are numbered."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answer import Kind
from assistant.availability import Availability
from assistant.evidence import Evidence


@dataclass(frozen=True, slots=True)
class Chosen:
    """A sentence to quote, the heading that it stands under, and what it says of a resource."""

    evidence: Evidence
    heading: str | None = None
    availability: Availability | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """The sentences chosen for an answer of a kind, in reading order; none where it abstains."""

    kind: Kind
    confidence: float
    chosen: Sequence[Chosen] = ()
