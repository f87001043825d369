"""Graph: a whole model, from tokens to one row of numbers an input, compiled by OpenVINO."""

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ValidationError

from store.embedding.model import Model
from store.embedding.runs import Runs
from store.offline import go_offline

#: What a graph is given: a text, or a pair of texts that it compares.
Input = str | tuple[str, str]

#: An input is padded to a multiple of this many tokens and batched with its equals only, so its
#: row does not depend on which other inputs it was computed with. Checked bit for bit.
PADDING_STEP = 16
#: Inputs in one inference; larger batches are no faster on two cores.
BATCH = 32
#: Raised when the graph folder's layout or the way it is computed changes.
LAYOUT = 2
#: The files of a saved graph that its digest covers.
FILES = ("graph.xml", "graph.bin", "tokenizer.json")


class Manifest(BaseModel):
    """What stands beside a saved graph: how to call it, and the digest of its files."""

    dimension: int
    inputs: tuple[str, ...]
    max_tokens: int
    padding_id: int
    padding_step: int = PADDING_STEP
    prompts: dict[str, str]
    sha256: str


class Graph:
    """A compiled graph; safe to call from several threads."""

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        go_offline()
        from tokenizers import Tokenizer

        self.dimension = manifest.dimension
        self.prompts = manifest.prompts
        self._manifest = manifest
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(manifest.max_tokens)
        self._tokenizer.no_padding()
        self._run = Runs(folder / "graph.xml")

    def encode(self, inputs: Sequence[Input]) -> NDArray[np.float32]:
        """Return one row an input, shape (len(inputs), dimension)."""
        encodings = self._tokenizer.encode_batch(list(inputs))
        results = np.empty((len(inputs), self.dimension), dtype=np.float32)
        lengths = [len(encoding.ids) for encoding in encodings]
        for width, rows in _batches(lengths, step=self._manifest.padding_step):
            feed = self._feed([encodings[row] for row in rows], width)
            results[rows] = self._run(feed)
        return results

    def _feed(self, encodings: Sequence[Any], width: int) -> dict[str, NDArray[np.int64]]:
        shape = (len(encodings), width)
        feed = {name: np.zeros(shape, dtype=np.int64) for name in self._manifest.inputs}
        feed["input_ids"][:] = self._manifest.padding_id
        for row, encoding in enumerate(encodings):
            length = len(encoding.ids)
            feed["input_ids"][row, :length] = encoding.ids
            feed["attention_mask"][row, :length] = 1
            if "token_type_ids" in feed:
                feed["token_type_ids"][row, :length] = encoding.type_ids
        return feed


def load_graph(folder: Path, model: Model) -> Graph | None:
    """Return the saved graph of `model`, or None where there is none that is whole."""
    place = graph_folder(folder, model)
    try:
        manifest = Manifest.model_validate_json((place / "manifest.json").read_text("utf-8"))
        if files_digest(place) == manifest.sha256:
            return Graph(place, manifest)
    except (OSError, ValidationError, RuntimeError):
        return None
    return None


def graph_folder(folder: Path, model: Model) -> Path:
    """Return where the graph of `model` is kept under `folder`, by weights and OpenVINO version."""
    from importlib.metadata import version

    key = f"{LAYOUT}:{version('openvino')}:{model.digest}"
    return folder / hashlib.sha256(key.encode()).hexdigest()[:16]


def files_digest(place: Path) -> str:
    """Return the SHA-256, in hex, of the digests of a saved graph's files, in order."""
    digests = hashlib.sha256()
    for name in FILES:
        with (place / name).open("rb") as stream:
            digests.update(hashlib.file_digest(stream, "sha256").digest())
    return digests.hexdigest()


def _batches(lengths: Sequence[int], *, step: int) -> Iterator[tuple[int, list[int]]]:
    """Yield (padded width, row numbers) for batches of rows that share a width."""
    by_width: dict[int, list[int]] = defaultdict(list)
    for row, length in enumerate(lengths):
        by_width[-(-length // step) * step].append(row)
    for width, rows in sorted(by_width.items()):
        for first in range(0, len(rows), BATCH):
            yield width, rows[first : first + BATCH]
