"""PaperMap: where each paper of a snapshot stands, drawn once and kept with the store."""

import logging
import zlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from store.atlas import topics as topics_of
from store.atlas.projection import Floats, project, reduce, unit
from store.batches import batches
from store.catalog import Catalog
from store.chunks import paper_of

log = logging.getLogger(__name__)

FILE = "map.npz"
#: Papers whose vectors are read at a time.
BATCH = 1000


@dataclass(frozen=True)
class PaperMap:
    """The papers of a snapshot, in id order, with their points (n, 2) in 0..1 and topics (n,).

    `names` has the name of each topic, that of most papers first.
    """

    snapshot: str
    paper_ids: tuple[str, ...]
    points: Floats
    topics: NDArray[np.uint8]
    names: tuple[str, ...]

    def __len__(self) -> int:
        """How many papers stand on the map."""
        return len(self.paper_ids)

    @cached_property
    def by_topic(self) -> dict[str, frozenset[str]]:
        """The ids of the papers of each topic."""
        return {
            name: frozenset(self.paper_ids[place] for place in np.flatnonzero(self.topics == topic))
            for topic, name in enumerate(self.names)
        }


def draw(catalog: Catalog, folder: Path) -> PaperMap:
    """Draw the map of all papers and keep it in the store's `folder` in place of the last."""
    snapshot, paper_ids = catalog.snapshot(), catalog.paper_ids()
    reduced = reduce(_vectors(catalog, paper_ids)) if paper_ids else np.empty((0, 1), np.float32)
    topics, typical = topics_of.cluster(reduced) if paper_ids else (np.empty(0, np.uint8), [])
    texts = [_texts(catalog, [paper_ids[place] for place in own]) for own in typical]
    names = topics_of.name(texts) if texts else []
    drawn = PaperMap(snapshot, tuple(paper_ids), project(reduced), topics, tuple(names))
    try:
        _keep(drawn, folder / FILE)
    except OSError as error:
        log.warning("The map cannot be kept with the store: %s", error.strerror)
    return drawn


def kept(folder: Path) -> PaperMap | None:
    """Return the map that is kept in a store's folder, or None where there is no whole one."""
    try:
        with np.load(folder / FILE) as held:
            return PaperMap(
                str(held["snapshot"]),
                tuple(held["paper_ids"].tolist()),
                held["points"],
                held["topics"],
                tuple(held["names"].tolist()),
            )
    except (OSError, ValueError, KeyError, EOFError, RuntimeError, BadZipFile, zlib.error):
        return None


def _keep(drawn: PaperMap, file: Path) -> None:
    part = file.with_name(f"{file.name}.part")
    with part.open("wb") as stream:
        np.savez_compressed(
            stream,
            snapshot=np.array(drawn.snapshot),
            paper_ids=np.array(drawn.paper_ids, dtype=np.str_),
            points=drawn.points,
            topics=drawn.topics,
            names=np.array(drawn.names, dtype=np.str_),
        )
    part.replace(file)


def _vectors(catalog: Catalog, paper_ids: list[str]) -> Floats:
    """Return the mean of each paper's chunk vectors, of length 1, shape (n, d)."""
    place = {paper_id: place for place, paper_id in enumerate(paper_ids)}
    model = catalog.model
    sums = np.zeros((len(paper_ids), model.dimension if model else 1), dtype=np.float32)
    for some in batches(paper_ids, BATCH):
        for chunk_id, vector in catalog.chunks(some):
            sums[place[paper_of(chunk_id)]] += vector
    return unit(sums)


def _texts(catalog: Catalog, paper_ids: list[str]) -> list[str]:
    return [f"{p.title}\n{p.abstract}" for p in catalog.papers(paper_ids).values()]
