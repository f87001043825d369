"""TorchModel: a model as sentence-transformers runs it, and its export to a graph."""

import logging
import shutil
import tempfile
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from store.embedding.graph import Graph, Manifest, graph_folder, load_graph, weights_digest
from store.embedding.model import Model
from store.errors import ModelError
from store.offline import go_offline

log = logging.getLogger(__name__)

#: Tokens read of a text where the model names no limit.
LONGEST = 512
#: The least cosine between a graph's vector and the model's own for the graph to be used.
AGREEMENT = 0.999
_PROBES = ("A short probe.", "A longer probe, so that the two are padded to different widths. " * 4)


class TorchModel:
    """A sentence-transformers model on the processor."""

    def __init__(self, model: Model) -> None:
        go_offline()
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging as transformers_logging

        transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        try:
            self.model = SentenceTransformer(str(model.folder), device="cpu")
        except (OSError, ValueError, KeyError) as error:
            raise ModelError(
                f"{str(model.folder)!r} is not a sentence-transformers model "
                f"({str(error).splitlines()[0]}); give the folder of one"
            ) from error
        self.dimension = int(self.model.get_embedding_dimension() or 0)
        known = self.model.prompts or {}
        self.prompts = {
            kind: prompt for kind in ("query", "document") if (prompt := known.get(kind))
        }

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one unit vector a text, shape (len(texts), dimension)."""
        vectors = self.model.encode(
            list(texts), normalize_embeddings=True, show_progress_bar=False, convert_to_numpy=True
        )
        return np.asarray(vectors, dtype=np.float32)


def export_graph(reference: TorchModel, folder: Path, model: Model) -> Graph | None:
    """Compile `reference`, keep the graph under `folder`, and return it.

    The graph is written aside and moved into place whole. Returns None where the model cannot be
    compiled or its graph does not agree with it.
    """
    place = graph_folder(folder, model)
    folder.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(dir=folder))
    try:
        _write_graph(reference, aside)
        shutil.rmtree(place, ignore_errors=True)
        aside.replace(place)
    except OSError:
        # Another process may have put the same graph there first.
        log.debug("graph not kept", exc_info=True)
    except Exception:
        # Tracing a stranger's model can fail in any way; PyTorch can still run it.
        log.debug("model cannot be compiled", exc_info=True)
        return None
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    graph = load_graph(folder, model)
    return graph if graph and _agrees(graph, reference) else None


def _write_graph(reference: TorchModel, place: Path) -> None:
    import openvino
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

    with warnings.catch_warnings(), torch.no_grad():
        # Tracing warns of Python branches on shapes; `_agrees` checks what matters.
        warnings.simplefilter("ignore")
        graph = openvino.convert_model(Pipeline().eval(), example_input=features)
    openvino.save_model(graph, place / "graph.xml", compress_to_fp16=False)
    tokenizer = model.tokenizer
    tokenizer.backend_tokenizer.save(str(place / "tokenizer.json"))
    manifest = Manifest(
        dimension=reference.dimension,
        inputs=tuple(features),
        max_tokens=model.max_seq_length or LONGEST,
        padding_id=int(tokenizer.pad_token_id or 0),
        prompts=reference.prompts,
        weights_sha256=weights_digest(place),
    )
    (place / "manifest.json").write_text(manifest.model_dump_json(indent=2), "utf-8")


def _agrees(graph: Graph, reference: TorchModel) -> bool:
    cosines = (graph.encode(_PROBES) * reference.encode(_PROBES)).sum(axis=1)
    return bool(cosines.min() >= AGREEMENT)
