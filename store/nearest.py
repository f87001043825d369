"""Nearest: the chunks nearest to a vector, by comparing with each or through the graph."""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from store.catalog import Catalog
from store.dense import DenseIndex, Vectors, rank_by_cosine, stacked
from store.hits import Hit

#: Papers up to which those that a filter leaves are compared one by one in a store that is searched
#: through the graph; of more, the graph finds enough within reach.
FEW = 2000
#: How many times further the graph is searched, where too few of what it found pass the filter.
FURTHER = 4


@dataclass(frozen=True)
class _Chunks:
    """Every chunk of one generation."""

    generation: int
    ids: Sequence[str]
    vectors: Vectors

    @cached_property
    def papers(self) -> Sequence[str]:
        """The paper of each chunk."""
        return [paper_of(chunk_id) for chunk_id in self.ids]

    def rows(self, within: Set[str]) -> NDArray[np.intp]:
        """Return the places of the chunks whose paper is within."""
        return np.flatnonzero([paper_id in within for paper_id in self.papers])


class Nearest:
    """Finds the nearest chunks; the vectors of a store that has no graph are kept in memory."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._kept: _Chunks | None = None

    def search(
        self, vector: Vectors, *, k: int, within: Set[str] | None, graph: DenseIndex | None
    ) -> list[Hit]:
        """Return the `k` chunks nearest to the vector, best first, of the papers `within`.

        With a graph they are those that it finds, else exactly the nearest.
        """
        if graph is None:
            return self._compare(vector, k=k, within=within)
        if within is not None and len(within) <= FEW:
            found = self._catalog.chunks(within)
        else:
            found = self._catalog.vectors(_reached(graph, vector, k=k, within=within))
        ids, vectors = stacked(found)
        # Once they are read: what another process does after that is no matter.
        self._catalog.require_model()
        return rank_by_cosine(vector, ids, vectors, k=k)

    def _compare(self, vector: Vectors, *, k: int, within: Set[str] | None) -> list[Hit]:
        generation = self._catalog.generation
        # Held in a local: another thread may put a later one in its place.
        kept = self._kept
        if kept is None or kept.generation != generation:
            kept = self._kept = _Chunks(generation, *stacked(self._catalog.chunks()))
        self._catalog.require_model()
        if within is None:
            return rank_by_cosine(vector, kept.ids, kept.vectors, k=k)
        rows = kept.rows(within)
        return rank_by_cosine(vector, [kept.ids[row] for row in rows], kept.vectors[rows], k=k)


def paper_of(chunk_id: str) -> str:
    """Return the id of the paper that a chunk belongs to."""
    return chunk_id.rpartition(":")[0]


def _reached(
    graph: DenseIndex, vector: Vectors, *, k: int, within: Set[str] | None
) -> Sequence[str]:
    reach, chunks = k, graph.count()
    while True:
        found = graph.nearest(vector, k=min(reach, chunks))
        passing = found if within is None else [c for c in found if paper_of(c) in within]
        if within is None or len(passing) >= k or reach >= chunks:
            return passing[:k]
        reach *= FURTHER
