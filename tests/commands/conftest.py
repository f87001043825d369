"""A store of the bundled papers, made by the command itself, and what it answers."""

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from store.sample import SAMPLE

Run = Callable[..., subprocess.CompletedProcess[str]]
QUESTION = "What is HyenaDNA?"


@pytest.fixture(scope="session")
def store(command: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store to read only."""
    folder = tmp_path_factory.mktemp("commands") / "store"
    done = command("add", SAMPLE, "--store", folder)
    assert done.stdout == "108 added, 0 updated, 0 unchanged, 0 skipped\n"
    assert (done.returncode, done.stderr) == (0, "")
    return folder


@pytest.fixture
def own(store: Path, tmp_path: Path) -> Path:
    """A store of one test's own."""
    return Path(shutil.copytree(store, tmp_path / "own"))


@pytest.fixture(scope="session")
def bundle(command: Run, store: Path) -> dict[str, Any]:
    """The answer to QUESTION with the abstracts that it quotes."""
    done = command("ask", QUESTION, "--bundle", "--store", store)
    assert (done.returncode, done.stderr) == (0, "")
    made: dict[str, Any] = json.loads(done.stdout)
    assert made["answers"][0]["status"] == "answered"
    return made


@pytest.fixture(scope="session")
def answer(bundle: dict[str, Any]) -> str:
    """The answer to QUESTION, as `ask --json` prints it."""
    return json.dumps(bundle["answers"][0], ensure_ascii=False, indent=2) + "\n"
