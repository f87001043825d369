"""Any CrossEncoder, by name or folder, in the place of the reranker that ships."""

import hashlib
import logging
from itertools import groupby
from operator import itemgetter
from pathlib import Path

import numpy as np

from assistant.evidence.calibration import Scale, keep_scale, load_scale, probes
from assistant.reranking.reranker import Backend, Reranker, open_reranker
from store.embedding.graph import load_graph
from store.embedding.model import Model, find_model
from store.papers import sha256

log = logging.getLogger(__name__)

#: Probes on which a compiled reranker is compared with the one that it was compiled from.
COMPARED = 24


def open_named_reranker(name: str, cache: Path) -> Reranker:
    """Open the CrossEncoder of that name or folder, which must be on this machine.

    The first time it is loaded with PyTorch, compiled into a graph and calibrated; both are kept
    under `cache`. Where it cannot be compiled, PyTorch runs it, one pair at a time. Raises
    ModelError where it is missing, or gives anything but one score a pair.
    """
    model = find_model(name, use="reranker")
    # Apart from those of embedders: the same files may have been opened as one.
    backend = _backend(model, cache / "rerankers")
    scale = _scale(backend, model, cache)
    # Found on this machine, the scale may differ from another's, and with it the answers.
    digest = sha256(f"{model.digest}:{scale.model_dump_json()}")
    return Reranker(backend, digest=digest, pairing=plain_pair, scale=scale)


def plain_pair(question: str, title: str, sentence: str) -> tuple[str, str]:
    """Return the two texts that the model reads: the passage as BEIR puts it together."""
    return question, f"{title} {sentence}".strip()


def choose_reranker(chosen: bool | str, *, cache: Path) -> Reranker | None:
    """Return the reranker of a name or folder, the one that ships for True, none for False."""
    if not chosen:
        return None
    return open_reranker(cache) if chosen is True else open_named_reranker(chosen, cache)


def _backend(model: Model, folder: Path) -> Backend:
    graph = load_graph(folder, model)
    if graph is not None:
        return graph
    log.info("Preparing the reranker %s for this machine (once)", model.name)
    from assistant.reranking.cross_encoder_model import CrossEncoderModel, compile_cross_encoder

    reference = CrossEncoderModel(model)
    compared = [plain_pair(*probe) for probe in probes()[:COMPARED]]
    graph = compile_cross_encoder(reference, folder, model, probes=compared)
    if graph is None:
        log.warning("The reranker %s could not be compiled; running it with PyTorch", model.name)
        return reference
    return graph


def _scale(backend: Backend, model: Model, cache: Path) -> Scale:
    """Return the scale from the model to the shipped reranker; find it where it is not kept."""
    shipped = open_reranker(cache)
    key = hashlib.sha256(f"{model.digest}:{shipped.digest}".encode()).hexdigest()[:16]
    file = cache / "scales" / f"{key}.json"
    if (kept := load_scale(file)) is not None:
        return kept
    logits = backend.encode([plain_pair(*probe) for probe in probes()])[:, 0]
    wanted = [
        shipped.score(question, [(title, text) for _, title, text in asked])
        for question, asked in groupby(probes(), key=itemgetter(0))
    ]
    scale = Scale.between(logits, np.concatenate(wanted))
    try:
        keep_scale(scale, file)
    except OSError as error:
        log.warning("The cache folder %r cannot be used (%s)", str(cache), error.strerror)
    return scale
