"""Real parts, each made once: the packaged model, the sample corpus, the `assistant` command."""

import itertools
import os
import re
import shutil
import signal
import socket
import string
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from assistant.reranking.reranker import open_reranker
from store.corpus import Corpus
from store.embedding import Embedder, open_embedder
from store.papers import Paper
from store.readers import read_papers
from store.sample import SAMPLE

#: Where Debian's packages put PostgreSQL's programs.
POSTGRES = Path("/usr/lib/postgresql")
REPOSITORY = Path(__file__).parents[1]

# No test asserts on time: on a busy machine an example may take long.
settings.register_profile("untimed", deadline=None, print_blob=True)
settings.load_profile("untimed")


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
    assert embedder.dimension == 384, "both models are compiled before a command needs them"
    open_reranker(cache)
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
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], str]]:
    """Make a database on a PostgreSQL server of the tests' own, and return its URL."""
    programs = max(POSTGRES.glob("*/bin/initdb"), default=None) or shutil.which("initdb")
    if programs is None:
        assert not os.environ.get("CI"), f"PostgreSQL is not installed in {POSTGRES}"
        pytest.skip(f"PostgreSQL is not installed in {POSTGRES}")
    bin_ = Path(programs).parent
    # It refuses to run as root, and another user cannot get into pytest's folders.
    own: dict[str, Any] = {}
    if os.geteuid() == 0:
        own = {"user": "postgres", "group": "postgres", "extra_groups": []}
    place = Path(tempfile.mkdtemp(prefix="postgres-"))
    if own:
        shutil.chown(place, "postgres", "postgres")
    # It would sort as a dictionary does, where nothing says otherwise.
    local = ["--encoding=UTF8", "--locale-provider=icu", "--icu-locale=en", "--locale=C.UTF-8"]
    user = ["--username=assistant", "--auth=trust", "--no-sync"]
    data = place / "data"
    subprocess.run([bin_ / "initdb", "-D", data, *user, *local], check=True, stdout=-3, **own)
    options = ["-c", "listen_addresses=", "-c", "fsync=off", "-k", place]
    server = subprocess.Popen([bin_ / "postgres", "-D", data, *options], stderr=-3, **own)
    connecting = ["-h", str(place), "-U", "assistant"]
    while subprocess.run([bin_ / "pg_isready", "-q", *connecting]).returncode:
        assert server.poll() is None, "PostgreSQL does not start"
        time.sleep(0.05)
    numbers = itertools.count()

    def make() -> str:
        name = f"papers{next(numbers)}"
        subprocess.run([bin_ / "createdb", *connecting, name], check=True)
        return f"postgresql://assistant@/{name}?host={place}"

    yield make
    server.send_signal(signal.SIGINT)
    server.wait()
    shutil.rmtree(place)


@contextmanager
def running_chroma(folder: Path, *, port: int | None = None) -> Iterator[str]:
    """Run a Chroma server, and give its address."""
    port = port or free_port()
    program = Path(sysconfig.get_path("scripts")) / "chroma"
    server = subprocess.Popen(
        [program, "run", "--path", folder, "--host", "127.0.0.1", "--port", str(port)], stdout=-3
    )
    try:
        while socket.socket().connect_ex(("127.0.0.1", port)):
            assert server.poll() is None, "the Chroma server does not start"
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()


def free_port() -> int:
    """Return a port that nothing listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


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
