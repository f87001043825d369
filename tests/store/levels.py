"""Whether the indexes of a store hold what its catalog does, as they lie on the disk."""

from pathlib import Path

import chromadb

from store.catalog import Catalog
from store.dense import DenseIndex
from store.indexes import Index, open_index
from store.lexical import LexicalIndex


def check_level(store: Path) -> None:
    """Check that both indexes hold exactly what the catalog does, as they lie on the disk."""
    catalog = Catalog(f"sqlite:///{store / 'catalog.sqlite3'}")
    papers, chunks = set(catalog.paper_ids()), {chunk_id for chunk_id, _ in catalog.chunks()}
    kinds: list[tuple[type[Index], str]] = [(LexicalIndex, "lexical"), (DenseIndex, "chroma")]
    for kind, name in kinds:
        seal = (store / f"{name}.seal").read_bytes()
        open_index(kind, store / name, catalog).close()
        assert (store / f"{name}.seal").read_bytes() == seal, f"the {name} index was not whole"
    catalog.close()
    hits = LexicalIndex(store / "lexical").search("zebra", k=len(papers) + 10)
    assert {hit.id for hit in hits} == papers
    (database,) = (store / "chroma").glob("*/chroma.sqlite3")
    settings = chromadb.Settings(anonymized_telemetry=False)
    client = chromadb.PersistentClient(str(database.parent), settings=settings)
    collection = client.get_collection("chunks", embedding_function=None)
    assert set(collection.get(include=[])["ids"]) == chunks
    client.close()
