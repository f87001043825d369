"""Opening a store that exists, or making a new one, with the model that belongs to it."""

from contextlib import closing
from pathlib import Path

from platformdirs import user_cache_path, user_data_path

from store.catalog import Catalog
from store.chroma_client import ChromaServer
from store.corpus import Corpus
from store.embedding import PACKAGED, Embedder, open_embedder
from store.errors import ModelNotFound, StoreError
from store.folder import CATALOG, catalog_url, require_catalog

_APP = "abstract-assistant"


def default_store() -> Path:
    """Return the folder of the store where none is named: in the platform's data folder."""
    return user_data_path(_APP) / "store"


def default_cache() -> Path:
    """Return the platform's folder for what can be made anew, such as compiled models."""
    return user_cache_path(_APP)


def open_corpus(
    folder: Path,
    *,
    model: str | None = None,
    url: str | None = None,
    chroma: ChromaServer | None = None,
    cache: Path | None = None,
    write: bool = False,
    create: bool = False,
) -> Corpus:
    """Open the store in `folder`; raises StoreError where there is none or it is empty.

    `model` is the store's own where none is named, `url` another database for its catalog, `chroma`
    the server of its chunks, and `cache` keeps the compiled model. With `create`, a new store is
    made and an empty one accepted.
    """
    if not create:
        require_store(folder, url=url)
    embedder = _open_embedder(folder, model=model, url=url, cache=cache or default_cache())
    corpus = Corpus(folder, embedder, url=url, chroma=chroma, write=write)
    if not create and not len(corpus):
        corpus.close()
        raise StoreError(
            f"the store in {str(folder)!r} holds no papers; add some: assistant add FILE"
        )
    return corpus


def open_catalog(folder: Path, *, url: str | None = None) -> Catalog:
    """Open the store's catalog alone: no model, no index, no lock."""
    require_store(folder, url=url)
    return Catalog(url or catalog_url(folder))


def require_store(folder: Path, *, url: str | None = None) -> None:
    """Raise StoreError where there is no store in `folder`, or its catalog is gone."""
    if not url:
        require_catalog(folder)
    if not store_exists(folder, url=url):
        raise StoreError(
            f"no store in {str(folder)!r}; add papers first: "
            "assistant add FILE, or look around with: assistant demo"
        )


def store_exists(folder: Path, *, url: str | None = None) -> bool:
    """Return whether there is a store in `folder`, or a catalog at `url`."""
    return bool(url) or (folder / CATALOG).exists()


def _open_embedder(folder: Path, *, model: str | None, url: str | None, cache: Path) -> Embedder:
    """Open the model that is named, else the store's own."""
    if model or not store_exists(folder, url=url):
        return open_embedder(model or PACKAGED, cache=cache)
    with closing(open_catalog(folder, url=url)) as catalog:
        own = catalog.model
    try:
        return open_embedder(own.name if own else PACKAGED, cache=cache)
    except ModelNotFound as error:
        raise ModelNotFound(
            f"{error}; where this store's model now lies in another folder, say so once with: "
            "assistant repair --model FOLDER"
        ) from error
