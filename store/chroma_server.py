"""The chunks of a store on a Chroma server, shared by all machines that read the store."""

from __future__ import annotations

import logging
import math
import time
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel

from store.batches import batches
from store.catalog import Catalog
from store.chroma_client import ChromaServer, connect
from store.dense import BATCH, GRAPH, Vectors, stacked
from store.errors import StoreError, in_one_line

if TYPE_CHECKING:
    from chromadb.api.client import Client
    from chromadb.api.models.Collection import Collection
    from chromadb.api.types import Metadata, Where

#: Chroma Cloud's limits to the records of one write, and to the results of one search.
CLOUD_BATCH, CLOUD_RESULTS = 300, 300
#: Parts that a collection there is searched in, one after another, for more results than that. A
#: part holds its share of the nearest, give or take, so half of what all can give is safe to ask.
CLOUD_PARTS = 6
CLOUD_NEAREST = CLOUD_PARTS * CLOUD_RESULTS // 2
#: Seconds after a failure in which no question looks for the server; each change of papers does.
AWAY = 60.0

#: Stands for the generation of what is no state of this store.
NEVER = -1

log = logging.getLogger(__name__)


class ServerFailed(StoreError):
    """Raised if the Chroma server does not do what it is asked for; the catalog is whole."""


class Label(BaseModel):
    """What a collection says of itself: whose it is, by which model, and how far it has come.

    `generation` is the one that it has applied or, while it is `changing`, had.
    """

    store: str = ""
    model: str = ""
    generation: int = 0
    changing: bool = True


class ServerIndex:
    """A collection on a Chroma server, of ids and vectors alone, as one process knows it."""

    def __init__(self, server: ChromaServer) -> None:
        """Know a server, and connect to it once it is needed."""
        self._server = server
        self._client: Client | None = None
        # The collection as last seen, and the generation at which it was level.
        self._collection: Collection | None = None
        self._level: int | None = None
        # When it may be looked for again, by the monotonic clock.
        self._away_until = 0.0

    def is_level(self, catalog: Catalog) -> bool:
        """Return whether the collection holds what the catalog does, as far as it says so.

        A server that has failed is left alone for AWAY seconds, so that not every question waits.
        """
        generation = catalog.generation
        if self._level != generation and time.monotonic() >= self._away_until:
            try:
                label = self._look(catalog)
            except ServerFailed as error:
                log.warning("%s. Until then every vector is compared", error)
            else:
                if label == _wanted(catalog, generation):
                    self._level = generation
        return self._level == generation

    @property
    def most(self) -> float:
        """The most chunks that it finds at once."""
        return CLOUD_NEAREST if self._server.key else math.inf

    def nearest(self, vector: Vectors, *, k: int) -> list[str]:
        """Return the ids of the `k` chunks nearest to the vector that the server finds, or more.

        They are fewer where it finds no more. `k` is not above `most`. Raises ServerFailed where it
        does not answer.
        """
        collection = self._collection
        if collection is None:
            raise ServerFailed("the Chroma server has just failed; wait a moment")
        # Of the parts together they are more than `k`; whoever asked finds the nearest among them.
        parts: list[Where | None] = [None]
        if self._server.key:
            k, parts = min(k, CLOUD_RESULTS), [{"part": part} for part in range(CLOUD_PARTS)]
        near = vector[np.newaxis]
        with self._asking():
            found = [
                collection.query(query_embeddings=near, n_results=k, where=part, include=[])
                for part in parts
            ]
            return [chunk_id for one in found for chunk_id in one["ids"][0]]

    def bring_level(self, catalog: Catalog) -> None:
        """Apply what the catalog committed; for who holds the writers' lock.

        Whatever interrupts it, the next one goes on from the generation that was applied. Raises
        ServerFailed where the server cannot be used, or the collection is another store's.
        """
        with catalog.database.steady() as generation, self._asking():
            label = self._look(catalog)
            wanted = _wanted(catalog, generation)
            if label == wanted:
                self._level = generation
                return
            known = (label.store, label.model) == (wanted.store, wanted.model)
            if not known or not catalog.horizon <= label.generation <= generation:
                self._rebuild(catalog, wanted)
                return
            changes = catalog.changes(label.generation)
            self._say(label.model_copy(update={"changing": True}))
            self._remove(changes.dropped_chunks)
            self._write(catalog.chunks(changes.written_papers))
            if self._count() == catalog.counts().chunks:
                self._say(wanted)
                self._level = generation
            else:
                self._rebuild(catalog, wanted)

    def rebuild(self, catalog: Catalog) -> None:
        """Make the collection anew from the catalog; for who holds the writers' lock."""
        with catalog.database.steady() as generation, self._asking():
            before = self._look(catalog).generation
            self._rebuild(catalog, _wanted(catalog, generation))
        if before:
            log.info("Made the collection %r on the Chroma server anew", self._server.collection)

    def take_over(self, catalog: Catalog, *, former: str) -> None:
        """Make the collection of a store that is gone this one's, for `bring_level` to make anew.

        `former` is the identity of the other; for who holds the writers' lock. Raises ServerFailed
        where the collection is not that store's.
        """
        with self._asking():
            label = Label.model_validate(self._make().metadata or {})
            if not former or label.store not in (former, catalog.identity):
                raise ServerFailed(
                    f"the collection {self._server.collection!r} is not one of the store "
                    f"{former!r}; nothing was taken over"
                )
            if label.store == former:
                # Of a generation that there never is, so that nothing in it is taken for its own.
                mine = {"store": catalog.identity, "generation": NEVER, "changing": True}
                self._say(label.model_copy(update=mine))

    def forget(self) -> None:
        """Forget what is known of the collection, so that it is looked at again."""
        self._collection = self._level = None
        self._away_until = 0.0

    def _rebuild(self, catalog: Catalog, wanted: Label) -> None:
        self._connected().delete_collection(self._server.collection)
        self._make()
        self._say(wanted.model_copy(update={"generation": 0, "changing": True}))
        self._write(catalog.chunks())
        self._say(wanted)
        self._level = wanted.generation

    def _connected(self) -> Client:
        if self._client is None:
            self._client = connect(self._server)
        return self._client

    def _look(self, catalog: Catalog) -> Label:
        """Return what the collection says of itself; make it where there is none."""
        with self._asking():
            found = self._make()
            label = Label.model_validate(found.metadata or {})
            own = label.store in ("", catalog.identity) and (label.model or not found.count())
            if not own:
                take = f"assistant repair --take-from {label.store}"
                raise ServerFailed(
                    f"the collection {self._server.collection!r} on the Chroma server at "
                    f"{self._server.url} is not this store's; name another one: "
                    "ASSISTANT_CHROMA_COLLECTION"
                    + (f", or if the store that made it is gone: {take}" if label.store else "")
                )
        self._away_until = 0.0
        return label

    def _make(self) -> Collection:
        self._collection = self._connected().get_or_create_collection(
            self._server.collection,
            embedding_function=None,
            configuration=None if self._server.key else {"hnsw": GRAPH},
            metadata=Label().model_dump(),
        )
        return self._collection

    def _held(self) -> Collection:
        return self._collection or self._make()

    def _say(self, label: Label) -> None:
        self._held().modify(metadata=label.model_dump())

    def _count(self) -> int:
        return self._held().count()

    def _write(self, chunks: Iterable[tuple[str, NDArray[np.float16]]]) -> None:
        collection = self._held()
        for batch in batches(chunks, self._batch):
            ids, vectors = stacked(batch)
            parts = [_part(chunk_id) for chunk_id in ids] if self._server.key else None
            collection.upsert(ids=ids, embeddings=vectors, metadatas=parts)

    def _remove(self, chunk_ids: Sequence[str]) -> None:
        collection = self._held()
        for batch in batches(chunk_ids, self._batch):
            collection.delete(ids=batch)

    @property
    def _batch(self) -> int:
        return CLOUD_BATCH if self._server.key else BATCH

    @contextmanager
    def _asking(self) -> Iterator[None]:
        """Raise as ServerFailed what the client raises, of whatever sort, and leave it alone."""
        try:
            yield
        except Exception as error:
            if isinstance(error, StoreError) and not isinstance(error, ServerFailed):
                raise
            self.forget()
            self._away_until = time.monotonic() + AWAY
            if isinstance(error, StoreError):
                raise
            raise ServerFailed(
                f"the Chroma server at {self._server.url} cannot be used: {in_one_line(error)}; "
                "check that it runs, then bring it level: assistant repair"
            ) from error


def _part(chunk_id: str) -> Metadata:
    return {"part": zlib.crc32(chunk_id.encode("utf-8")) % CLOUD_PARTS}


def _wanted(catalog: Catalog, generation: int) -> Label:
    """Return what the collection says of itself when it is level."""
    return Label(
        store=catalog.identity,
        model=catalog.database.known_fact("model_digest") or "",
        generation=generation,
        changing=False,
    )
