"""The chunks of a store on a Chroma server, shared by all machines that read the store."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from store.batches import batches
from store.catalog import Catalog
from store.dense import BATCH, COLLECTION, GRAPH, Vectors, stacked
from store.errors import SettingsError, StoreError, in_one_line
from store.offline import go_offline

if TYPE_CHECKING:
    from chromadb.api.client import Client
    from chromadb.api.models.Collection import Collection

#: Chroma Cloud's limits to the records of one write, and to the results of one search.
CLOUD_BATCH, CLOUD_RESULTS = 300, 300
#: Seconds that the server is waited for.
TIMEOUT = 60.0
#: What the collection says of itself: the model, and the generation that it has applied, or while
#: it is being changed, had.
DIGEST, APPLIED, CHANGING = "model", "generation", "changing"

log = logging.getLogger(__name__)


class ServerFailed(StoreError):
    """Raised if the Chroma server does not do what it is asked for; the catalog is whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChromaServer:
    """Where a Chroma server is, and which of its collections is meant.

    Chroma Cloud has a key, a tenant and a database besides; then its quotas are kept.
    """

    url: str
    collection: str = COLLECTION
    key: str | None = None
    tenant: str | None = None
    database: str | None = None


class ServerIndex:
    """A collection on a Chroma server, of ids and vectors alone, as one process knows it."""

    def __init__(self, server: ChromaServer) -> None:
        """Know a server, and connect to it once it is needed."""
        self._server = server
        self._client: Client | None = None
        # The collection as last seen, and the generation at which it was level.
        self._collection: Collection | None = None
        self._level: int | None = None

    def is_level(self, catalog: Catalog) -> bool:
        """Return whether the collection holds what the catalog does, as far as it says so."""
        generation = catalog.generation
        if self._level != generation:
            try:
                self._look()
            except ServerFailed as error:
                log.warning("%s", error)
                return False
            if self._state() == (generation, catalog.database.known_fact("model_digest"), False):
                self._level = generation
        return self._level == generation

    def nearest(self, vector: Vectors, *, k: int) -> list[str]:
        """Return the ids of the `k` chunks nearest to the vector that the server finds.

        Raises ServerFailed where it does not answer, or not that many.
        """
        if self._server.key and k > CLOUD_RESULTS:
            raise ServerFailed(f"Chroma Cloud gives {CLOUD_RESULTS} results at most, not {k}")
        with _Asking(self):
            collection = self._collection or self._look()
            found = collection.query(query_embeddings=vector[np.newaxis], n_results=k, include=[])
            return found["ids"][0]

    def bring_level(self, catalog: Catalog) -> None:
        """Apply what the catalog committed; for who holds the writers' lock.

        Whatever interrupts it, the next one goes on from the generation that was applied.
        """
        with catalog.database.steady() as generation, _Asking(self):
            self._look()
            applied, digest, changing = self._state()
            model = catalog.database.known_fact("model_digest")
            if digest != model or not catalog.horizon <= applied <= generation:
                self.rebuild(catalog)
                return
            if applied == generation and not changing:
                self._level = generation
                return
            changes = catalog.changes(applied)
            self._say(applied, digest, changing=True)
            self._remove(changes.dropped_chunks)
            self._write(catalog.chunks(changes.written_papers))
            if self._count() == catalog.counts().chunks:
                self._say(generation, digest, changing=False)
                self._level = generation
            else:
                self.rebuild(catalog)

    def rebuild(self, catalog: Catalog) -> None:
        """Make the collection anew from the catalog; for who holds the writers' lock."""
        with catalog.database.steady() as generation, _Asking(self):
            digest = catalog.database.known_fact("model_digest") or ""
            self._look()
            _, before, _ = self._state()
            self._connected().delete_collection(self._server.collection)
            self._look()
            self._say(0, digest, changing=True)
            self._write(catalog.chunks())
            self._say(generation, digest, changing=False)
            self._level = generation
        if before:
            log.info("Made the collection %r on the Chroma server anew", self._server.collection)

    def forget(self) -> None:
        """Forget what is known of the collection, so that it is looked at again."""
        self._collection = self._level = None

    def _connected(self) -> Client:
        if self._client is None:
            self._client = _connect(self._server)
        return self._client

    def _look(self) -> Collection:
        with _Asking(self):
            self._collection = self._connected().get_or_create_collection(
                self._server.collection,
                embedding_function=None,
                configuration=None if self._server.key else {"hnsw": GRAPH},
                metadata={APPLIED: 0, DIGEST: "", CHANGING: True},
            )
        return self._collection

    def _state(self) -> tuple[int, str, bool]:
        said = (self._collection.metadata if self._collection else None) or {}
        return int(said.get(APPLIED, 0)), str(said.get(DIGEST, "")), bool(said.get(CHANGING, True))

    def _say(self, generation: int, digest: str, *, changing: bool) -> None:
        collection = self._collection or self._look()
        collection.modify(metadata={APPLIED: generation, DIGEST: digest, CHANGING: changing})

    def _count(self) -> int:
        return (self._collection or self._look()).count()

    def _write(self, chunks: Iterable[tuple[str, NDArray[np.float16]]]) -> None:
        collection = self._collection or self._look()
        for batch in batches(chunks, self._batch):
            ids, vectors = stacked(batch)
            collection.upsert(ids=ids, embeddings=vectors)

    def _remove(self, chunk_ids: Sequence[str]) -> None:
        collection = self._collection or self._look()
        for batch in batches(chunk_ids, self._batch):
            collection.delete(ids=batch)

    @property
    def _batch(self) -> int:
        return CLOUD_BATCH if self._server.key else BATCH


class _Asking:
    """Raises what the client raises, of whatever sort, as ServerFailed, and forgets."""

    def __init__(self, index: ServerIndex) -> None:
        self._index = index

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, Exception) and not isinstance(error, StoreError):
            self._index.forget()
            url = self._index._server.url
            raise ServerFailed(
                f"the Chroma server at {url} cannot be used: {in_one_line(error)}; check that it "
                "runs, then bring it level: assistant repair"
            ) from error


def _connect(server: ChromaServer) -> Client:
    go_offline()
    import chromadb
    from chromadb.config import DEFAULT_DATABASE, DEFAULT_TENANT, Settings

    address = urlsplit(server.url)
    if address.scheme not in ("http", "https") or not address.hostname:
        raise SettingsError(
            f"{server.url!r} is no address of a Chroma server; give one such as "
            "http://127.0.0.1:8000"
        )
    secure = address.scheme == "https"
    client = chromadb.HttpClient(
        host=address.hostname,
        port=address.port or (443 if secure else 8000),
        ssl=secure,
        headers={"x-chroma-token": server.key} if server.key else None,
        settings=Settings(anonymized_telemetry=False),
        tenant=server.tenant or DEFAULT_TENANT,
        database=server.database or DEFAULT_DATABASE,
    )
    # Chroma's own client waits for ever.
    session: Any = getattr(getattr(client, "_server", None), "_session", None)
    if session is not None:
        session.timeout = TIMEOUT
    return cast("Client", client)
