"""Reembedding: the vectors of a whole store made anew with another model.

The new vectors are gathered beside the present ones, batch by batch, while the store goes on
answering with those; then all take their places in one transaction. Whatever interrupts it, no
question ever meets vectors of two models, and the next run goes on where this one stopped.
"""

import logging
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import sqlalchemy as sa

from store.access import remake_indexes
from store.binding import Binding, record
from store.catalog import Catalog
from store.chunks import embedded_text
from store.database import Database
from store.embedding import Embedder
from store.folder import DENSE, catalog_url, prepare
from store.lock import lock_of
from store.schema import chunks, papers, pending
from store.seal import break_seal

log = logging.getLogger(__name__)

#: Chunks embedded and committed at a time; what an interruption can cost.
COMMIT = 512

#: Told how many chunks are done, and of how many.
Progress = Callable[[int, int], None]


def reembed(
    folder: Path, embedder: Embedder, *, url: str | None = None, progress: Progress | None = None
) -> bool:
    """Make every vector of the store in `folder` anew, with both indexes.

    `url` is that of a catalog in another database. Returns False where the vectors are the
    embedder's already; all that is done then is to record the name that it goes by now. Raises
    StoreBusy where another process is writing.
    """
    prepare(folder)
    with lock_of(folder, url=url), closing(Catalog(url or catalog_url(folder))) as catalog:
        kept = catalog.model
        model = Binding(embedder.name, embedder.digest, embedder.dimension)
        if kept is not None and kept.digest == model.digest:
            with catalog.database.transaction() as connection:
                record(connection, model)
            return False
        _gather(catalog.database, embedder, total=catalog.counts().chunks, progress=progress)
        # Broken first, so that an index of the old vectors is never taken for one of the new.
        break_seal(folder / DENSE)
        _switch(catalog.database, model)
        remake_indexes(folder, catalog)
    return True


def _gather(
    database: Database, embedder: Embedder, *, total: int, progress: Progress | None
) -> None:
    """Embed every chunk whose new vector is not there yet, durably batch by batch."""
    with database.transaction() as connection:
        # Those of a third model, to which a change was begun and given up.
        connection.execute(sa.delete(pending).where(pending.c.digest != embedder.digest))
    done = database.rows(sa.select(sa.func.count()).select_from(pending))[0][0]
    log.info("Embedding %d chunks with %s", total, embedder.name)
    if done:
        log.info("%d of them were embedded before an interruption", done)
    last = ""
    while rows := database.rows(_missing(after=last)):
        _keep(database, embedder, rows)
        last = rows[-1].id
        done += len(rows)
        if progress:
            progress(done, total)


def _missing(*, after: str) -> sa.Select[Any]:
    """Return the query for the chunks without a new vector that come next after one, by id."""
    return (
        sa.select(chunks.c.id, chunks.c.start, chunks.c.end, papers.c.title, papers.c.abstract)
        .join(papers, papers.c.id == chunks.c.paper_id)
        .outerjoin(pending, pending.c.chunk_id == chunks.c.id)
        .where(chunks.c.id > after, pending.c.chunk_id.is_(None))
        .order_by(chunks.c.id)
        .limit(COMMIT)
    )


def _keep(database: Database, embedder: Embedder, rows: Sequence[Any]) -> None:
    texts = [embedded_text(row.title, row.abstract[row.start : row.end]) for row in rows]
    vectors = embedder.embed_documents(texts).astype(np.float16)
    with database.transaction() as connection:
        connection.execute(
            sa.insert(pending),
            [
                {"chunk_id": row.id, "digest": embedder.digest, "vector": vector.tobytes()}
                for row, vector in zip(rows, vectors, strict=True)
            ],
        )


def _switch(database: Database, model: Binding) -> None:
    """Put the new vectors and their model in the place of the present ones, all at once."""
    own = sa.select(pending.c.vector).where(pending.c.chunk_id == chunks.c.id).scalar_subquery()
    with database.change() as (connection, _):
        # A chunk without a new vector would violate the column's NOT NULL, and nothing changes.
        connection.execute(sa.update(chunks).values(vector=own))
        connection.execute(sa.delete(pending))
        record(connection, model)
