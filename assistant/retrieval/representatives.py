"""Representatives: a few papers that stand for many."""

from collections.abc import Collection

import numpy as np

from store.chunks import chunk
from store.corpus import Corpus

#: Papers looked at: of more, as many at equal steps through their ids, which follow the time of
#: publication where they are arXiv's.
LOOKED_AT = 400
#: Digits of a likeness that are the same however it is computed.
DIGITS = 4


def representatives(corpus: Corpus, paper_ids: Collection[str], *, k: int) -> list[str]:
    """Return the ids of `k` papers to one of which each other is as near as can be, roughly.

    They are chosen greedily: first the paper nearest to all, then always the one that brings the
    others most nearness beyond what those before it have brought (facility location). Papers are
    as near as the vectors of their first chunks.
    """
    step = max(1, -(-len(paper_ids) // LOOKED_AT))
    papers = corpus.get(sorted(paper_ids)[::step])
    first = {chunk(paper)[0].id: paper_id for paper_id, paper in papers.items()}
    vectors = corpus.vectors(first.keys())
    # The vectors come in the order of their chunks' ids.
    ids = [first[chunk_id] for chunk_id in sorted(first)]
    if not len(vectors) or len(vectors) != len(ids):
        return ids[:k]
    alike = np.round(vectors @ vectors.T, DIGITS)
    nearness = np.full(len(ids), -1.0)
    chosen: list[int] = []
    while len(chosen) < min(k, len(ids)):
        brought = np.maximum(nearness, alike).sum(axis=1)
        brought[chosen] = -np.inf
        best = int(np.round(brought, DIGITS).argmax())
        chosen.append(best)
        nearness = np.maximum(nearness, alike[best])
    return [ids[place] for place in chosen]
