"""TorchModel: a model as sentence-transformers runs it, and its export to a graph."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from store.embedding.graph import PADDING_STEP, Graph
from store.embedding.model import Model
from store.embedding.traced import compile_traced
from store.errors import ModelError, in_one_line
from store.offline import go_offline, hush_transformers

#: Tokens read of a text where the model names no limit.
LONGEST = 512
#: The least cosine between a graph's vector and the model's own for the graph to be used.
AGREEMENT = 0.999
#: Of two widths, and several of one, so that they are computed in company.
_PROBES = (
    "A short probe.",
    "Another one.",
    "And a third, of other words.",
    "A longer probe, so that not all are padded to the same width. " * 4,
)


class TorchModel:
    """A sentence-transformers model on the processor."""

    def __init__(self, model: Model) -> None:
        go_offline()
        from sentence_transformers import SentenceTransformer

        hush_transformers()
        try:
            self.model = SentenceTransformer(str(model.folder), device="cpu")
        except Exception as error:  # what others made may fail in any way
            raise ModelError(
                f"{str(model.folder)!r} is not a sentence-transformers model "
                f"({in_one_line(error)}); give the folder of one"
            ) from error
        self.dimension = int(self.model.get_embedding_dimension() or 0)
        known = self.model.prompts or {}
        self.prompts = {
            kind: prompt for kind in ("query", "document") if (prompt := known.get(kind))
        }

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one unit vector a text, shape (len(texts), dimension)."""
        vectors = self.model.encode(
            list(texts),
            # One at a time: in company, padding changes a vector's last bits.
            batch_size=1,
            normalize_embeddings=True,
            show_progress_bar=False,
            convert_to_numpy=True,
        )
        return np.asarray(vectors, dtype=np.float32)


def compile_model(reference: TorchModel, folder: Path, model: Model) -> Graph | None:
    """Export `reference` to a graph kept under `folder`; None where it cannot be compiled."""
    import torch

    return compile_traced(
        reference.model,
        folder,
        model,
        probes=_PROBES,
        outcome=lambda given: torch.nn.functional.normalize(given["sentence_embedding"], dim=-1),
        dimension=reference.dimension,
        max_tokens=int(reference.model.max_seq_length or LONGEST),
        padding_step=PADDING_STEP,
        prompts=reference.prompts,
        agrees=lambda graph: _agrees(graph, reference),
    )


def _agrees(graph: Graph, reference: TorchModel) -> bool:
    """Return whether the graph's vectors are the model's, the same in company as alone."""
    together = graph.encode(_PROBES)
    alone = np.concatenate([graph.encode([probe]) for probe in _PROBES])
    cosines = (together * reference.encode(_PROBES)).sum(axis=1)
    return bool(cosines.min() >= AGREEMENT) and np.array_equal(together, alone)
