"""The catalog: papers, chunks, vectors and the generation, in one SQL database; the only truth.

Every committed change raises the generation by one and stamps the rows that it touched, so an
index that has applied generation g asks for what changed after g.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray

from store import records
from store.aliases import forget, hand_over, note, owners, resolved
from store.batches import SLICE, batches
from store.binding import Binding, bind, recorded_binding, require_bound
from store.chunks import Chunk
from store.database import IDENTITY, Database, record_fact
from store.identity import keys
from store.papers import WHEREABOUTS, Paper, published_ids, sha256
from store.recency import note_added
from store.schema import chunks, drops, papers, pending
from store.selection import Selection, Shelf

Vectors = NDArray[np.float16]


@dataclass(frozen=True, slots=True)
class Entry:
    """A paper as it is written: its record, its chunks, and their vectors (len(chunks), dim)."""

    paper: Paper
    chunks: Sequence[Chunk]
    vectors: Vectors


@dataclass(frozen=True, slots=True)
class Changes:
    """What an index must do to catch up: drop these chunks, then write these papers' chunks.

    Ids are sorted. A paper whose text was replaced stands in both.
    """

    dropped_chunks: tuple[str, ...]
    written_papers: tuple[str, ...]


class Counts(NamedTuple):
    """How much the catalog holds."""

    papers: int
    chunks: int


class Catalog:
    """One open catalog; `url` is any SQLAlchemy database URL. Raises StoreError if unusable."""

    def __init__(self, url: str) -> None:
        self.database = Database(url)
        self._bound: str | None = None
        self._selection = Selection(self.database)

    def close(self) -> None:
        """Release the database."""
        self.database.close()

    def bind_model(self, *, name: str, digest: str, dimension: int) -> None:
        """Record the embedding model on first use; raise ModelError if it is another's store.

        From then on nothing is written once the vectors have become another model's.
        """
        bind(self.database, Binding(name, digest, dimension))
        self._bound = digest

    def require_model(self) -> None:
        """Raise ModelError if the vectors have become another model's than the bound one."""
        if self._bound:
            with self.database.transaction() as connection:
                require_bound(connection, self._bound)

    @property
    def generation(self) -> int:
        """The number of changes committed so far."""
        return self.database.generation

    @property
    def identity(self) -> str:
        """What tells this store from every other one, whatever they hold; "" if none is known."""
        return self.database.known_fact(IDENTITY) or ""

    @property
    def horizon(self) -> int:
        """The generation before which it is not known what changed.

        An index that has applied none so late cannot catch up, and is made anew.
        """
        return self.database.number("horizon", default=0)

    @property
    def model(self) -> Binding | None:
        """The model that made the vectors, or None in a store that is quite new."""
        return recorded_binding(self.database)

    @property
    def model_name(self) -> str:
        """The name of the model that made the vectors."""
        return self.database.fact("model_name")

    def counts(self) -> Counts:
        """Return how many papers and how many chunks there are."""
        counts = (
            sa.select(sa.func.count()).select_from(table).scalar_subquery()
            for table in (papers, chunks)
        )
        return Counts(*self.database.rows(sa.select(*counts))[0])

    def write(
        self,
        entries: Sequence[Entry],
        *,
        origins: Mapping[str, Collection[str]] | None = None,
        after: int | None = None,
    ) -> None:
        """Add or replace papers with their chunks, durably, as one generation.

        Raises StoreBusy where that would not be the one `after` another, by which they were made.
        `origins` says, by the id of a paper, under which ids it was here before: those records
        are dropped, and what they were known under leads to the paper.
        """
        if not entries:
            return
        written = [entry.paper for entry in entries]
        former = {old: new for new, ids in (origins or {}).items() for old in ids}
        with self._change(after) as (connection, generation):
            ids = dict.fromkeys([*(paper.id for paper in written), *former])
            self._drop(connection, generation, list(ids))
            hand_over(connection, former)
            note(connection, {paper.id: keys(paper) for paper in written})
            note_added(connection)
            connection.execute(
                sa.insert(papers), [records.row_of(entry.paper, generation) for entry in entries]
            )
            connection.execute(
                sa.insert(chunks),
                [
                    _chunk_row(part, vector, generation)
                    for entry in entries
                    for part, vector in zip(entry.chunks, entry.vectors, strict=True)
                ],
            )

    def touch(self, changed: Sequence[Paper], *, after: int | None = None) -> None:
        """Replace the records of papers whose text, and so whose chunks, stay the same.

        `after` is that of `write`.
        """
        if not changed:
            return
        with self._change(after) as (connection, generation):
            for paper in changed:
                row = records.row_of(paper, generation)
                connection.execute(sa.update(papers).where(papers.c.id == paper.id).values(row))
            note(connection, {paper.id: keys(paper) for paper in changed})

    def remove(self, paper_ids: Sequence[str]) -> None:
        """Remove papers with their chunks and vectors, as one generation."""
        with self._change() as (connection, generation):
            self._drop(connection, generation, paper_ids)
            forget(connection, paper_ids)

    def know_as(self, names: Mapping[str, Collection[str]]) -> None:
        """Note under which keys, besides those of its record, each of these papers may be met."""
        if names:
            with self.database.transaction() as connection:
                note(connection, names)

    def owners(self, wanted: Collection[str]) -> dict[str, list[str]]:
        """Return the ids, sorted, of the papers that may be met under each of these keys.

        A key is an id, another identifier, or what titles share; unknown ones are left out.
        """
        return owners(self.database, wanted)

    def papers(self, paper_ids: Collection[str]) -> dict[str, Paper]:
        """Return the papers of these ids, in the order asked; unknown ids are left out."""
        return records.read(self.database, paper_ids)

    def texts(self, paper_ids: Collection[str]) -> Iterator[tuple[str, str, str, str]]:
        """Yield id, title, abstract and content hash of papers, damaged ones too; see `records`."""
        return records.texts(self.database, paper_ids)

    def content_hashes(self, paper_ids: Collection[str]) -> dict[str, str]:
        """Return the hash that is recorded of each of these papers; unknown ids are left out."""
        return records.hashes(self.database, paper_ids)

    def find(self, names: Collection[str]) -> dict[str, Paper]:
        """Return the papers that have these ids, or had them before, by these and in their order.

        An id may be as people write it; see `published_ids`. Unknown ones are left out, as are
        those that stand for several papers.
        """
        found = self.papers(names)
        missing = [name for name in names if name not in found]
        if not missing:
            return found
        # The first that leads to a paper.
        forms = {name: (name, *published_ids(arxiv=name, doi=name, pmid=name)) for name in missing}
        former = self.resolve({form for some in forms.values() for form in some})
        became = self.papers(set(former.values()))
        for name, some in forms.items():
            own = next((former[form] for form in some if former.get(form) in became), None)
            if own is not None:
                found[name] = became[own]
        return {name: found[name] for name in names if name in found}

    def resolve(self, names: Collection[str]) -> dict[str, str]:
        """Return the present id of each paper that has one of these, or had it before."""
        return resolved(self.database, names)

    def every_paper(self) -> Iterator[Paper]:
        """Yield every paper, in id order, a few at a time in memory."""
        for some in batches(self.paper_ids(), SLICE):
            yield from self.papers(some).values()

    def paper_ids(self, *, until: int | None = None) -> list[str]:
        """Return the id of every paper, sorted; or of those whose text is of `until` at the latest.

        `until` is a generation.
        """
        query = sa.select(papers.c.id).order_by(papers.c.id)
        if until is not None:
            own = sa.select(chunks.c.paper_id).where(chunks.c.generation <= until)
            query = query.where(papers.c.id.in_(own))
        return [row.id for row in self.database.rows(query)]

    def select(self, **conditions: Any) -> frozenset[str]:
        """Return the ids of the papers that pass; see `store.conditions.Conditions`."""
        return self._selection.select(**conditions)

    def browse(self, *, k: int, skip: int = 0, **conditions: Any) -> Shelf:
        """Return `k` of the papers that pass, after the `skip` newest."""
        return self._selection.browse(k=k, skip=skip, **conditions)

    def values(
        self, name: str, *, like: str = "", k: int, **conditions: Any
    ) -> tuple[dict[str, int], int]:
        """Return the `k` commonest values of a column; see `store.selection.Selection`."""
        return self._selection.values(name, like=like, k=k, **conditions)

    def chunks(self, paper_ids: Collection[str] | None = None) -> Iterator[tuple[str, Vectors]]:
        """Yield (chunk id, vector) of these papers, or of all, sorted by chunk id."""
        query = sa.select(chunks.c.id, chunks.c.vector).order_by(chunks.c.id)
        parts: Iterable[Any] = [query]
        if paper_ids is not None:
            parts = (query.where(chunks.c.paper_id.in_(some)) for some in batches(paper_ids, SLICE))
        for part in parts:
            for row in self.database.stream(part):
                yield row.id, self._vector(row)

    def vectors(self, chunk_ids: Collection[str]) -> Iterator[tuple[str, Vectors]]:
        """Yield (chunk id, vector) of these chunks; unknown ids are left out."""
        for some in batches(chunk_ids, SLICE):
            query = sa.select(chunks.c.id, chunks.c.vector).where(chunks.c.id.in_(some))
            for row in self.database.rows(query):
                yield row.id, self._vector(row)

    def changes(self, since: int, *, until: int | None = None) -> Changes:
        """Return what changed in the chunks after generation `since`, `until` another or now."""
        last = self.generation if until is None else until
        dropped = self.database.rows(
            sa.select(drops.c.chunk_id)
            .where(drops.c.generation > since, drops.c.generation <= last)
            .order_by(drops.c.chunk_id)
        )
        written = self.database.rows(
            sa.select(chunks.c.paper_id)
            .where(chunks.c.generation > since, chunks.c.generation <= last)
            .distinct()
            .order_by(chunks.c.paper_id)
        )
        return Changes(tuple(r.chunk_id for r in dropped), tuple(r.paper_id for r in written))

    def has_dropped(self, since: int) -> bool:
        """Return whether any chunk was removed or replaced after generation `since`."""
        later = sa.select(drops.c.chunk_id).where(drops.c.generation > since).limit(1)
        return bool(self.database.rows(later))

    def forget_changes(self) -> None:
        """Forget what was removed, which indexes that lag behind would have to be told of."""
        with self.database.transaction() as connection:
            connection.execute(sa.delete(drops))
            record_fact(connection, "horizon", str(self.generation))

    def snapshot(self) -> str:
        """Return the hash, in hex, of the model and of all that is recorded of each paper.

        That is its id, the hash of its content and its whereabouts, which filters and questions
        about the collection go by.
        """
        columns = [papers.c[name] for name in ("id", "content_hash", *WHEREABOUTS)]
        rows = self.database.rows(sa.select(*columns).order_by(papers.c.id))
        lines = [json.dumps(list(row), separators=(",", ":")) + "\n" for row in rows]
        model = self.database.known_fact("model_digest") or ""
        return sha256("".join([f"{model}\n", *lines]))

    def _drop(self, connection: sa.Connection, generation: int, paper_ids: Sequence[str]) -> None:
        """Delete papers and chunks, and note the chunks for the indexes that hold them."""
        for some in batches(paper_ids, SLICE):
            gone = chunks.c.paper_id.in_(some)
            old = sa.select(chunks.c.id).where(gone)
            connection.execute(sa.delete(drops).where(drops.c.chunk_id.in_(old)))
            noted = sa.select(chunks.c.id, sa.literal(generation)).where(gone)
            connection.execute(sa.insert(drops).from_select(["chunk_id", "generation"], noted))
            connection.execute(sa.delete(pending).where(pending.c.chunk_id.in_(old)))
            connection.execute(sa.delete(chunks).where(gone))
            connection.execute(sa.delete(papers).where(papers.c.id.in_(some)))

    def _vector(self, row: Any) -> Vectors:
        try:
            return np.frombuffer(row.vector, dtype=np.float16)
        except ValueError as error:
            raise self.database.damaged(f"the vector of {row.id!r}") from error

    @contextmanager
    def _change(self, after: int | None = None) -> Iterator[tuple[sa.Connection, int]]:
        """Open a transaction that raises the generation, with vectors of the bound model."""
        with self.database.change(after=after) as (connection, generation):
            if self._bound:
                require_bound(connection, self._bound)
            yield connection, generation


def _chunk_row(part: Chunk, vector: Vectors, generation: int) -> dict[str, Any]:
    return {
        "id": part.id,
        "paper_id": part.paper_id,
        "start": part.start,
        "end": part.end,
        "vector": vector.tobytes(),
        "generation": generation,
    }
