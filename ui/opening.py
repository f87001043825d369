"""Opening a store as the settings say."""

from assistant.assistant import Assistant
from assistant.reranking.named_reranker import choose_reranker
from store import opening
from store.catalog import Catalog
from store.corpus import Corpus
from store.embedding import PACKAGED, open_embedder
from store.reembedding import Progress, reembed
from ui.settings import Settings


def open_corpus(settings: Settings, *, write: bool = False, create: bool = False) -> Corpus:
    """Open the store of `settings`; raises StoreError where there is none or it is empty.

    With `create`, a new store is made and an empty one accepted.
    """
    return opening.open_corpus(
        settings.store,
        model=settings.model,
        url=settings.database_url,
        cache=settings.cache,
        write=write,
        create=create,
    )


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
