"""Opening a store as the settings say."""

from assistant.assistant import Assistant
from assistant.reranking.named_reranker import choose_reranker
from store import opening
from store.catalog import Catalog
from store.corpus import Corpus
from store.embedding import PACKAGED, open_embedder
from store.errors import StoreBusy
from store.reembedding import Progress, reembed
from ui.settings import Settings

#: How a running server is named where it holds a store.
SERVING = "(assistant serve)"
THROUGH_THE_SERVER = (
    "on its papers' pages, with POST /api/v1/papers, or with DELETE /api/v1/papers/ID"
)


def open_corpus(settings: Settings, *, write: bool = False, create: bool = False) -> Corpus:
    """Open the store of `settings`; raises StoreError where there is none or it is empty.

    With `create`, a new store is made and an empty one accepted.
    """
    try:
        return opening.open_corpus(
            settings.store,
            model=settings.model,
            url=settings.database_url,
            cache=settings.cache,
            write=write,
            create=create,
        )
    except StoreBusy as error:
        # A server that has changed papers once goes on holding the store.
        if SERVING not in str(error):
            raise
        raise StoreBusy(f"{error}; or have it add or remove them: {THROUGH_THE_SERVER}") from error


def open_assistant(corpus: Corpus, settings: Settings) -> Assistant:
    """Return the assistant over an open store, with the reranker unless it is switched off."""
    chosen = settings.rerank and (settings.reranker or True)
    return Assistant(corpus, choose_reranker(chosen, cache=settings.cache))


def store_exists(settings: Settings) -> bool:
    """Return whether there is a store where `settings` say."""
    return opening.store_exists(settings.store, url=settings.database_url)


def open_catalog(settings: Settings) -> Catalog:
    """Open the store's catalog alone: no model, no index, no lock."""
    return opening.open_catalog(settings.store, url=settings.database_url)


def embed_anew(settings: Settings, *, progress: Progress | None = None) -> bool:
    """Make the store's vectors anew with the model set, and return whether that was needed.

    Raises StoreError where there is no store.
    """
    opening.require_store(settings.store, url=settings.database_url)
    embedder = open_embedder(settings.model or PACKAGED, cache=settings.cache)
    return reembed(settings.store, embedder, url=settings.database_url, progress=progress)
