"""Other models by setting: another reranker, another embedder, and a change from one to another."""

import json
import shutil
import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from assistant import __version__
from store.reembedding import COMMIT

Run = Callable[..., subprocess.CompletedProcess[str]]
MakeModel = Callable[..., Path]
QUESTION = "What is HyenaDNA?"
NOT_HERE = "no model 'no-such-model' on this machine"


@pytest.fixture(scope="session")
def embedders(tiny_embedder: MakeModel, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The folders of two small models, of 64 and of 32 dimensions."""
    folder = tmp_path_factory.mktemp("embedders")
    first = tiny_embedder(folder / "first")
    return [str(first), str(tiny_embedder(folder / "second", seed=2, dimension=32))]


@pytest.fixture(scope="session")
def reranker(tiny_cross_encoder: MakeModel, tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(tiny_cross_encoder(tmp_path_factory.mktemp("reranker")))


@pytest.fixture(scope="session")
def gold(tmp_path_factory: pytest.TempPathFactory, store: Path, command: Run) -> Path:
    """A file with one question and what answers it."""
    asked = command("ask", QUESTION, "--json", "--store", store)
    quote = json.loads(asked.stdout)["quotes"][0]
    line = {
        "id": "1",
        "question": QUESTION,
        "gold": [{"paper_id": quote["paper_id"], "sentences": [quote["text"]]}],
    }
    file = tmp_path_factory.mktemp("gold") / "questions.jsonl"
    file.write_text(json.dumps(line) + "\n")
    return file


def ask(command: Run, store: Path, **settings: str) -> dict[str, object]:
    env = {f"ASSISTANT_{name.upper()}": value for name, value in settings.items()}
    done = command("ask", QUESTION, "--json", "--store", store, env=env)
    assert done.returncode == 0, done.stderr
    answer: dict[str, object] = json.loads(done.stdout)
    return answer


def test_another_reranker_is_used_and_named(command: Run, store: Path, reranker: str) -> None:
    shipped, other = ask(command, store), ask(command, store, reranker=reranker)
    assert shipped["version"] != other["version"]
    assert shipped["snapshot"] == other["snapshot"]
    assert ask(command, store, reranker=reranker) == other
    plain = ask(command, store, reranker=reranker, rerank="false")
    assert str(plain["version"]).startswith(f"{__version__}+plain.")


def test_answers_are_measured_with_the_reranker_that_is_set(
    command: Run, store: Path, gold: Path, reranker: str
) -> None:
    measure = ["eval", "answers", gold, "--json", "--store", store]
    done = command(*measure, env={"ASSISTANT_RERANKER": reranker})
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["kinds"]["all"]["questions"] == 1
    done = command(*measure, env={"ASSISTANT_RERANKER": "no-such-model"})
    assert (done.returncode, done.stdout) == (2, "")
    assert NOT_HERE in done.stderr


def test_retrieval_is_measured_with_the_model_that_is_set(
    command: Run, tmp_path: Path, embedders: list[str]
) -> None:
    folder = tmp_path / "beir"
    (folder / "qrels").mkdir(parents=True)
    texts = {"1": "Zebras graze on the savanna.", "2": "Whales sing under water."}
    corpus = [{"_id": key, "title": "An animal", "text": text} for key, text in texts.items()]
    (folder / "corpus.jsonl").write_text("".join(json.dumps(one) + "\n" for one in corpus))
    (folder / "queries.jsonl").write_text('{"_id": "q", "text": "who grazes"}\n')
    (folder / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\nq\t1\t1\n")
    store = tmp_path / "store"
    measure = ["eval", "retrieval", folder, "--json", "--store", store]
    done = command(*measure, env={"ASSISTANT_MODEL": embedders[0]})
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["lexical"]["nDCG@10"] == 1
    stats = json.loads(command("stats", "--json", "--store", store).stdout)
    assert stats["model"] == embedders[0]


@pytest.mark.parametrize("name", ["MODEL", "RERANKER"])
def test_a_model_that_is_not_here_is_one_line(command: Run, store: Path, name: str) -> None:
    env = {f"ASSISTANT_{name}": "no-such-model"}
    done = command("ask", QUESTION, "--store", store, env=env)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert done.stderr.startswith(f"error: {NOT_HERE}; give the folder of a sentence-transformers ")


def test_weights_of_half_a_download_are_one_line_and_change_nothing(
    command: Run, own: Path, tmp_path: Path, embedders: list[str], reranker: str
) -> None:
    before = ask(command, own)
    half = {"MODEL": tmp_path / "model", "RERANKER": tmp_path / "reranker"}
    for whole, folder in zip((embedders[0], reranker), half.values(), strict=True):
        weights = shutil.copytree(whole, folder) / "model.safetensors"
        weights.write_bytes(weights.read_bytes()[:1000])
    asking = [
        command("ask", QUESTION, "--store", own, env={f"ASSISTANT_{name}": str(folder)})
        for name, folder in half.items()
    ]
    for done in [*asking, command("repair", "--model", half["MODEL"], "--store", own)]:
        assert (done.returncode, done.stdout) == (2, "")
        told = done.stderr.splitlines()
        assert [line.partition(" ")[0] for line in told] == ["Preparing", "error:"]
    assert ask(command, own) == before


def test_an_embedder_in_the_place_of_the_reranker_is_one_line(
    command: Run, store: Path, embedders: list[str]
) -> None:
    done = command("ask", QUESTION, "--store", store, env={"ASSISTANT_RERANKER": embedders[1]})
    preparing, error = done.stderr.splitlines()
    assert preparing.startswith("Preparing the reranker ")
    assert error.startswith(f"error: {embedders[1]!r} is no CrossEncoder: it has no scoring head")


def test_a_model_that_has_moved_is_recorded_anew(
    command: Run, own: Path, tmp_path: Path, embedders: list[str]
) -> None:
    first, then = (str(tmp_path / name) for name in ("first", "then"))
    shutil.copytree(embedders[0], first)
    assert command("repair", "--model", first, "--store", own).returncode == 0
    before = ask(command, own)
    shutil.move(first, then)
    done = command("ask", QUESTION, "--store", own)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert done.stderr.startswith(f"error: no model '{first}' on this machine; ")
    assert done.stderr.endswith("say so once with: assistant repair --model FOLDER\n")
    assert command("repair", "--model", then, "--store", own).returncode == 0
    assert ask(command, own) == before
    assert json.loads(command("stats", "--json", "--store", own).stdout)["model"] == then


def test_another_embedder_is_refused_with_the_command_that_changes_to_it(
    command: Run, own: Path, embedders: list[str]
) -> None:
    before = ask(command, own)
    env = {"ASSISTANT_MODEL": embedders[0]}
    for arguments in (["ask", QUESTION], ["repair"], ["remove", "title:x"]):
        done = command(*arguments, "--store", own, env=env)
        assert (done.returncode, done.stdout) == (2, "")
        assert "was built with the model 'all-MiniLM-L6-v2'" in done.stderr
        assert f"assistant repair --model {embedders[0]}\n" in done.stderr
    assert ask(command, own) == before


def test_the_embedder_is_changed_for_good_and_back(
    command: Run, own: Path, embedders: list[str]
) -> None:
    before = ask(command, own)
    done = command("repair", "--model", embedders[0], "--store", own)
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith(f"embedded with {embedders[0]}\n")
    assert "Embedding " in done.stderr
    assert "damaged" not in done.stderr
    changed = ask(command, own)
    assert changed["snapshot"] != before["snapshot"]
    assert ask(command, own, model=embedders[0]) == changed
    done = command("repair", "--model", embedders[0], "--store", own)
    assert done.stdout == "both indexes made anew: 108 papers, 304 chunks\n"
    assert command("repair", "--model", "all-MiniLM-L6-v2", "--store", own).returncode == 0
    assert ask(command, own) == before


def test_a_change_to_a_model_that_is_not_here_changes_nothing(command: Run, own: Path) -> None:
    before = ask(command, own)
    done = command("repair", "--model", "no-such-model", "--store", own)
    assert (done.returncode, done.stdout) == (2, "")
    assert NOT_HERE in done.stderr
    assert ask(command, own) == before


def test_without_a_store_there_is_nothing_to_change(
    command: Run, tmp_path: Path, embedders: list[str]
) -> None:
    done = command("repair", "--model", embedders[0], "--store", tmp_path / "none")
    assert done.returncode == 2
    assert done.stderr.startswith("error: no store in ")
    assert not (tmp_path / "none").exists()


@pytest.mark.slow
def test_killed_while_embedding_it_answers_as_before_and_goes_on_where_it_stopped(
    command: Run,
    executable: str,
    environment: dict[str, str],
    tmp_path: Path,
    embedders: list[str],
) -> None:
    source, store, fresh = tmp_path / "papers.jsonl", tmp_path / "store", tmp_path / "fresh"
    count = 5 * COMMIT
    lines = [{"title": f"Paper {n}", "abstract": f"Zebra number {n} grazes."} for n in range(count)]
    source.write_text("".join(json.dumps(line) + "\n" for line in lines))
    for place, model in ((store, embedders[0]), (fresh, embedders[1])):
        done = command("add", source, "--store", place, env={"ASSISTANT_MODEL": model})
        assert done.returncode == 0, done.stderr
    before = ask(command, store)
    changing = subprocess.Popen(
        [executable, "repair", "--model", embedders[1], "--store", store],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    while _pending(store) < 2 * COMMIT:
        assert changing.poll() is None, "it was done before it could be killed"
        time.sleep(0.005)
    changing.send_signal(signal.SIGKILL)
    changing.wait()
    kept = _pending(store)
    assert 2 * COMMIT <= kept < count

    assert ask(command, store) == before
    done = command("repair", "--model", embedders[1], "--store", store)
    assert done.returncode == 0, done.stderr
    assert f"{kept} of them were embedded before an interruption" in done.stderr
    assert _pending(store) == 0
    assert _rows(store, "SELECT id, vector FROM chunks") == _rows(
        fresh, "SELECT id, vector FROM chunks"
    )
    assert ask(command, store) == ask(command, fresh)


def _pending(store: Path) -> int:
    """Return how many new vectors the catalog's file holds, read beside whoever writes it."""
    return len(_rows(store, "SELECT chunk_id FROM pending"))


def _rows(store: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(store / "catalog.sqlite3", timeout=20)) as connection:
        return connection.execute(f"{query} ORDER BY 1").fetchall()
