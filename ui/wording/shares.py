"""Shares: why a quote was chosen, in words for a reader."""

from dataclasses import dataclass

from assistant.answer import Why
from assistant.evidence.explain import group_of

#: What each share of a score is called, in the order shown.
LABELS = {
    "lexical": "shared words",
    "dense": "close in meaning",
    "wording": "form of the sentence",
    "paper": "rank of its paper",
    "reranker": "second reading",
    "base": "to begin with",
}


@dataclass(frozen=True, slots=True)
class Share:
    """What one sort of evidence added to the log-odds, and its features, the weightiest first."""

    label: str
    value: float
    features: tuple[tuple[str, float], ...] = ()


def shares(why: Why) -> list[Share]:
    """Return the shares of a score that are not zero; they sum to its log-odds."""
    features = sorted((why.features or {}).items(), key=lambda item: (-abs(item[1]), item[0]))
    found = []
    for name, label in LABELS.items():
        own = tuple(item for item in features if group_of(item[0]) == name)
        if value := getattr(why, name):
            found.append(Share(label, value, own))
    return found
