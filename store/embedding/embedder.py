"""Embedder: one way to embed, whatever computes it underneath."""

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from store.embedding.graph import Graph, load_graph
from store.embedding.model import PACKAGED, Model, find_model
from store.embedding.torch_model import TorchModel, compile_model

log = logging.getLogger(__name__)

Vectors = NDArray[np.float32]


class Backend(Protocol):
    """What computes the vectors."""

    dimension: int

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector a text, shape (len(texts), dimension)."""
        ...


class Embedder:
    """Texts to unit vectors of one model, named by `name` and by the `digest` of its weights."""

    def __init__(self, model: Model, backend: Backend, *, prompts: dict[str, str]) -> None:
        self.name = model.name
        self.digest = model.digest
        self.dimension = backend.dimension
        self._backend = backend
        self._prompts = prompts

    def embed_query(self, text: str) -> Vectors:
        """Return the vector of a question, shape (dimension,)."""
        vector: Vectors = self._backend.encode([self._prompts.get("query", "") + text])[0]
        return vector

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        """Return one vector a text, shape (len(texts), dimension), in the order given."""
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        prompt = self._prompts.get("document", "")
        return self._backend.encode([prompt + text for text in texts])


def open_embedder(name: str = PACKAGED, *, cache: Path) -> Embedder:
    """Open the embedder of a model by name or folder.

    The first time, the model is loaded with sentence-transformers (some seconds) and compiled
    into a graph that is kept under `cache`; from then on the graph alone is loaded, in a fraction
    of a second and without PyTorch. A model that cannot be compiled is run by
    sentence-transformers itself. Raises ModelError where the model is missing or unusable.
    """
    model = find_model(name)
    folder = cache / "graphs"
    graph = load_graph(folder, model)
    if graph is None:
        log.info("Preparing the model %s for this machine (once)", model.name)
        reference = TorchModel(model)
        graph = compile_model(reference, folder, model)
        if graph is None:
            log.warning("The model %s could not be compiled; running it with PyTorch", model.name)
            return Embedder(model, reference, prompts=reference.prompts)
    return Embedder(model, graph, prompts=graph.prompts)


__all__ = ["Backend", "Embedder", "Graph", "Vectors", "open_embedder"]
