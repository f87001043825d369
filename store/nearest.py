"""Nearest: the chunks nearest to a vector, by comparing with each or through the graph."""

import logging
from collections.abc import Set
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from store.catalog import Catalog
from store.chroma_server import ServerFailed
from store.dense import Neighbours, Vectors, neighbours, stacked
from store.hits import reach
from store.matrix import Matrix, Rows

#: Papers up to which those that a filter leaves are read from the catalog; for more of them the
#: vectors of all papers are read into memory.
FEW = 2000
#: Chunks that are compared in the time in which the graph finds one neighbour.
DEARER = 8
#: How many times further the graph is searched, where too few of what it found pass the filter.
FURTHER = 2

log = logging.getLogger(__name__)


class Graph(Protocol):
    """What finds, in a graph, chunks that are near: Chroma's, here or on a server.

    It gives `most` of them at once.
    """

    @property
    def most(self) -> float: ...  # noqa: D102
    def nearest(self, vector: Vectors, *, k: int) -> list[str]: ...  # noqa: D102


class Nearest:
    """Finds the nearest chunks.

    The vectors are kept in memory from when they are first needed: where there is no graph or it
    fails, where a filter leaves many papers, or once they are loaded.
    """

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._kept: Matrix | None = None

    def load(self) -> Matrix:
        """Return the vectors in memory, as they are now."""
        generation = self._catalog.generation
        # Held in a local: another thread may put a later one in its place.
        kept = self._kept
        if kept is None or kept.generation != generation:
            kept = self._kept = Matrix.of(self._catalog)
        return kept

    def search(
        self, vector: Vectors, *, k: int, within: Set[str] | None, graph: Graph | None
    ) -> Neighbours:
        """Return the `k` chunks nearest to the vector, best first, of the papers `within`.

        They are exactly the nearest without a graph, where its server fails or would have to give
        more than it does, and where a filter leaves so few that comparing with each is faster; else
        those that the graph finds, which may miss some.
        """
        try:
            return self._search(vector, k=k, within=within, graph=graph)
        except ServerFailed as error:
            log.warning("%s. Until then every vector is compared", error)
            return self._search(vector, k=k, within=within, graph=None)

    def _search(
        self, vector: Vectors, *, k: int, within: Set[str] | None, graph: Graph | None
    ) -> Neighbours:
        if graph is not None and k > graph.most:
            graph = None
        many = within is not None and len(within) > FEW
        if graph is None or many or self._kept:
            return self._in_memory(vector, k=k, within=within, graph=graph)
        if within is None:
            found = self._catalog.vectors(graph.nearest(vector, k=k))
        else:
            found = self._catalog.chunks(within)
        ids, vectors = stacked(found)
        # Once they are read: what another process does after that is no matter.
        self._catalog.require_model()
        return neighbours(vector, ids, vectors, k=k)

    def _in_memory(
        self, vector: Vectors, *, k: int, within: Set[str] | None, graph: Graph | None
    ) -> Neighbours:
        matrix = self.load()
        self._catalog.require_model()
        rows = matrix.rows(within)
        # What is found must not depend on what happens to be in memory: see `search`.
        if graph is None or (within is not None and len(within) <= FEW):
            return matrix.nearest(vector, rows, k=k)
        if within is None:
            return matrix.nearest(vector, matrix.rows_of(graph.nearest(vector, k=k)), k=k)
        wanted = reach(k, passing=len(rows), among=len(matrix))
        if len(rows) <= DEARER * wanted:
            return matrix.nearest(vector, rows, k=k)
        while wanted <= graph.most:
            found = matrix.rows_of(graph.nearest(vector, k=wanted))
            passing = found[_held(rows, found)]
            if len(passing) >= min(k, len(rows)) or wanted >= len(matrix):
                return matrix.nearest(vector, passing, k=k)
            wanted = min(wanted * FURTHER, len(matrix))
        return matrix.nearest(vector, rows, k=k)


def _held(rows: Rows, found: Rows) -> NDArray[np.bool_]:
    """Return which of the rows found are among `rows`, which are sorted and not none."""
    places = np.minimum(np.searchsorted(rows, found), len(rows) - 1)
    held: NDArray[np.bool_] = rows[places] == found
    return held
