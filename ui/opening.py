"""Opening a store as the settings say."""

from contextlib import closing

from assistant.assistant import Assistant
from assistant.named_reranker import open_named_reranker
from assistant.reranker import Reranker, open_reranker
from store.catalog import Catalog
from store.corpus import Corpus
from store.embedding import PACKAGED, Embedder, open_embedder
from store.errors import ModelNotFound, StoreError
from store.folder import CATALOG, catalog_url
from store.reembedding import Progress, reembed
from ui.settings import Settings


def open_corpus(settings: Settings, *, write: bool = False, create: bool = False) -> Corpus:
    """Open the store of `settings`; raises StoreError where there is none or it is empty.

    With `create`, a new store is made and an empty one accepted.
    """
    if not create:
        _require(settings)
    embedder = _open_embedder(settings)
    corpus = Corpus(settings.store, embedder, url=settings.database_url, write=write)
    if not create and not len(corpus):
        corpus.close()
        raise StoreError(
            f"the store in {str(settings.store)!r} holds no papers; add some: assistant add FILE"
        )
    return corpus


def open_assistant(corpus: Corpus, settings: Settings) -> Assistant:
    """Return the assistant over an open store, with the reranker unless it is switched off."""
    return Assistant(corpus, _reranker(settings))


def _reranker(settings: Settings) -> Reranker | None:
    if not settings.rerank:
        return None
    if settings.reranker:
        return open_named_reranker(settings.reranker, settings.cache)
    return open_reranker(settings.cache)


def open_catalog(settings: Settings) -> Catalog:
    """Open the store's catalog alone: no model, no index, no lock."""
    _require(settings)
    return Catalog(settings.database_url or catalog_url(settings.store))


def embed_anew(settings: Settings, *, progress: Progress | None = None) -> bool:
    """Make the store's vectors anew with the model set, and return whether that was needed.

    Raises StoreError where there is no store.
    """
    _require(settings)
    embedder = open_embedder(settings.model or PACKAGED, cache=settings.cache)
    return reembed(settings.store, embedder, url=settings.database_url, progress=progress)


def _open_embedder(settings: Settings) -> Embedder:
    """Open the model that is set, else the store's own."""
    if settings.model or not _exists(settings):
        return open_embedder(settings.model or PACKAGED, cache=settings.cache)
    with closing(open_catalog(settings)) as catalog:
        own = catalog.model
    try:
        return open_embedder(own.name if own else PACKAGED, cache=settings.cache)
    except ModelNotFound as error:
        raise ModelNotFound(
            f"{error}; where this store's model now lies in another folder, say so once with: "
            "assistant repair --model FOLDER"
        ) from error


def _exists(settings: Settings) -> bool:
    return bool(settings.database_url) or (settings.store / CATALOG).exists()


def _require(settings: Settings) -> None:
    if not _exists(settings):
        raise StoreError(
            f"no store in {str(settings.store)!r}; add papers first: "
            "assistant add FILE, or look around with: assistant demo"
        )
