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
#: Nodes that a search visits, a few more than are asked for. Of 450,000 chunks it finds 98 of the
#: 100 nearest. Visiting 1,000 takes a quarter longer; first quotes of 170 questions are the same.
VISITED = 700
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
    """The chunks nearest to a vector, best first: ids, cosines, and unit vectors, one a row."""

    ids: Sequence[str]
    scores: Sequence[float]
    vectors: Vectors

    @property
    def hits(self) -> list[Hit]:
        """These chunks as hits."""
        found = enumerate(zip(self.ids, self.scores, strict=True), 1)
        return [Hit(chunk_id, score, rank, SOURCE) for rank, (chunk_id, score) in found]

    def cosines(self, vector: Vectors) -> list[float]:
        """Return the cosine of each of these chunks, in their order, with another vector."""
        return _rounded(_cosines(self.vectors, vector)) if self.ids else []


def neighbours(vector: Vectors, ids: Sequence[str], vectors: Vectors, *, k: int) -> Neighbours:
    """Return the `k` nearest of these chunks, best first; equals stand in id order.

    `vectors` has shape (len(ids), dimension) and unit rows. A chunk's cosine does not depend on
    which other chunks it is ranked with, to the last bit.
    """
    if not ids:
        return Neighbours([], [], vectors)
    cosines = _cosines(vectors, vector)
    near = np.arange(len(ids))
    if len(ids) > k:
        # What may equal the last one once rounded stays, so that ids decide among equals.
        last = np.partition(cosines, -k)[-k] - 10**-DECIMALS
        near = np.flatnonzero(cosines >= last)
    # Turned round, so that these are compared as they stand, which is the faster by far.
    turned = [-score for score in _rounded(cosines[near])]
    rows = near.tolist()
    best = sorted(zip(turned, [ids[row] for row in rows], rows, strict=True))[:k]
    rows = [row for _, _, row in best]
    return Neighbours([key for _, key, _ in best], [-score for score, _, _ in best], vectors[rows])


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


def _cosines(vectors: Vectors, vector: Vectors) -> Vectors:
    # A matrix product would sum in an order that depends on the matrix's shape.
    found: Vectors = np.einsum("ij,j->i", vectors, vector)
    return found


def _rounded(cosines: Vectors) -> list[float]:
    """Return cosines as they are compared and shown."""
    # All at once, in the precision of Python's numbers: one by one is the slowest part. To add
    # nothing makes no zero a negative one.
    rounded: list[float] = (np.round(cosines.astype(np.float64), DECIMALS) + 0.0).tolist()
    return rounded


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
    if collection.configuration_json["hnsw"]["ef_search"] != VISITED:
        # Made by another version.
        collection.modify(configuration={"hnsw": {"ef_search": VISITED}})
    return client, collection
