"""CrossEncoderModel: any sentence-transformers CrossEncoder as a reranker."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from store.embedding.graph import Graph
from store.embedding.model import Model
from store.embedding.traced import compile_traced
from store.errors import ModelError, in_one_line
from store.offline import go_offline, hush_transformers

#: Tokens read of a question, title and sentence together, where the model would take more.
MAX_TOKENS = 512
#: A pair is padded to a multiple of this many tokens.
PADDING_STEP = 32
#: The largest distance between a graph's logits and PyTorch's for the graph to be used, as a
#: share of the spread of PyTorch's.
AGREEMENT = 0.05

Pairs = Sequence[tuple[str, str]]


class CrossEncoderModel:
    """A CrossEncoder on the processor, with PyTorch. Raises ModelError where it cannot rerank."""

    def __init__(self, model: Model) -> None:
        go_offline()
        from sentence_transformers import CrossEncoder

        hush_transformers()
        try:
            # Its own code, where it brings any, is not run.
            self.model = CrossEncoder(str(model.folder), device="cpu", local_files_only=True)
        except Exception as error:  # what others made may fail in any way
            raise ModelError(
                f"{model.name!r} is not a sentence-transformers CrossEncoder "
                f"({in_one_line(error)}); give the name or folder of one"
            ) from error
        self._require_one_score(model.name)
        self.model.max_seq_length = min(self.model.max_seq_length or MAX_TOKENS, MAX_TOKENS)

    def encode(self, inputs: Pairs) -> NDArray[np.float32]:
        """Return one logit a pair, shape (len(inputs), 1); each is computed by itself."""
        import torch

        identity = torch.nn.Identity()
        rows = [
            self.model.predict([one], activation_fn=identity, show_progress_bar=False)
            for one in inputs
        ]
        return np.array(rows, dtype=np.float32).reshape(len(inputs), 1)

    def _require_one_score(self, name: str) -> None:
        labels = int(self.model.num_labels)
        if labels != 1:
            raise ModelError(
                f"the reranker {name!r} gives {labels} scores a pair and must give one; "
                "name a CrossEncoder with one label"
            )
        # To a model without a head the library adds one with random weights.
        built = getattr(self.model[0].model.config, "architectures", None) or ("",)
        if len(self.model) == 1 and not built[0].endswith("ForSequenceClassification"):
            raise ModelError(
                f"{name!r} is no CrossEncoder: it has no scoring head; name one that has, "
                "such as cross-encoder/ms-marco-MiniLM-L6-v2"
            )


def compile_cross_encoder(
    reference: CrossEncoderModel, folder: Path, model: Model, *, probes: Pairs
) -> Graph | None:
    """Export `reference` to a graph kept under `folder`.

    Returns None where it cannot be compiled, or where the graph, asked for `probes`, does not
    agree with it or gives a pair another logit in company than alone.
    """

    def agrees(graph: Graph) -> bool:
        expected, found = reference.encode(probes), graph.encode(probes)
        alone = np.concatenate([graph.encode([probe]) for probe in probes])
        near = np.abs(found - expected).max() <= AGREEMENT * np.ptp(expected)
        return bool(near) and np.array_equal(found, alone)

    return compile_traced(
        reference.model,
        folder,
        model,
        probes=probes[:2],
        outcome=lambda given: given["scores"].reshape(-1, 1),
        dimension=1,
        max_tokens=int(reference.model.max_seq_length),
        padding_step=PADDING_STEP,
        prompts={},
        agrees=agrees,
    )
