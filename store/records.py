"""Records: papers as rows of the catalog, each held against its hash when it is read."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from store.batches import SLICE, batches
from store.connecting import ONE_RECORD
from store.database import Database
from store.errors import StoreError
from store.papers import Paper
from store.schema import papers

#: What SQLite says of bytes that are no text any more.
UNREADABLE = "Could not decode to UTF-8"


def row_of(paper: Paper, generation: int) -> dict[str, Any]:
    """Return the row of a paper that was written with a generation."""
    row = paper.model_dump(mode="json")
    return {**row, "content_hash": paper.content_hash, "generation": generation}


def read(database: Database, paper_ids: Collection[str]) -> dict[str, Paper]:
    """Return the papers of these ids, in the order asked; unknown ids are left out.

    Raises StoreError where one is not as it was written.
    """
    found = {
        row.id: _paper(database, row)
        for some in batches(paper_ids, SLICE)
        for row in _rows(database, some)
    }
    return {paper_id: found[paper_id] for paper_id in paper_ids if paper_id in found}


def hashes(database: Database, paper_ids: Collection[str]) -> dict[str, str]:
    """Return the hash that is recorded of each of these papers; unknown ids are left out."""
    query = sa.select(papers.c.id, papers.c.content_hash)
    return {
        row.id: row.content_hash
        for some in batches(paper_ids, SLICE)
        for row in database.rows(query.where(papers.c.id.in_(some)))
    }


def texts(database: Database, paper_ids: Collection[str]) -> Iterator[tuple[str, str, str, str]]:
    """Yield id, title, abstract and content hash of these papers, in the order asked.

    The hash is "" where the record is not as it was written. Unknown ids are left out.
    """
    try:
        for paper in read(database, paper_ids).values():
            yield paper.id, paper.title, paper.abstract, paper.content_hash
    except StoreError:
        query = sa.select(papers.c.id, papers.c.title, papers.c.abstract)
        for paper_id in paper_ids:
            try:
                rows = database.rows(query.where(papers.c.id == paper_id))
            except StoreError as error:
                _require_unreadable(error)
                yield paper_id, "", "", ""
                continue
            for row in rows:
                yield row.id, row.title, row.abstract, _hash_if_whole(database, paper_id)


def _rows(database: Database, paper_ids: Sequence[str]) -> Sequence[Any]:
    """Return the rows of these papers; raise StoreError, by its id, where one is no text."""
    try:
        return database.rows(sa.select(papers).where(papers.c.id.in_(paper_ids)))
    except StoreError as error:
        _require_unreadable(error)
        if len(paper_ids) == 1:
            raise _damaged(database, paper_ids[0]) from error
        # Which one it is SQLite does not say.
        return [row for paper_id in paper_ids for row in _rows(database, [paper_id])]


def _require_unreadable(error: StoreError) -> None:
    """Raise the error unless it says that a record is no text any more."""
    if UNREADABLE not in str(error):
        raise error


def _hash_if_whole(database: Database, paper_id: str) -> str:
    try:
        return read(database, [paper_id])[paper_id].content_hash
    except StoreError:
        return ""


def _paper(database: Database, row: Any) -> Paper:
    """Return the paper of a row; raise StoreError where it is not as it was written."""
    try:
        paper = Paper.model_validate({name: getattr(row, name) for name in Paper.model_fields})
    except ValueError as error:
        raise _damaged(database, row.id) from error
    if paper.content_hash != row.content_hash:
        raise _damaged(database, row.id)
    return paper


def _damaged(database: Database, paper_id: str) -> StoreError:
    return database.unusable(f"the record of {paper_id!r} is damaged", ONE_RECORD)
