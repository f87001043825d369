"""Any CrossEncoder as reranker: opened by folder, scaled, told apart, and what is refused."""

import logging
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from assistant.assistant import Assistant
from assistant.evidence.calibration import Scale, keep_scale, probes
from assistant.reranking.named_reranker import open_named_reranker, plain_pair
from assistant.reranking.reranker import Reranker, open_reranker
from store.corpus import Corpus
from store.embedding import open_embedder
from store.embedding.model import find_model
from store.errors import ModelError, ModelNotFound

MakeModel = Callable[..., Path]
QUESTIONS = (
    "What is ByT5?",
    "How does Token Recycling work?",
    "How does speculative decoding work?",
    "Is the code of SqueezeAttention available?",
)
QUESTION = "How much training data does K-Tokeniser need?"
CANDIDATES = [(title, sentence) for _, title, sentence in probes()[:12]]


@pytest.fixture(scope="module")
def folder(tiny_cross_encoder: MakeModel, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_cross_encoder(tmp_path_factory.mktemp("reranker"))


@pytest.fixture(scope="module")
def opened(folder: Path, cache: Path) -> Reranker:
    return open_named_reranker(str(folder), cache)


def scores(reranker: Reranker) -> np.ndarray:
    return np.concatenate([reranker.score(q, [(title, text)]) for q, title, text in probes()])


def test_on_the_probes_its_logits_lie_where_the_shipped_ones_do(
    opened: Reranker, cache: Path
) -> None:
    found, wanted = scores(opened), scores(open_reranker(cache))
    assert found.mean() == pytest.approx(wanted.mean(), abs=1e-3)
    assert found.std() == pytest.approx(wanted.std(), abs=1e-3)


def test_the_order_is_the_models_own(opened: Reranker, folder: Path) -> None:
    from sentence_transformers import CrossEncoder

    model = CrossEncoder(str(folder), device="cpu")
    own = model.predict([plain_pair(QUESTION, *candidate) for candidate in CANDIDATES])
    found = opened.score(QUESTION, CANDIDATES)
    assert found.argmax() == own.argmax()
    assert np.corrcoef(np.log(own / (1 - own)), found)[0, 1] > 0.99


def test_a_score_does_not_depend_on_its_company(opened: Reranker) -> None:
    together = opened.score(QUESTION, CANDIDATES)
    alone = [opened.score(QUESTION, [candidate])[0] for candidate in CANDIDATES]
    assert together.dtype == np.float32
    assert np.array_equal(together, np.array(alone))
    assert np.array_equal(opened.score(QUESTION, CANDIDATES[::-1])[::-1], together)
    assert opened.score(QUESTION, []).shape == (0,)


def test_long_and_odd_pairs_are_read(opened: Reranker) -> None:
    odd = [("", ""), ("title", "é長い文 🙂"), ("", "word " * 500)]
    assert np.isfinite(opened.score("word " * 300, odd)).all()


def test_it_scores_the_same_when_opened_again(
    opened: Reranker, folder: Path, cache: Path, tmp_path: Path
) -> None:
    expected = opened.score(QUESTION, CANDIDATES).tobytes()
    for place in (cache, tmp_path):
        again = open_named_reranker(str(folder), place)
        assert again.digest == opened.digest
        assert again.score(QUESTION, CANDIDATES).tobytes() == expected


def test_where_nothing_can_be_kept_it_runs_all_the_same(
    opened: Reranker, folder: Path, cache: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    shutil.copytree(cache / "graphs", tmp_path / "graphs")
    (tmp_path / "scales").write_text("in the way")
    with caplog.at_level(logging.WARNING):
        again = open_named_reranker(str(folder), tmp_path)
    assert again.score(QUESTION, CANDIDATES).tobytes() == (
        opened.score(QUESTION, CANDIDATES).tobytes()
    )
    assert f"The cache folder '{tmp_path}' cannot be used" in caplog.text


def test_another_reranker_gives_other_answers_of_another_version(
    sample: Corpus, opened: Reranker, cache: Path
) -> None:
    shipped, other = Assistant(sample, open_reranker(cache)), Assistant(sample, opened)
    quoted = [
        [[quote.text for quote in assistant.ask(question).quotes] for question in QUESTIONS]
        for assistant in (shipped, other)
    ]
    assert quoted[0] != quoted[1]
    assert shipped.version != other.version
    assert f"+{opened.digest[:12]}." in other.version


def test_its_digest_covers_weights_configuration_and_tokenizer(
    folder: Path, tmp_path: Path
) -> None:
    digest = find_model(str(folder), use="reranker").digest
    for name in ("model.safetensors", "config.json", "tokenizer.json", "tokenizer_config.json"):
        changed = shutil.copytree(folder, tmp_path / name)
        (changed / name).write_bytes((changed / name).read_bytes() + b" ")
        assert find_model(str(changed), use="reranker").digest != digest
    noted = shutil.copytree(folder, tmp_path / "noted")
    (noted / "README.md").write_text("A note changes nothing.")
    assert find_model(str(noted), use="reranker").digest == digest


def test_its_digest_covers_the_scale_that_was_found(
    opened: Reranker, folder: Path, cache: Path, tmp_path: Path
) -> None:
    shutil.copytree(cache / "graphs", tmp_path / "graphs")
    shutil.copytree(cache / "rerankers", tmp_path / "rerankers")
    shutil.copytree(cache / "scales", tmp_path / "scales")
    for file in (tmp_path / "scales").iterdir():
        keep_scale(Scale(slope=2.0, offset=1.0), file)
    assert open_named_reranker(str(folder), tmp_path).digest != opened.digest


@pytest.mark.parametrize(
    ("labels", "reason"),
    [
        (3, "gives 3 scores a pair and must give one; name a CrossEncoder with one label"),
        (0, "is no CrossEncoder: it has no scoring head; name one that has"),
    ],
)
def test_a_model_that_gives_no_single_score_is_refused(
    tiny_cross_encoder: MakeModel, cache: Path, tmp_path: Path, labels: int, reason: str
) -> None:
    folder = tiny_cross_encoder(tmp_path, labels=labels)
    with pytest.raises(ModelError, match=reason) as caught:
        open_named_reranker(str(folder), cache)
    assert str(folder) in str(caught.value)


def test_a_model_that_tells_nothing_apart_is_refused(
    tiny_cross_encoder: MakeModel, cache: Path, tmp_path: Path
) -> None:
    from safetensors.numpy import load_file, save_file

    folder = tiny_cross_encoder(tmp_path)
    weights = load_file(folder / "model.safetensors")
    weights["classifier.weight"] *= 0
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(ModelError, match="the reranker gives every pair about the same score"):
        open_named_reranker(str(folder), cache)


def test_an_embedding_model_is_no_reranker(cache: Path) -> None:
    folder = str(find_model().folder)
    # Also where its graph is kept, for what it is.
    open_embedder(folder, cache=cache)
    with pytest.raises(ModelError, match="is no CrossEncoder: it has no scoring head"):
        open_named_reranker(folder, cache)


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("nobody/no-such-model", ", or download it once with: hf download nobody/no-such-model"),
        ("no-such-model", ""),
        ("/no/such/folder", ""),
        ("./no-such-folder", ""),
    ],
)
def test_a_name_that_is_not_here_says_how_to_get_it(name: str, advice: str, cache: Path) -> None:
    with pytest.raises(ModelNotFound) as caught:
        open_named_reranker(name, cache)
    assert str(caught.value) == (
        f"no model {name!r} on this machine; "
        f"give the folder of a sentence-transformers CrossEncoder{advice}"
    )


def test_a_folder_that_holds_no_model_is_named(cache: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=f"'{tmp_path}' holds no weights"):
        open_named_reranker(str(tmp_path), cache)
    (tmp_path / "model.safetensors").write_bytes(b"not weights")
    with pytest.raises(ModelError, match=f"'{tmp_path}' is not a sentence-transformers Cross"):
        open_named_reranker(str(tmp_path), cache)


def test_weights_of_half_a_download_are_one_line(folder: Path, cache: Path, tmp_path: Path) -> None:
    weights = shutil.copytree(folder, tmp_path / "half") / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:1000])
    with pytest.raises(ModelError, match=r"CrossEncoder \(SafetensorError: .*\); give") as caught:
        open_named_reranker(str(tmp_path / "half"), cache)
    assert "\n" not in str(caught.value)
