"""What a Python program imports: light, and open in one line."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

import assistant
from assistant import Assistant
from store.errors import StoreError
from store.readers import read_papers
from store.sample import SAMPLE

Run = Callable[..., subprocess.CompletedProcess[str]]
HEAVY = {"torch", "chromadb", "gradio", "openvino", "sentence_transformers", "transformers"}


def test_importing_the_package_loads_none_of_its_modules(python: Run) -> None:
    done = python("import sys, assistant; print(*(m for m in sys.modules if '.' not in m))")
    loaded = set(done.stdout.split())
    assert "assistant" in loaded
    assert loaded & (HEAVY | {"numpy", "pydantic", "sqlalchemy", "tantivy", "store"}) == set()


def test_importing_the_assistant_loads_nothing_heavy(python: Run) -> None:
    done = python("import sys; from assistant import Assistant; print(*sys.modules)")
    assert "assistant.assistant" in done.stdout.split(), done.stderr
    assert HEAVY & set(done.stdout.split()) == set()


@pytest.mark.parametrize("name", assistant.__all__)
def test_every_exported_name_is_there(name: str) -> None:
    assert getattr(assistant, name)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'Oracle'"):
        assistant.Oracle  # noqa: B018 - asking is the test


def test_a_store_opens_in_one_line_and_closes_itself(cache: Path, tmp_path: Path) -> None:
    store = tmp_path / "papers"
    with Assistant.open(store, cache=cache, rerank=False, create=True) as opened:
        assert opened.corpus.add(read_papers(SAMPLE)).added == 108
    # The lock is free again: another may write.
    with Assistant.open(str(store), cache=cache) as opened:
        answer = opened.ask("What is HyenaDNA?")
        assert opened.verify(answer) == []
        forged = answer.quotes[0].model_copy(update={"text": "No such words."})
        quotes = (forged, *answer.quotes[1:])
        [problem] = opened.verify(answer.model_copy(update={"quotes": quotes}))
        assert problem.reason.startswith("the text differs")
        opened.corpus.remove([answer.citations[0].paper_id])
        assert "its abstract is not at hand" in {p.reason for p in opened.verify(answer)}


def test_without_a_store_the_message_says_what_to_do(cache: Path, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"no store in .*; add papers first"):
        Assistant.open(tmp_path / "none", cache=cache)
