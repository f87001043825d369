"""Traced: any model of sentence-transformers made ready to be exported to a graph."""

import logging
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from store.embedding.export import Source, export_graph
from store.embedding.graph import Graph
from store.embedding.model import Model

log = logging.getLogger(__name__)


def compile_traced(
    transformer: Any,
    folder: Path,
    model: Model,
    *,
    probes: Sequence[Any],
    outcome: Callable[[Mapping[str, Any]], Any],
    dimension: int,
    max_tokens: int,
    padding_step: int,
    prompts: Mapping[str, str],
    agrees: Callable[[Graph], bool],
) -> Graph | None:
    """Export `transformer` to a graph kept under `folder`; None where it cannot be compiled.

    `outcome` takes from what the transformer gives the tensor of shape (inputs, dimension) that
    the graph shall give; `probes` are inputs to trace it with, and `agrees` accepts the graph.
    """
    try:
        module, example = _traced(transformer, probes, outcome)
        source = Source(
            module=module,
            example=example,
            tokenizer=transformer.tokenizer.backend_tokenizer,
            dimension=dimension,
            max_tokens=max_tokens,
            padding_id=int(transformer.tokenizer.pad_token_id or 0),
            padding_step=padding_step,
            prompts=dict(prompts),
        )
    except Exception:
        # A stranger's model may lack anything that is asked of it; PyTorch can still run it.
        log.debug("the model %s cannot be compiled", model.name, exc_info=True)
        return None
    return export_graph(source, folder, model, agrees=agrees)


def _traced(
    transformer: Any, probes: Sequence[Any], outcome: Callable[[Mapping[str, Any]], Any]
) -> tuple[Any, dict[str, Any]]:
    import torch

    class Pipeline(torch.nn.Module):
        """The model from token ids to its outcome, as one function to trace."""

        def __init__(self) -> None:
            super().__init__()
            self.model = transformer

        # The tracer takes the graph's input names from this signature.
        def forward(
            self, input_ids: Any, attention_mask: Any, token_type_ids: Any = None
        ) -> torch.Tensor:
            inputs = {"input_ids": input_ids, "attention_mask": attention_mask}
            if token_type_ids is not None:
                inputs["token_type_ids"] = token_type_ids
            given: torch.Tensor = outcome(self.model(inputs))
            return given

    example = {
        name: tensor
        for name, tensor in transformer.preprocess(list(probes)).items()
        if isinstance(tensor, torch.Tensor)
    }
    return Pipeline(), example
