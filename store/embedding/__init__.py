"""Embedder: texts to unit vectors, offline, with any sentence-transformers model."""

from store.embedding.embedder import Embedder, open_embedder
from store.embedding.model import PACKAGED, Model, find_model

__all__ = ["PACKAGED", "Embedder", "Model", "find_model", "open_embedder"]
