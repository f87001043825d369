"""Adding: records become catalog entries, embedded only where their text is new."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from store.catalog import Catalog, Entry
from store.chunks import chunk, embedded_text
from store.embedding import Embedder
from store.papers import Paper
from store.readers import Record, Skipped


@dataclass(slots=True)
class AddReport:
    """What adding did, counted by record; `skipped` says where and why."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    skipped: list[Skipped] = field(default_factory=list)


def add_batch(
    catalog: Catalog, embedder: Embedder, batch: Sequence[Record], report: AddReport
) -> None:
    """Add the papers of a batch to the catalog, durably, and count them in `report`.

    A paper that is known already is merged with its record: what the new one leaves out is kept.
    """
    known = catalog.papers({record.id for record in batch if isinstance(record, Paper)})
    latest = dict(known)
    for record in batch:
        if isinstance(record, Skipped):
            report.skipped.append(record)
        else:
            old = latest.get(record.id)
            latest[record.id] = old.merged_with(record) if old else record
            report.unchanged += 1
    # A paper that several records of the batch speak of is added or updated once.
    for paper_id, paper in latest.items():
        old = known.get(paper_id)
        if old is None:
            report.added += 1
            report.unchanged -= 1
        elif old.content_hash != paper.content_hash:
            report.updated += 1
            report.unchanged -= 1
    changed = [paper for paper in latest.values() if paper != known.get(paper.id)]
    same_text = [paper for paper in changed if _same_text(paper, known.get(paper.id))]
    catalog.touch(same_text)
    catalog.write(_entries(embedder, [paper for paper in changed if paper not in same_text]))


def _same_text(paper: Paper, old: Paper | None) -> bool:
    return old is not None and (old.title, old.abstract) == (paper.title, paper.abstract)


def _entries(embedder: Embedder, papers: Sequence[Paper]) -> list[Entry]:
    parts = [chunk(paper) for paper in papers]
    texts = [
        embedded_text(paper.title, part.text)
        for paper, own in zip(papers, parts, strict=True)
        for part in own
    ]
    vectors = iter(embedder.embed_documents(texts).astype(np.float16))
    return [
        Entry(paper, own, np.stack([next(vectors) for _ in own]))
        for paper, own in zip(papers, parts, strict=True)
    ]
