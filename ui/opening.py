"""Opening a store as the settings say."""

from contextlib import closing

from assistant.assistant import Assistant
from assistant.reranking.named_reranker import choose_reranker
from store import opening
from store.catalog import Catalog
from store.chroma_client import ChromaServer
from store.chroma_server import ServerIndex
from store.connecting import is_server
from store.corpus import Corpus
from store.embedding import PACKAGED, open_embedder
from store.errors import SettingsError, StoreBusy
from store.lock import lock_of
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
            chroma=chroma_server(settings),
            cache=settings.cache,
            write=write,
            create=create,
        )
    except StoreBusy as error:
        # A server that has changed papers once goes on holding the store.
        if SERVING not in str(error):
            raise
        raise StoreBusy(f"{error}; or have it add or remove them: {THROUGH_THE_SERVER}") from error


def chroma_server(settings: Settings) -> ChromaServer | None:
    """Return where the chunks of a shared store are, if they are on a server."""
    if not settings.chroma_url:
        return None
    if not (settings.database_url and is_server(settings.database_url)):
        raise SettingsError(
            f"ASSISTANT_CHROMA_URL is {settings.chroma_url!r}, which is for a catalog on "
            "PostgreSQL; set ASSISTANT_DATABASE_URL too, or leave it out"
        )
    return ChromaServer(
        url=settings.chroma_url,
        collection=settings.chroma_collection,
        key=settings.chroma_key.get_secret_value() if settings.chroma_key else None,
        tenant=settings.chroma_tenant,
        database=settings.chroma_database,
    )


def remake_on_server(settings: Settings) -> None:
    """Make the chunks on the Chroma server anew from the catalog, where there is one."""
    server = chroma_server(settings)
    if server and settings.database_url:
        with (
            closing(open_catalog(settings)) as catalog,
            lock_of(settings.store, url=settings.database_url),
        ):
            ServerIndex(server).rebuild(catalog)


def take_collection(settings: Settings, *, former: str) -> None:
    """Make the Chroma collection of a store that is gone this store's; see `ServerIndex`."""
    server = chroma_server(settings)
    if server is None or settings.database_url is None:
        raise SettingsError(
            "no Chroma server is set; set ASSISTANT_CHROMA_URL, or leave out --take-from"
        )
    with (
        closing(open_catalog(settings)) as catalog,
        lock_of(settings.store, url=settings.database_url),
    ):
        ServerIndex(server).take_over(catalog, former=former)


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
