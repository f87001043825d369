"""Corpus: the papers of one store, and the searches over them."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from math import inf
from pathlib import Path
from threading import TIMEOUT_MAX, Lock
from time import monotonic
from types import TracebackType
from typing import Self

from store import atlas
from store.access import Access
from store.adding import AddReport, add_batch
from store.atlas import PaperMap
from store.batches import batches
from store.catalog import Catalog
from store.chroma_client import ChromaServer
from store.connecting import is_server
from store.dense import Neighbours, Vectors, stacked
from store.embedding import Embedder
from store.errors import PaperNotFound, StoreBusy
from store.folder import catalog_url, prepare, require_catalog
from store.hits import Hit
from store.lexical import LexicalIndex
from store.nearest import Nearest
from store.papers import Paper, title_key
from store.readers import Record
from store.recency import last_added
from store.selection import Shelf
from store.sharing import SharedAccess
from store.stats import Stats

#: Chunks up to which a search compares with every vector (under 3 ms on one core). A graph can
#: leave a chunk out of reach: among 1,760 real ones, built with generous settings, one was.
EXACT_UP_TO = 20_000
#: Papers embedded and committed at a time; what an interruption can cost.
COMMIT = 256


class Corpus:
    """One open store; safe to search from several threads, changed by one at a time.

    Any number of processes may read while one writes. A process becomes the writer with its
    first change, and stays it until the store is closed.
    """

    def __init__(
        self,
        folder: Path,
        embedder: Embedder,
        *,
        url: str | None = None,
        chroma: ChromaServer | None = None,
        write: bool = False,
        exact_up_to: int = EXACT_UP_TO,
    ) -> None:
        """Open or create the store in `folder`; `url` puts the catalog in another database.

        Where that is a server, several machines may share the store, and the `chroma` server,
        if there is one, has its chunks; else it has none.

        A store of more than `exact_up_to` chunks is searched through Chroma's graph, by the
        process that can have it. With `write`, raises StoreBusy where another process is
        writing. Raises StoreError where the store cannot be used, ModelError where another model
        built it.
        """
        self.folder = folder
        self._embedder = embedder
        prepare(folder)
        if not url:
            require_catalog(folder)
        self._changing = Lock()
        # Each kept with the generation that it belongs to.
        self._snapshot: tuple[int, str] | None = None
        self._size: tuple[int, int] | None = None
        self._catalog = Catalog(url or catalog_url(folder))
        self._catalog.bind_model(
            name=embedder.name, digest=embedder.digest, dimension=embedder.dimension
        )
        self._nearest = Nearest(self._catalog)
        self._access: Access | SharedAccess
        if url and is_server(url):
            self._access = SharedAccess(
                folder, self._catalog, url, chroma=chroma, write=write, exact_up_to=exact_up_to
            )
        else:
            self._access = Access(folder, self._catalog, write=write, exact_up_to=exact_up_to)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Release the store."""
        self._access.close()
        self._catalog.close()

    # -- changing ---------------------------------------------------------------------------

    def add(
        self,
        records: Iterable[Record],
        *,
        progress: Callable[[int], None] | None = None,
        patience: float = inf,
    ) -> AddReport:
        """Add papers or bring them up to date; a paper that says nothing new changes nothing.

        Each batch is durable once `progress` has been called with the number of its records. The
        indexes follow at the end, also where `records` raises; and after each batch where other
        threads ask, who wait for that. Raises StoreBusy where another thread goes on changing the
        papers for `patience` seconds.
        """
        report = AddReport()
        with self._change(patience):
            for batch in batches(records, COMMIT):
                add_batch(self._catalog, self._embedder, batch, report)
                if progress:
                    progress(len(batch))
                self._access.follow()
        return report

    def remove(self, paper_ids: Sequence[str], *, patience: float = inf) -> int:
        """Remove papers, each by its id or one that it had before, and return how many.

        Raises PaperNotFound, and removes none, where one is unknown, and StoreBusy as `add` does.
        """
        with self._change(patience):
            known = self._catalog.resolve(paper_ids)
            if unknown := [paper_id for paper_id in paper_ids if paper_id not in known]:
                raise PaperNotFound(
                    f"no paper {unknown[0]!r} in this store; nothing was removed, check the id"
                )
            wanted = list(dict.fromkeys(known.values()))
            if wanted:
                self._catalog.remove(wanted)
        return len(wanted)

    def repair(self) -> None:
        """Make both indexes anew from the catalog; nothing is embedded again."""
        with self._change(inf):
            self._access.rebuild()

    @contextmanager
    def _change(self, patience: float) -> Iterator[None]:
        """Be the one thread that changes the papers, and leave both indexes level with them."""
        until = monotonic() + patience
        if not self._changing.acquire(timeout=min(patience, TIMEOUT_MAX)):
            raise StoreBusy(
                "this store's papers are being changed already, and that goes on; try again later"
            )
        try:
            with self._access.changing(patience=max(0.0, until - monotonic())):
                yield
        finally:
            self._changing.release()

    # -- reading ----------------------------------------------------------------------------

    def get(self, paper_ids: Collection[str]) -> dict[str, Paper]:
        """Return the papers that have these ids, or had them before, by these and in their order.

        An id may be as people write it: without its kind, with a version, in capitals, an address.
        Unknown ids are left out.
        """
        return self._catalog.find(paper_ids)

    def paper(self, paper_id: str) -> Paper:
        """Return the paper of an id, or that had it before; raise PaperNotFound if none did."""
        found = self.get([paper_id])
        if not found:
            raise PaperNotFound(f"no paper {paper_id!r} in this store; check the id")
        return found[paper_id]

    def titled(self, *titles: str) -> dict[str, Paper]:
        """Return the papers of any of these titles, however their sources write it, by id."""
        owners = self._catalog.owners([title_key(title) for title in titles])
        return self._catalog.papers(sorted({each for ids in owners.values() for each in ids}))

    def papers(self) -> Iterator[Paper]:
        """Yield every paper, in id order."""
        return self._catalog.every_paper()

    def stats(self) -> Stats:
        """Return the store's figures."""
        return Stats.of(self._catalog)

    @property
    def generation(self) -> int:
        """The number of changes committed so far."""
        return self._catalog.generation

    @property
    def is_level(self) -> bool:
        """Whether what is searched is of the papers as they are; not after an index has failed."""
        return self._access.is_level

    def steady(self) -> AbstractContextManager[int]:
        """Take the generation for the same on this thread, and give it; see `Database.steady`."""
        return self._catalog.database.steady()

    @property
    def snapshot(self) -> str:
        """The hash of the papers and the model: what an answer depends on besides its question."""
        generation = self._catalog.generation
        snapshot = self._snapshot
        if snapshot is None or snapshot[0] != generation:
            snapshot = self._snapshot = (generation, self._catalog.snapshot())
        return snapshot[1]

    @property
    def last_added(self) -> str | None:
        """The day, in ISO 8601, on which papers were last added; None where that is not known."""
        return last_added(self._catalog.database)

    def __len__(self) -> int:
        """How many papers the store holds."""
        generation = self._catalog.generation
        size = self._size
        if size is None or size[0] != generation:
            size = self._size = (generation, self._catalog.counts().papers)
        return size[1]

    def select(self, **filters: object) -> frozenset[str]:
        """Return the ids of the papers that pass; see `store.conditions.Conditions`."""
        return self._catalog.select(**filters)

    def browse(self, *, k: int, skip: int = 0, **filters: object) -> Shelf:
        """Return `k` of the papers that pass, after the `skip` newest."""
        return self._catalog.browse(k=k, skip=skip, **filters)

    def values(
        self, name: str, *, like: str = "", k: int, **filters: object
    ) -> tuple[dict[str, int], int]:
        """Return the `k` commonest values of a column with `like` in them, and how many there are.

        Each with the number of papers that pass the filters and hold it.
        """
        return self._catalog.values(name, like=like, k=k, **filters)

    @property
    def lexical(self) -> LexicalIndex:
        """The lexical index as it is now; it may be searched from any thread."""
        return self._access.lexical

    def search_lexical(
        self, text: str, *, k: int, within: Collection[str] | None = None
    ) -> list[Hit]:
        """Return the `k` best papers by BM25, best first; `within` limits them to these ids."""
        return self.lexical.search(text, k=k, within=within)

    def count(self, text: str, *, within: Collection[str] | None = None) -> int:
        """Return how many papers hold every word of `text` in some form."""
        return self.lexical.count(text, within=within)

    def search_dense(
        self, text: str, *, k: int, within: Collection[str] | None = None
    ) -> list[Hit]:
        """Return the `k` nearest chunks by cosine, best first; `within` limits their papers."""
        return self.nearest(self.embed(text), k=k, within=within).hits

    def embed(self, text: str) -> Vectors:
        """Return the vector of a question, shape (dimension,)."""
        return self._embedder.embed_query(text)

    def vectors(self, chunk_ids: Collection[str]) -> Vectors:
        """Return the unit vectors of these chunks that exist, sorted by id, one a row."""
        found = sorted(self._catalog.vectors(chunk_ids), key=lambda pair: pair[0])
        # Once they are read: what another process does after that is no matter.
        self._catalog.require_model()
        return stacked(found)[1]

    def nearest(
        self, vector: Vectors, *, k: int, within: Collection[str] | None = None
    ) -> Neighbours:
        """Return the `k` chunks nearest to a vector, best first; `within` limits their papers."""
        papers = None if within is None else frozenset(within)
        return self._nearest.search(vector, k=k, within=papers, graph=self._access.graph)

    def load(self) -> None:
        """Read into memory what searching and browsing need, for a process that does much of it."""
        self._nearest.load()
        self.browse(k=1)

    def draw_map(self) -> PaperMap:
        """Draw the map of the papers as they are now, and keep it with the store."""
        return atlas.draw(self._catalog, self.folder)

    def document_frequencies(self, terms: Collection[str]) -> dict[str, int]:
        """Return how many papers hold each of these index terms."""
        index = self.lexical
        return {term: index.document_frequency(term) for term in terms}

    def vocabulary(self, initial: str) -> Mapping[str, int]:
        """Return the words in lower case with that first letter, and how many papers hold each."""
        return self.lexical.vocabulary(initial)
