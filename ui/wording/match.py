"""Match: a confidence in plain words, the same wherever an answer is shown."""

from typing import Literal

Match = Literal["strong", "partial", "weak"]

#: The least confidence of a strong and of a partial match; below, a match is weak.
STRONG = 0.8
PARTIAL = 0.5


def match_of(confidence: float) -> Match:
    """Return how well an answer of this `confidence`, from 0 to 1, matches its question."""
    if confidence >= STRONG:
        return "strong"
    return "partial" if confidence >= PARTIAL else "weak"
