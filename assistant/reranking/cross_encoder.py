"""CrossEncoder: the reranker as PyTorch runs it, put together from two files of weights."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from store.embedding.export import Source, export_graph
from store.embedding.graph import Graph
from store.embedding.model import Model
from store.errors import ModelError
from store.offline import go_offline, hush_transformers

#: Tokens read of a question, title and sentence together; nearly all have fewer than 120.
MAX_TOKENS = 192
#: A pair is padded to a multiple of this many tokens.
PADDING_STEP = 32
#: The largest distance between a graph's logits and PyTorch's for the graph to be used. The
#: processor's bfloat16 moves a logit by a few hundredths.
AGREEMENT = 0.25

_PROBES = (
    ("What does it do?", "A title [SEP] It does very little."),
    ("How much less memory does the second method need?", "Memory [SEP] " + "It needs half. " * 12),
)


class CrossEncoder(nn.Module):
    """A BERT model, and one linear head over its first token and the mean of all."""

    def __init__(self, folder: Path, **options: Any) -> None:
        super().__init__()
        go_offline()
        from transformers import AutoModel

        hush_transformers()
        self.model = AutoModel.from_pretrained(
            folder, attn_implementation="eager", add_pooling_layer=False, **options
        )
        self.head = nn.Linear(2 * self.model.config.hidden_size, 1)

    # The tracer takes the graph's input names from this signature.
    def forward(self, input_ids: Any, attention_mask: Any, token_type_ids: Any) -> torch.Tensor:
        """Return one logit a pair, shape (pairs, 1)."""
        states = self.model(
            input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids
        ).last_hidden_state
        present = attention_mask.unsqueeze(-1).to(states.dtype)
        mean = (states * present).sum(1) / present.sum(1)
        logits: torch.Tensor = self.head(torch.cat([states[:, 0], mean], dim=-1))
        return logits


def apply_difference(model: CrossEncoder, difference: Mapping[str, torch.Tensor]) -> None:
    """Add a difference to the weights of `model`.

    `X.up` and `X.down` stand for their product, added to the weight matrix X; any other name is
    that of a weight, and its values are added to it. The head starts from zero. Raises KeyError
    for the name of a weight that is not there.
    """
    weights = dict(model.named_parameters())
    with torch.no_grad():
        weights["head.weight"].zero_()
        weights["head.bias"].zero_()
        for name, values in difference.items():
            if name.endswith(".up"):
                target = name.removesuffix(".up")
                weights[target].add_(values.float() @ difference[f"{target}.down"].float())
            elif not name.endswith(".down"):
                weights[name].add_(values.float())


class TorchReranker:
    """The reranker on the processor, with PyTorch."""

    def __init__(self, base: Model, difference: Path) -> None:
        from safetensors.torch import load_file
        from tokenizers import Tokenizer

        self.model = CrossEncoder(base.folder).eval()
        try:
            apply_difference(self.model, load_file(difference))
        except (KeyError, RuntimeError) as error:
            raise ModelError(
                f"the reranker's weights {str(difference)!r} do not fit the model {base.name}; "
                "reinstall abstract-assistant"
            ) from error
        self.tokenizer = Tokenizer.from_file(str(base.folder / "tokenizer.json"))
        self.tokenizer.enable_truncation(MAX_TOKENS)
        self.tokenizer.no_padding()

    def encode(self, inputs: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
        """Return one logit a pair, shape (len(inputs), 1); each is computed by itself."""
        results = np.empty((len(inputs), 1), dtype=np.float32)
        with torch.inference_mode():
            for row, encoding in enumerate(self.tokenizer.encode_batch(list(inputs))):
                results[row] = self.model(**self.tensors(encoding)).numpy()
        return results

    def tensors(self, encoding: Any) -> dict[str, torch.Tensor]:
        """Return the model's inputs for one encoding."""
        columns = {
            "input_ids": encoding.ids,
            "attention_mask": encoding.attention_mask,
            "token_type_ids": encoding.type_ids,
        }
        return {name: torch.tensor([column]) for name, column in columns.items()}


def compile_reranker(reference: TorchReranker, folder: Path, model: Model) -> Graph | None:
    """Export `reference` to a graph kept under `folder`; None where it cannot be compiled."""
    source = Source(
        module=reference.model,
        example=reference.tensors(reference.tokenizer.encode(*_PROBES[0])),
        tokenizer=reference.tokenizer,
        dimension=1,
        max_tokens=MAX_TOKENS,
        padding_id=0,
        padding_step=PADDING_STEP,
        prompts={},
    )

    def agrees(graph: Graph) -> bool:
        apart = np.abs(graph.encode(_PROBES) - reference.encode(_PROBES))
        return bool(apart.max() <= AGREEMENT)

    return export_graph(source, folder, model, agrees=agrees)
