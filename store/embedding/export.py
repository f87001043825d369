"""Exporting a model to a graph: traced once, checked, and kept in a folder."""

import logging
import shutil
import tempfile
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from store.embedding.graph import Graph, Manifest, files_digest, graph_folder, load_graph
from store.embedding.model import Model

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Source:
    """What is exported: a torch module, inputs to trace it with, its tokenizer, how to call it.

    `module` maps the tensors named in `example`, its parameters' names, to one row of numbers an
    input. `tokenizer` is a `tokenizers.Tokenizer`.
    """

    module: Any
    example: Mapping[str, Any]
    tokenizer: Any
    dimension: int
    max_tokens: int
    padding_id: int
    padding_step: int
    prompts: Mapping[str, str]


def export_graph(
    source: Source, folder: Path, model: Model, *, agrees: Callable[[Graph], bool]
) -> Graph | None:
    """Compile `source`, keep the graph under `folder`, and return it.

    The graph is written aside, and moved into place whole once `agrees` has accepted it. Returns
    None where the model cannot be compiled or its graph does not agree with it.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        aside = Path(tempfile.mkdtemp(dir=folder))
    except OSError as error:
        log.warning(
            "The cache folder %r cannot be used (%s); set ASSISTANT_CACHE to one that can",
            str(folder),
            error.strerror,
        )
        return None
    try:
        if not agrees(Graph(aside, _write(source, aside))):
            log.debug("the graph of %s does not agree with it", model.name)
            return None
        place = graph_folder(folder, model)
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
    return load_graph(folder, model)


def _write(source: Source, place: Path) -> Manifest:
    import openvino
    import torch

    with warnings.catch_warnings(), torch.no_grad():
        # Tracing warns of Python branches on shapes; `agrees` checks what matters.
        warnings.simplefilter("ignore")
        graph = openvino.convert_model(source.module.eval(), example_input=dict(source.example))
    openvino.save_model(graph, place / "graph.xml", compress_to_fp16=False)
    source.tokenizer.save(str(place / "tokenizer.json"))
    manifest = Manifest(
        dimension=source.dimension,
        inputs=tuple(source.example),
        max_tokens=source.max_tokens,
        padding_id=source.padding_id,
        padding_step=source.padding_step,
        prompts=dict(source.prompts),
        sha256=files_digest(place),
    )
    (place / "manifest.json").write_text(manifest.model_dump_json(indent=2), "utf-8")
    return manifest
