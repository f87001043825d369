"""Matrix: the vectors of every chunk in memory, compared with one by one."""

from collections.abc import Iterable, Set
from functools import cached_property, lru_cache
from typing import Self

import numpy as np
from numpy.typing import NDArray

from store.catalog import Catalog
from store.chunks import paper_of
from store.dense import SMALLEST_LENGTH, Neighbours, Vectors, neighbours

#: Vectors compared at a time, so that in single precision they fit the processor's cache.
BLOCK = 1024
#: Cosines found in blocks and by themselves differ by far less than this.
SLACK = 1e-4
#: Chunks up to which the vectors are kept in single precision as well: 30 MB for 20,000. It saves
#: most of the time that a search takes to compare.
SINGLE_UP_TO = 20_000
#: Filters of which it is remembered which chunks pass.
KEPT = 4

Rows = NDArray[np.intp]


class Matrix:
    """Every chunk of one generation, its vector as the catalog keeps it."""

    def __init__(self, generation: int, ids: list[str], vectors: NDArray[np.float16]) -> None:
        self.generation = generation
        self._ids = ids
        self._vectors = vectors
        self.rows = lru_cache(KEPT)(self._rows)

    @classmethod
    def of(cls, catalog: Catalog) -> Self:
        """Read the vectors of a catalog."""
        generation = catalog.generation
        ids: list[str] = []
        numbers = bytearray()
        for chunk_id, vector in catalog.chunks():
            ids.append(chunk_id)
            numbers += vector.tobytes()
        vectors = np.frombuffer(numbers, dtype=np.float16)
        return cls(generation, ids, vectors.reshape(len(ids), -1 if ids else 0))

    def __len__(self) -> int:
        """How many chunks there are."""
        return len(self._ids)

    def nearest(self, vector: Vectors, rows: Rows, *, k: int) -> Neighbours:
        """Return the `k` nearest of the chunks in these rows, best first."""
        if len(rows) > k:
            cosines = self._cosines(vector, rows)
            rows = rows[cosines >= np.partition(cosines, -k)[-k] - SLACK]
        ids = [self._ids[row] for row in rows.tolist()]
        return neighbours(vector, ids, self._unit(rows), k=k)

    def rows_of(self, chunk_ids: Iterable[str]) -> Rows:
        """Return the rows of these chunks; unknown ones are left out."""
        known = (self._places.get(chunk_id) for chunk_id in chunk_ids)
        return np.array([row for row in known if row is not None], dtype=np.intp)

    def _cosines(self, vector: Vectors, rows: Rows) -> Vectors:
        """Return the cosine of each row, but for the last bits."""
        if self._single is not None:
            every = self._single if len(rows) == len(self) else self._single[rows]
            # A matrix product of this size would wake threads that then spin.
            near: Vectors = np.einsum("ij,j->i", every, vector)
            return near
        products: list[Vectors] = [
            self._vectors[rows[first : first + BLOCK]].astype(np.float32) @ vector
            for first in range(0, len(rows), BLOCK)
        ]
        cosines: Vectors = np.concatenate(products) / self._lengths[rows]
        return cosines

    def _unit(self, rows: Rows) -> Vectors:
        """Return the vectors of these rows, of length one and in single precision."""
        if self._single is not None:
            return self._single[rows]
        vectors = self._vectors[rows].astype(np.float32)
        vectors /= self._lengths[rows, np.newaxis]
        return vectors

    def _rows(self, within: Set[str] | None) -> Rows:
        """Return the rows of the chunks whose paper is within."""
        if within is None:
            return np.arange(len(self._ids))
        numbers, papers = self._papers
        wanted = np.zeros(len(numbers), dtype=bool)
        wanted[[numbers[paper_id] for paper_id in within if paper_id in numbers]] = True
        return np.flatnonzero(wanted[papers])

    @cached_property
    def _papers(self) -> tuple[dict[str, int], NDArray[np.int32]]:
        """The papers, numbered, and the number of each chunk's paper."""
        numbers: dict[str, int] = {}
        papers = [numbers.setdefault(paper_of(chunk), len(numbers)) for chunk in self._ids]
        return numbers, np.array(papers, dtype=np.int32)

    @cached_property
    def _places(self) -> dict[str, int]:
        return {chunk_id: row for row, chunk_id in enumerate(self._ids)}

    @cached_property
    def _single(self) -> Vectors | None:
        """All vectors of length one in single precision; None where that would be too many."""
        if len(self) > SINGLE_UP_TO:
            return None
        vectors = self._vectors.astype(np.float32)
        vectors /= self._lengths[:, np.newaxis]
        return vectors

    @cached_property
    def _lengths(self) -> Vectors:
        """The length of each vector; rounding to half precision left it a little off one."""
        lengths = [
            np.linalg.norm(self._vectors[first : first + BLOCK].astype(np.float32), axis=1)
            for first in range(0, len(self._ids), BLOCK)
        ]
        every = np.concatenate([np.zeros(0, dtype=np.float32), *lengths])
        found: Vectors = np.maximum(every, SMALLEST_LENGTH)
        return found
