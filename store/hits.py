"""Hit: what a search returns."""

from collections.abc import Iterable
from dataclasses import dataclass

#: Decimals kept of a score, so that the last bits, which differ between ways of computing the
#: same thing, never decide an order.
DECIMALS = 5


@dataclass(frozen=True, slots=True)
class Hit:
    """One found id; a higher `score` is better, `rank` counts from 1, `source` names the index."""

    id: str
    score: float
    rank: int
    source: str


def rounded(score: float) -> float:
    """Return the score as it is compared and shown."""
    return round(float(score), DECIMALS)


def ranked(scored: Iterable[tuple[str, float]], *, k: int, source: str) -> list[Hit]:
    """Return the `k` best of (id, score) as hits, best first; equals stand in id order."""
    pairs = ((identifier, rounded(score)) for identifier, score in scored)
    best = sorted(pairs, key=lambda pair: (-pair[1], pair[0]))[:k]
    return [
        Hit(identifier, score, rank, source) for rank, (identifier, score) in enumerate(best, 1)
    ]
