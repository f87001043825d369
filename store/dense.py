"""Dense search: the chunks nearest to a vector, in a Chroma of this process's own."""

from __future__ import annotations

import math
import secrets
import shutil
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from numpy.typing import NDArray

from store.batches import batches
from store.catalog import Catalog, Changes
from store.hits import DECIMALS, Hit
from store.offline import go_offline

if TYPE_CHECKING:
    from chromadb.api.client import Client
    from chromadb.api.models.Collection import Collection

SOURCE = "dense"
COLLECTION = "chunks"
#: Chroma's own SQLite file: it changes when merely opened and withstands a crash by itself, so it
#: is checked by its count of chunks instead of being sealed.
DATABASE = "chroma.sqlite3"
#: Stands beside a graph that has been saved. Until then Chroma keeps the vectors in its database,
#: and writes the graph's files anew, filled with whatever the memory held, at each opening.
SAVED = "index_metadata.pickle"
#: Chunks in one write; Chroma takes 5,461 at most.
BATCH = 2000
#: Below this length a vector is taken to be zero.
SMALLEST_LENGTH = 1e-12
#: Nodes that a search visits; recall@50 is 1.0 at 400 for 100,000 chunks.
VISITED = 1000
#: How Chroma builds the graph.
GRAPH: Any = {
    "space": "cosine",
    "ef_construction": 200,
    "max_neighbors": 32,
    "ef_search": VISITED,
}

Vectors = NDArray[np.float32]


class DenseIndex:
    """A Chroma collection in a folder, of ids and vectors alone; the texts are the catalog's."""

    name = SOURCE
    #: It finds as many chunks at once as are asked for.
    most = math.inf

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._client, self._collection = _open(folder)
        # Counting takes Chroma longer than searching.
        self._count: int | None = None

    @staticmethod
    def covers(file: Path) -> bool:
        """Return whether the seal covers a file of the index: those of a saved graph."""
        return file.name != DATABASE and (file.parent / SAVED).exists()

    def count(self) -> int:
        """Return how many chunks the index holds."""
        if self._count is None:
            self._count = self._collection.count()
        return self._count

    def is_level(self, catalog: Catalog) -> bool:
        """Return whether the index holds as many chunks as the catalog."""
        return self.count() == catalog.counts().chunks

    def fill(self, catalog: Catalog) -> None:
        """Make the index hold everything in the catalog, and nothing else, by starting it anew.

        So nothing of it is left on disk. Nothing is embedded again.
        """
        self.close()
        shutil.rmtree(self.folder, ignore_errors=True)
        self._client, self._collection = _open(self.folder)
        self.write(catalog.chunks())

    def apply(self, catalog: Catalog, changes: Changes) -> None:
        """Bring the index level by these changes."""
        self.remove(changes.dropped_chunks)
        self.write(catalog.chunks(changes.written_papers))

    def write(self, chunks: Iterable[tuple[str, NDArray[np.float16]]]) -> None:
        """Add or replace chunks, given as (id, vector)."""
        self._count = None
        for batch in batches(chunks, BATCH):
            ids, vectors = stacked(batch)
            self._collection.upsert(ids=ids, embeddings=vectors)

    def remove(self, chunk_ids: Sequence[str]) -> None:
        """Remove chunks; unknown ids are passed over."""
        self._count = None
        for batch in batches(chunk_ids, BATCH):
            self._collection.delete(ids=batch)

    def nearest(self, vector: Vectors, *, k: int) -> list[str]:
        """Return the ids of the `k` chunks nearest to the vector that the graph finds."""
        found = self._collection.query(query_embeddings=vector[np.newaxis], n_results=k, include=[])
        return found["ids"][0]

    def close(self) -> None:
        """Release the files."""
        self._client.close()


@dataclass(frozen=True, slots=True, eq=False)
class Neighbours:
    """The chunks nearest to a vector, best first, and the unit vector of each, one a row."""

    hits: Sequence[Hit]
    vectors: Vectors

    def ranked(self, vector: Vectors) -> list[Hit]:
        """Return these chunks by their nearness to another vector, best first."""
        return rank_by_cosine(vector, [hit.id for hit in self.hits], self.vectors, k=len(self.hits))

    def of(self, chunk_ids: Sequence[str]) -> Vectors:
        """Return the vectors of those of these chunks that are here, in their order."""
        rows = {hit.id: row for row, hit in enumerate(self.hits)}
        return self.vectors[[rows[chunk_id] for chunk_id in chunk_ids if chunk_id in rows]]


def neighbours(vector: Vectors, ids: Sequence[str], vectors: Vectors, *, k: int) -> Neighbours:
    """Return the `k` nearest of these chunks; see `rank_by_cosine`."""
    hits, rows = _nearest(vector, ids, vectors, k=k)
    return Neighbours(hits, vectors[rows])


def stacked(chunks: Iterable[tuple[str, NDArray[np.float16]]]) -> tuple[list[str], Vectors]:
    """Return ids and unit vectors, shape (ids, dimension), of chunks as the catalog keeps them.

    Rounding to float16 left the lengths a little off one.
    """
    pairs = list(chunks)
    if not pairs:
        return [], np.zeros((0, 0), dtype=np.float32)
    return [chunk_id for chunk_id, _ in pairs], unit(np.stack([vector for _, vector in pairs]))


def unit(vectors: NDArray[np.float16]) -> Vectors:
    """Return the vectors, one a row, of length one and in single precision."""
    found = vectors.astype(np.float32)
    found /= np.maximum(np.linalg.norm(found, axis=1, keepdims=True), SMALLEST_LENGTH)
    return found


def rank_by_cosine(vector: Vectors, ids: Sequence[str], vectors: Vectors, *, k: int) -> list[Hit]:
    """Return the `k` nearest of these chunks, best first; the score is the cosine.

    `vectors` has shape (len(ids), dimension) and unit rows. A chunk's score does not depend on
    which other chunks it is ranked with, to the last bit.
    """
    hits, _ = _nearest(vector, ids, vectors, k=k)
    return hits


def _nearest(
    vector: Vectors, ids: Sequence[str], vectors: Vectors, *, k: int
) -> tuple[list[Hit], list[int]]:
    """Return the nearest chunks, and the row of each."""
    if not ids:
        return [], []
    # A matrix product would sum in an order that depends on the matrix's shape.
    cosines = np.einsum("ij,j->i", vectors, vector)
    near = np.arange(len(ids))
    if len(ids) > k:
        # What may equal the last one once rounded stays, so that ids decide among equals.
        last = np.partition(cosines, -k)[-k] - 10**-DECIMALS
        near = np.flatnonzero(cosines >= last)
    # Rounded all at once, in the precision of Python's numbers: one by one is the slowest part.
    turned = (0.0 - np.round(cosines[near].astype(np.float64), DECIMALS)).tolist()
    rows = near.tolist()
    best = sorted(zip(turned, [ids[row] for row in rows], rows, strict=True))[:k]
    hits = [Hit(key, 0.0 - score, rank, SOURCE) for rank, (score, key, _) in enumerate(best, 1)]
    return hits, [row for _, _, row in best]


def _place(folder: Path) -> Path:
    """Return the subfolder that holds the collection, newly named where there is none.

    Chroma keeps what it knows of a path for the life of the process, so a path whose files were
    deleted cannot be used again.
    """
    for database in sorted(folder.glob(f"*/{DATABASE}")):
        return database.parent
    return folder / secrets.token_hex(4)


def _check(database: Path) -> None:
    """Raise sqlite3.DatabaseError where the database is damaged, on which Chroma may abort."""
    if not database.exists():
        return
    with closing(sqlite3.connect(database)) as connection:
        for (finding,) in connection.execute("PRAGMA quick_check(1)"):
            if finding != "ok":
                raise sqlite3.DatabaseError(f"{database}: {finding}")


def _open(folder: Path) -> tuple[Client, Collection]:
    go_offline()
    import chromadb
    from chromadb.config import Settings

    place = _place(folder)
    place.mkdir(parents=True, exist_ok=True)
    _check(place / DATABASE)
    settings = Settings(anonymized_telemetry=False)
    # Only the concrete client can be closed.
    client = cast("Client", chromadb.PersistentClient(path=str(place), settings=settings))
    collection = client.get_or_create_collection(
        COLLECTION,
        embedding_function=None,
        configuration={"hnsw": GRAPH},
    )
    return client, collection
