"""Hit: what a search returns."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

#: Decimals kept of a score, so that the last bits, which differ between ways of computing the
#: same thing, never decide an order.
DECIMALS = 5
#: How much further than to where they are expected the hits that pass a filter are looked for.
SPARE = 1.25


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


def reach(k: int, *, passing: int, among: int) -> int:
    """Return how many of the best among all to look at for `k` of the `passing` a filter leaves.

    It is what holds them where those that pass are spread evenly, and a quarter more.
    """
    return min(among, math.ceil(SPARE * k * among / passing)) if passing else among


def ranked(scored: Iterable[tuple[str, float]], *, k: int, source: str) -> list[Hit]:
    """Return the `k` best of (id, score) as hits, best first; equals stand in id order."""
    pairs = ((identifier, rounded(score)) for identifier, score in scored)
    best = sorted(pairs, key=lambda pair: (-pair[1], pair[0]))[:k]
    return [
        Hit(identifier, score, rank, source) for rank, (identifier, score) in enumerate(best, 1)
    ]
