"""Adding: records become catalog entries, embedded only where their text is new."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from store.catalog import Catalog, Entry
from store.chunks import chunk, embedded_text
from store.embedding import Embedder
from store.identity import Gathering, keys
from store.papers import Paper
from store.readers import Record, Skipped
from store.readers.record import shortened
from store.sayings import sayings


@dataclass(slots=True)
class AddReport:
    """What adding did, counted by record; `skipped` says where and why.

    `reading` is the catalog's generation when it began.
    """

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    skipped: list[Skipped] = field(default_factory=list)
    reading: int | None = field(default=None, compare=False)

    def __add__(self, other: "AddReport") -> "AddReport":
        """Return what both did, one after the other."""
        return AddReport(
            self.added + other.added,
            self.updated + other.updated,
            self.unchanged + other.unchanged,
            [*self.skipped, *other.skipped],
        )


def add_batch(
    catalog: Catalog, embedder: Embedder, batch: Sequence[Record], report: AddReport
) -> None:
    """Add the papers of a batch to the catalog, durably, and count them in `report`.

    A paper that is known already, under whatever identifier, is merged with its record: what the
    new one leaves out is kept.
    """
    report.skipped.extend(record for record in batch if isinstance(record, Skipped))
    # Whoever loses the writers' lock without a word must not write by what it read before.
    before = catalog.generation
    records = [record for record in batch if isinstance(record, Paper)]
    if report.reading is None:
        report.reading = before
    owners = catalog.owners({key for record in records for key in keys(record)})
    known = catalog.papers({paper_id for ids in owners.values() for paper_id in ids})
    said = sayings(catalog.database, known, reading=report.reading)
    gathering = Gathering(known, owners, sayings=said, reading=report.reading)
    refused = [record for record in records if not gathering.add(record)]
    report.skipped.extend(_refused(record) for record in refused)
    report.unchanged += len(records) - len(refused)
    for paper_id, origins in gathering.origins.items():
        # A paper that several records of the batch speak of is added or updated once.
        if not origins:
            report.added += 1
            report.unchanged -= 1
        elif any(known[old].content_hash != _hash(gathering, paper_id) for old in origins):
            report.updated += 1
            report.unchanged -= 1
    _write(catalog, embedder, gathering, known, after=before)
    catalog.know_as(_unheard(gathering, owners))


def _refused(record: Paper) -> Skipped:
    reason = (
        f"{shortened(record.title)!r} has the identifier of another paper ({record.id}) and a title"
        " that a third one has; give it an identifier of its own"
    )
    return Skipped(record.source or "papers", None, reason)


def _unheard(
    gathering: Gathering, owners: Mapping[str, Collection[str]]
) -> dict[str, frozenset[str]]:
    """Return the keys that papers were met under and that their records do not say themselves."""
    heard = {
        paper_id: keys(gathering.papers[paper_id])
        | {key for key in names if paper_id in owners.get(key, ())}
        for paper_id, names in gathering.names.items()
    }
    more = {paper_id: names - heard[paper_id] for paper_id, names in gathering.names.items()}
    return {paper_id: names for paper_id, names in more.items() if names}


def _hash(gathering: Gathering, paper_id: str) -> str:
    return gathering.papers[paper_id].content_hash


def _write(
    catalog: Catalog,
    embedder: Embedder,
    gathering: Gathering,
    known: Mapping[str, Paper],
    *,
    after: int,
) -> None:
    """Write what has changed; embed only a text that no record of the paper had before.

    `after` is the generation at which `known` was read.
    """
    touched: list[Paper] = []
    renamed: list[tuple[Paper, Paper]] = []
    new: list[Paper] = []
    for paper_id, origins in gathering.origins.items():
        paper = gathering.papers[paper_id]
        same_text = sorted(old for old in origins if _same_text(paper, known[old]))
        if origins == {paper_id} and same_text:
            if paper != known[paper_id]:
                touched.append(paper)
        elif same_text:
            renamed.append((paper, known[same_text[0]]))
        else:
            new.append(paper)
    catalog.touch(touched, after=after)
    entries = [*_renamed(catalog, renamed), *_entries(embedder, new)]
    former = {entry.paper.id: gathering.origins[entry.paper.id] for entry in entries}
    catalog.write(entries, origins=former, after=after + bool(touched))


def _same_text(paper: Paper, old: Paper) -> bool:
    return (old.title, old.abstract) == (paper.title, paper.abstract)


def _renamed(catalog: Catalog, papers: Sequence[tuple[Paper, Paper]]) -> Iterator[Entry]:
    """Yield papers that have become known by other ids, with the vectors of their old chunks."""
    for paper, old in papers:
        own = chunk(paper)
        vectors = dict(catalog.vectors([part.id for part in chunk(old)]))
        yield Entry(paper, own, np.stack([vectors[part.id] for part in chunk(old)]))


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
