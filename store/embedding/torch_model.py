"""TorchModel: a model as sentence-transformers runs it, and its export to a graph."""

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from store.embedding.export import Source, export_graph
from store.embedding.graph import PADDING_STEP, Graph
from store.embedding.model import Model
from store.errors import ModelError
from store.offline import go_offline

log = logging.getLogger(__name__)

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
        from transformers.utils import logging as transformers_logging

        transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        try:
            self.model = SentenceTransformer(str(model.folder), device="cpu")
        except Exception as error:  # what others made may fail in any way
            reason = next(iter(str(error).splitlines()), type(error).__name__)
            raise ModelError(
                f"{str(model.folder)!r} is not a sentence-transformers model ({reason}); "
                "give the folder of one"
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
    try:
        source = _source(reference)
    except Exception:
        # A stranger's model may lack anything that is asked of it; PyTorch can still run it.
        log.debug("model cannot be compiled", exc_info=True)
        return None
    return export_graph(source, folder, model, agrees=lambda graph: _agrees(graph, reference))


def _source(reference: TorchModel) -> Source:
    import torch

    model = reference.model
    features = {
        name: tensor
        for name, tensor in model.preprocess(list(_PROBES)).items()
        if isinstance(tensor, torch.Tensor)
    }

    class Pipeline(torch.nn.Module):
        """The model from token ids to unit vectors, as one function to trace."""

        def __init__(self) -> None:
            super().__init__()
            self.model = model

        # The tracer takes the graph's input names from this signature.
        def forward(
            self, input_ids: Any, attention_mask: Any, token_type_ids: Any = None
        ) -> torch.Tensor:
            inputs = {"input_ids": input_ids, "attention_mask": attention_mask}
            if token_type_ids is not None:
                inputs["token_type_ids"] = token_type_ids
            return torch.nn.functional.normalize(self.model(inputs)["sentence_embedding"], dim=-1)

    return Source(
        module=Pipeline(),
        example=features,
        tokenizer=model.tokenizer.backend_tokenizer,
        dimension=reference.dimension,
        max_tokens=int(model.max_seq_length or 512),
        padding_id=int(model.tokenizer.pad_token_id or 0),
        padding_step=PADDING_STEP,
        prompts=reference.prompts,
    )


def _agrees(graph: Graph, reference: TorchModel) -> bool:
    """Return whether the graph's vectors are the model's, the same in company as alone."""
    together = graph.encode(_PROBES)
    alone = np.concatenate([graph.encode([probe]) for probe in _PROBES])
    cosines = (together * reference.encode(_PROBES)).sum(axis=1)
    return bool(cosines.min() >= AGREEMENT) and np.array_equal(together, alone)
