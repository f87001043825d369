"""Stats: the figures of a store."""

from typing import Self

from pydantic import BaseModel

from store.catalog import Catalog


class Stats(BaseModel):
    """Figures of a store."""

    papers: int
    chunks: int
    generation: int
    model: str
    snapshot: str

    @classmethod
    def of(cls, catalog: Catalog) -> Self:
        """Return the figures of a catalog."""
        counts = catalog.counts()
        return cls(
            papers=counts.papers,
            chunks=counts.chunks,
            generation=catalog.generation,
            model=catalog.model_name,
            snapshot=catalog.snapshot(),
        )
