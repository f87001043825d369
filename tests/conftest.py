"""Real parts, each made once: the packaged model, the sample corpus, the `assistant` command."""

import os
import re
import string
import subprocess
import sys
import sysconfig
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from store.corpus import Corpus
from store.embedding import Embedder, open_embedder
from store.papers import Paper
from store.readers import read_papers
from store.sample import SAMPLE

REPOSITORY = Path(__file__).parents[1]

# No test asserts on time: on a busy machine an example may take long.
settings.register_profile("untimed", deadline=None, print_blob=True)
settings.load_profile("untimed")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave the tests with a browser for last: its event loop runs on in the main thread."""
    items.sort(key=lambda item: "browser" in getattr(item, "fixturenames", ()))


Run = Callable[..., subprocess.CompletedProcess[str]]
MakeModel = Callable[..., Path]


@pytest.fixture(scope="session")
def shared() -> Path:
    """The shared material beside the repository."""
    place = REPOSITORY / "../shared"
    if not (place / "seeds").is_dir():
        pytest.skip(f"the shared material is not in {place}")
    return place


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the compiled model is kept: this session's own folder, unless one is set."""
    return Path(os.environ.get("ASSISTANT_CACHE") or tmp_path_factory.mktemp("cache"))


@pytest.fixture(scope="session")
def embedder(cache: Path) -> Embedder:
    """The packaged model."""
    return open_embedder(cache=cache)


@pytest.fixture(scope="session")
def sample_papers() -> list[Paper]:
    """The bundled papers."""
    return [record for record in read_papers(SAMPLE) if isinstance(record, Paper)]


@pytest.fixture(scope="session")
def sample(
    embedder: Embedder, sample_papers: list[Paper], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Corpus]:
    """A store of the bundled papers, to read only."""
    with Corpus(tmp_path_factory.mktemp("sample"), embedder, write=True) as corpus:
        corpus.add(sample_papers)
        yield corpus


@pytest.fixture
def empty(embedder: Embedder, tmp_path: Path) -> Iterator[Corpus]:
    """A new store of one test's own."""
    with Corpus(tmp_path / "store", embedder, write=True) as corpus:
        yield corpus


@pytest.fixture(scope="session")
def environment(
    embedder: Embedder, cache: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, str]:
    """What a command of a test sees: the compiled model, and nothing of this machine's user."""
    assert embedder.dimension == 384, "the model is compiled before a command needs it"
    kept = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
    return {**kept, "HOME": str(tmp_path_factory.mktemp("home")), "ASSISTANT_CACHE": str(cache)}


@pytest.fixture(scope="session")
def executable() -> str:
    """The `assistant` command."""
    return str(Path(sysconfig.get_path("scripts")) / "assistant")


@pytest.fixture(scope="session")
def command(
    executable: str, environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Run:
    """Run the real `assistant` in a process of its own; `env` adds to its environment."""
    folder = tmp_path_factory.mktemp("work")

    def run(
        *arguments: str | Path, stdin: str | bytes = b"", env: dict[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [executable, *map(str, arguments)],
            input=stdin.encode() if isinstance(stdin, str) else stdin,
            env={**environment, **(env or {})},
            cwd=folder,
            capture_output=True,
            timeout=120,
        )
        out, err = done.stdout.decode(), done.stderr.decode()
        return subprocess.CompletedProcess(done.args, done.returncode, out, err)

    return run


@pytest.fixture(scope="session")
def python(environment: dict[str, str]) -> Run:
    """Run a small program in a Python of its own; `env` adds to its environment."""

    def run(
        program: str, *arguments: str | Path, env: dict[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", program, *map(str, arguments)],
            env={**environment, **(env or {})},
            capture_output=True,
            text=True,
            timeout=120,
        )

    return run


@pytest.fixture(scope="session")
def tiny_embedder() -> MakeModel:
    """Save a sentence-transformers model with random weights in a folder."""

    def save(folder: Path, *, seed: int = 1, dimension: int = 64) -> Path:
        from sentence_transformers import SentenceTransformer
        from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
        from transformers import BertModel

        _save_bert(BertModel, folder / "bert", seed=seed, hidden_size=dimension)
        transformer = Transformer(str(folder / "bert"), max_seq_length=128)
        model = SentenceTransformer(modules=[transformer, Pooling(dimension)], device="cpu")
        model.save(str(folder / "model"))
        return folder / "model"

    return save


@pytest.fixture(scope="session")
def tiny_cross_encoder() -> MakeModel:
    """Save a CrossEncoder with random weights in a folder; with no `labels`, one without a head."""

    def save(folder: Path, *, seed: int = 1, labels: int = 1) -> Path:
        from transformers import BertForSequenceClassification, BertModel

        kind = BertForSequenceClassification if labels else BertModel
        return _save_bert(kind, folder, seed=seed, hidden_size=64, num_labels=max(labels, 1))

    return save


def _save_bert(kind: Any, folder: Path, *, seed: int, **options: int) -> Path:
    """Save a BERT of two layers whose word pieces are the bundled papers' words, and letters."""
    import torch
    from transformers import BertConfig, BertTokenizerFast

    folder.mkdir(parents=True, exist_ok=True)
    characters = string.ascii_lowercase + string.digits + string.punctuation
    pieces = [*characters, *(f"##{character}" for character in characters)]
    known = sorted(set(re.findall(r"[a-z]{2,}", SAMPLE.read_text("utf-8").lower())))
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *pieces, *known]
    (folder / "vocab.txt").write_text("".join(f"{word}\n" for word in words))
    torch.manual_seed(seed)
    config = BertConfig(
        vocab_size=len(words),
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=256,
        initializer_range=0.2,
        **options,
    )
    kind(config).save_pretrained(folder)
    BertTokenizerFast(vocab_file=str(folder / "vocab.txt")).save_pretrained(folder)
    return folder
