"""Hit: what a search returns."""

import math
from collections.abc import Iterable
from typing import NamedTuple

#: Decimals kept of a score, so that the last bits, which differ between ways of computing the
#: same thing, never decide an order.
DECIMALS = 5
#: How much further than to where they are expected the hits that pass a filter are looked for.
SPARE = 1.25


class Hit(NamedTuple):
    """One found id; a higher `score` is better, `rank` counts from 1, `source` names the index.

    A tuple, for a search makes thousands.
    """

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
    # Turned round, pairs are compared as they stand, which is the faster by far.
    best = sorted([(-rounded(score), identifier) for identifier, score in scored])[:k]
    return [
        Hit(identifier, -turned, rank, source) for rank, (turned, identifier) in enumerate(best, 1)
    ]
