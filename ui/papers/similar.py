"""Similar: the papers whose abstracts are nearest to one's own."""

import numpy as np

from store.chunks import chunk, paper_of
from store.corpus import Corpus
from store.papers import Paper

#: Chunks searched for each paper wanted: an abstract has about three.
CHUNKS_A_PAPER = 6


def similar(corpus: Corpus, paper: Paper, *, k: int) -> list[Paper]:
    """Return up to `k` papers nearest to the mean of the paper's chunks, the nearest first."""
    own = corpus.vectors([part.id for part in chunk(paper)])
    # Another process may have removed the paper meanwhile.
    if not len(own):
        return []
    mean = own.astype(np.float32).mean(axis=0)
    hits = corpus.nearest(mean / np.linalg.norm(mean), k=(k + 1) * CHUNKS_A_PAPER)
    near = dict.fromkeys(paper_of(hit.id) for hit in hits)
    near.pop(paper.id, None)
    return list(corpus.get(list(near)[:k]).values())
