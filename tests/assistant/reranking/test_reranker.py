"""The reranker: what it puts first, that batching cannot change it, and what it refuses."""

import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from importlib import resources
from pathlib import Path

import numpy as np
import pytest
from safetensors import safe_open
from safetensors.numpy import load_file, save_file

from assistant.reranking import cross_encoder
from assistant.reranking.reranker import DIFFERENCE, Reranker, open_reranker
from store.embedding.model import PACKAGED_SHA256, find_model
from store.errors import ModelError

SHIPPED = Path(str(resources.files("assistant.reranking").joinpath(DIFFERENCE)))

TITLE = "PebbleCache: Keeping Only the Keys That Matter in Long Conversations"
SENTENCES = (
    "Long conversations fill the key-value cache of a language model.",
    "We introduce PebbleCache, a cache that keeps a key only while later tokens attend to it.",
    "A small gate, trained in an hour, decides at each layer which keys to drop.",
    "On three dialogue benchmarks PebbleCache needs 62% less memory and loses 0.3 points.",
    "We also find that the first four tokens should never be dropped.",
    "Our code is available at https://example.org/pebblecache.",
)
OTHERS = (
    ("A Survey of Caches", "Caches have been studied in operating systems for sixty years."),
    ("RiverBench: Forecasting Floods", "The dataset holds 1,204 gauges in 31 countries."),
    ("RiverBench: Forecasting Floods", "It is hard."),
    ("Gardens of Attention", "We show that " + "pruning heads one after another " * 12 + "helps."),
)
CANDIDATES = [(TITLE, sentence) for sentence in SENTENCES] + list(OTHERS)


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def opened(cache: Path) -> Reranker:
    return open_reranker(cache)


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("How much memory does PebbleCache save?", 3),
        ("what is PebbleCache", 1),
        ("Is the code of PebbleCache public?", 5),
        ("which tokens must not be dropped?", 4),
        ("How many gauges are in RiverBench?", 7),
    ],
)
def test_the_answering_sentence_is_first(opened: Reranker, question: str, answer: int) -> None:
    scores = opened.score(question, CANDIDATES)
    assert scores.argmax() == answer


def test_an_answer_scores_above_the_best_near_miss(opened: Reranker) -> None:
    answered = opened.score("How much memory does PebbleCache save?", CANDIDATES).max()
    for absent in (
        "How many parameters does the gate of PebbleCache have?",
        "Who maintains the flood gauges of Norway?",
    ):
        assert opened.score(absent, CANDIDATES).max() < answered


def test_a_score_does_not_depend_on_its_company(opened: Reranker) -> None:
    question = "How much memory does PebbleCache save?"
    together = opened.score(question, CANDIDATES)
    alone = [opened.score(question, [candidate])[0] for candidate in CANDIDATES]
    assert np.array_equal(together, np.array(alone))
    order = np.random.default_rng(1).permutation(len(CANDIDATES))
    shuffled = opened.score(question, [CANDIDATES[at] for at in order])
    assert np.array_equal(together[order], shuffled)
    assert np.array_equal(np.tile(together, 5), opened.score(question, CANDIDATES * 5))


def test_threads_get_the_same_scores(opened: Reranker) -> None:
    questions = [f"How much memory does {name} save?" for name in ("it", "PebbleCache", "a gate")]
    expected = [opened.score(question, CANDIDATES) for question in questions]
    with ThreadPoolExecutor(4) as pool:
        found = pool.map(lambda question: opened.score(question, CANDIDATES), questions * 4)
        for at, scores in enumerate(found):
            assert np.array_equal(scores, expected[at % len(questions)])


def test_odd_input_is_scored(opened: Reranker) -> None:
    odd = [("", ""), ("", "word"), ("[SEP]", "[MASK] [CLS]"), ("é", "長い文 " * 400), ("", "🙂")]
    scores = opened.score("", odd)
    assert scores.dtype == np.float32
    assert scores.shape == (len(odd),)
    assert np.isfinite(scores).all()
    assert opened.score("question", []).shape == (0,)


def test_the_second_opening_needs_no_torch(opened: Reranker, cache: Path) -> None:
    question = "How much memory does PebbleCache save?"
    program = (
        "import sys; from pathlib import Path\n"
        "from assistant.reranking.reranker import open_reranker\n"
        f"scores = open_reranker(Path({str(cache)!r})).score({question!r}, {CANDIDATES!r})\n"
        "print('torch' in sys.modules, scores.tobytes().hex())"
    )
    has_torch, scores = run(program).split()
    assert has_torch == "False"
    assert bytes.fromhex(scores) == opened.score(question, CANDIDATES).tobytes()


def test_without_a_graph_torch_scores_alike(opened: Reranker) -> None:
    torch_itself = cross_encoder.TorchReranker(find_model(), SHIPPED)
    fallback = Reranker(torch_itself, digest=opened.digest)
    question = "How much memory does PebbleCache save?"
    apart = np.abs(fallback.score(question, CANDIDATES) - opened.score(question, CANDIDATES))
    assert apart.max() < 0.2


def test_another_base_is_refused(tmp_path: Path) -> None:
    for metadata in ({"base_sha256": "0" * 64}, None):
        path = tmp_path / "other.safetensors"
        save_file(load_file(SHIPPED), path, metadata=metadata)
        with pytest.raises(ModelError, match=f"not to all-MiniLM-L6-v2 with {PACKAGED_SHA256}"):
            open_reranker(tmp_path, difference=path)


def test_unusable_weights_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "weights.safetensors"
    with pytest.raises(ModelError, match="cannot be read"):
        open_reranker(tmp_path, difference=path)
    path.write_bytes(SHIPPED.read_bytes()[:1000])
    with pytest.raises(ModelError, match="cannot be read"):
        open_reranker(tmp_path, difference=path)
    save_file({"no.such.weight": np.ones(3)}, path, metadata={"base_sha256": PACKAGED_SHA256})
    with pytest.raises(ModelError, match="do not fit"):
        open_reranker(tmp_path, difference=path)


def test_a_damaged_graph_is_made_anew(opened: Reranker, cache: Path, tmp_path: Path) -> None:
    shutil.copytree(cache, tmp_path / "cache")
    (weights,) = (tmp_path / "cache").rglob("graph.bin")
    content = bytearray(weights.read_bytes())
    content[len(content) // 2] ^= 0xFF
    weights.write_bytes(content)
    again = open_reranker(tmp_path / "cache")
    assert np.array_equal(again.score("Why?", CANDIDATES), opened.score("Why?", CANDIDATES))


WITHOUT_PICKLE = """
import sys
from pathlib import Path
from assistant.reranking.cross_encoder import TorchReranker
from store.embedding import find_model
def refuse(event, arguments):
    pickled = event == "open" and str(arguments[0]).endswith((".bin", ".pt", ".pth", ".pkl"))
    if pickled or event == "pickle.find_class":
        raise SystemExit(f"{event} {arguments}")
sys.addaudithook(refuse)
TorchReranker(find_model(), Path(sys.argv[1]))
print("read")
"""


def test_weights_are_plain_numbers_read_without_pickle() -> None:
    assert run(WITHOUT_PICKLE, SHIPPED) == "read\n"
    assert SHIPPED.stat().st_size < 25e6
    with safe_open(SHIPPED, framework="numpy") as weights:
        assert weights.metadata()["base_sha256"] == PACKAGED_SHA256
        assert all(np.isfinite(weights.get_tensor(name)).all() for name in weights.keys())  # noqa: SIM118


def test_a_difference_is_added_to_the_packaged_weights() -> None:
    import torch

    base = cross_encoder.CrossEncoder(find_model().folder)
    changed = cross_encoder.CrossEncoder(find_model().folder)
    matrix = "model.encoder.layer.0.output.dense.weight"
    bias = "model.encoder.layer.0.output.dense.bias"
    up, down = torch.full((384, 1), 0.5), torch.full((1, 1536), 0.25)
    difference = {f"{matrix}.up": up, f"{matrix}.down": down, bias: torch.ones(384)}
    cross_encoder.apply_difference(changed, difference)
    before, after = dict(base.named_parameters()), dict(changed.named_parameters())
    assert torch.allclose(after[matrix], before[matrix] + 0.125)
    assert torch.allclose(after[bias], before[bias] + 1)
    assert not after["head.weight"].any()


def test_nothing_heavy_is_imported_with_the_module() -> None:
    program = (
        "import sys, assistant.reranking.reranker as _\n"
        "print({'torch', 'openvino'} & set(sys.modules))"
    )
    assert run(program).strip() == "set()"


def run(program: str, *arguments: Path) -> str:
    command = [sys.executable, "-c", program, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout
