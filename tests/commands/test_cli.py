"""The command line: help, wrong use, settings, exit codes; one line, never a traceback."""

import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant import __version__
from store.papers import paper_id
from store.sample import SAMPLE

Run = Callable[..., subprocess.CompletedProcess[str]]
COMMANDS = (
    "demo", "add", "fetch", "ask", "serve", "mcp", "verify", "diff", "export",
    "eval retrieval", "eval answers", "feedback list", "feedback export",
    "stats", "show", "map", "remove", "repair", "compact", "backup", "restore",
    "keys add", "keys list", "keys revoke",
    "watch add", "watch list", "watch remove", "digest preview", "digest send",
)  # fmt: skip
#: Prints which heavy library a command loaded, after it has run.
LOADED = """
import sys
from ui.cli import main
heavy = sys.argv[1].split()
sys.argv[:] = ["assistant", *sys.argv[2:]]
try:
    main()
finally:
    print(*sorted(set(heavy) & set(sys.modules)), file=sys.stderr)
"""
HEAVY = "torch transformers sentence_transformers gradio openvino chromadb"


def fails(done: subprocess.CompletedProcess[str], message: str) -> None:
    """Check that a command failed with exit code 2 and with this one line."""
    assert done.stderr.startswith(f"error: {message}"), done.stderr
    assert done.stderr.count("\n") == 1
    assert (done.returncode, done.stdout) == (2, "")


@pytest.mark.parametrize("name", COMMANDS)
def test_help_shows_an_example_and_loads_nothing_that_takes_long(python: Run, name: str) -> None:
    done = python(LOADED, f"{HEAVY} numpy sqlalchemy tantivy", *name.split(), "--help")
    (example,) = (line for line in done.stdout.splitlines() if " Example: " in line)
    assert f"assistant {name}" in example
    assert (done.returncode, done.stderr) == (0, "\n")


def test_the_command_alone_shows_every_command_in_its_order(command: Run) -> None:
    bare, asked = command(), command("--help")
    assert (bare.returncode, asked.returncode, bare.stderr) == (2, 0, "")
    names = list(dict.fromkeys(name.split()[0] for name in COMMANDS))
    for shown in (bare.stdout, asked.stdout):
        # The name of each command begins its line in the box of commands.
        assert re.findall(r"^│ ([a-z]+) ", shown, re.MULTILINE) == names


def test_the_version(command: Run) -> None:
    assert command("--version").stdout == f"abstract-assistant {__version__}\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nonsense"], "No such command 'nonsense'; see: assistant --help"),
        (["show"], "Missing argument 'ID'; see: assistant show --help"),
        (["add"], "Missing argument 'SOURCE...'; see: assistant add --help"),
        (["stats", "--nope"], "No such option: --nope"),
        (["ask"], "Invalid value: give one QUESTION, or --batch FILE; see: assistant ask --help"),
        (["ask", "What?", "--batch", "f"], "Invalid value: give one QUESTION, or --batch FILE"),
        (["serve", "--port", "x"], "Invalid value for '--port': "),
        (["add", "nowhere.txt"], "nowhere.txt: no such file or folder; check the path"),
        (["verify", "nowhere.json"], "nowhere.json: cannot be read: No such file or directory; ch"),
    ],
)
def test_wrong_use_is_one_line_that_says_what_to_do(
    command: Run, tmp_path: Path, arguments: list[str], message: str
) -> None:
    fails(command(*arguments, env={"ASSISTANT_STORE": str(tmp_path / "store")}), message)
    assert not (tmp_path / "store").exists()


@pytest.mark.parametrize(
    "arguments",
    [["ask", "What?"], ["stats"], ["show", "title:x"], ["remove", "title:x"], ["repair"]],
)
def test_a_store_that_is_not_there_is_not_made_by_asking(
    command: Run, tmp_path: Path, arguments: list[str]
) -> None:
    folder = tmp_path / "store"
    message = f"no store in '{folder}'; add papers first: assistant add FILE, or look around with"
    fails(command(*arguments, "--store", folder), message)
    assert not folder.exists()


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ({"ASSISTANT_PORT": "x"}, "ASSISTANT_PORT (or its flag) is 'x': input should be a valid"),
        ({"ASSISTANT_PORT": "70000"}, "ASSISTANT_PORT (or its flag) is '70000': input should be"),
        ({"ASSISTANT_DATABASE_URL": "x"}, "the database URL 'x:...' cannot be used: Could not"),
        ({"ASSISTANT_STORE": "/dev/null"}, "no store in '/dev/null'; add papers first"),
    ],
)
def test_a_wrong_setting_is_named(command: Run, setting: dict[str, str], message: str) -> None:
    fails(command("stats", env=setting), message)


def test_an_empty_setting_counts_as_none(command: Run) -> None:
    done = command("stats", env={"ASSISTANT_STORE": "", "ASSISTANT_DATABASE_URL": ""})
    fails(done, "no store in '/")


def test_a_flag_goes_before_its_variable(command: Run, store: Path) -> None:
    done = command("stats", "--json", "--store", store, env={"ASSISTANT_STORE": "/nowhere"})
    assert json.loads(done.stdout)["papers"] == 108


def test_a_model_that_is_not_here_is_one_line(command: Run, store: Path, tmp_path: Path) -> None:
    done = command("ask", "What?", "--store", store, env={"ASSISTANT_MODEL": "nope"})
    fails(done, "no model 'nope' on this machine; give the folder of a sentence-transformers model")
    done = command("ask", "What?", "--store", store, env={"ASSISTANT_MODEL": str(tmp_path)})
    fails(done, f"the model folder '{tmp_path}' holds no weights (model.safetensors); give the")


@pytest.mark.parametrize(
    ("arguments", "loaded"),
    [
        (["stats"], ""),
        (["show", "title:539636f5f0b9"], ""),
        (["ask", "What is HyenaDNA?"], "openvino"),
    ],
)
def test_a_command_loads_no_more_than_it_uses(
    python: Run, store: Path, arguments: list[str], loaded: str
) -> None:
    done = python(LOADED, HEAVY, *arguments, "--store", store)
    assert (done.returncode, done.stderr) == (0, f"{loaded}\n")


def test_the_locale_changes_no_character(command: Run, store: Path) -> None:
    (line,) = (line for line in SAMPLE.read_text("utf-8").splitlines() if "PixArt-Σ" in line)
    arguments = ("show", paper_id(json.loads(line)["title"]), "--store", store)
    assert "PixArt-Σ" in command(*arguments).stdout
    ascii_only = {"PYTHONIOENCODING": "ascii", "LC_ALL": "C", "PYTHONUTF8": "0"}
    assert command(*arguments, env=ascii_only).stdout == command(*arguments).stdout


def test_a_reader_of_the_pipe_that_has_seen_enough_is_no_error(
    executable: str, store: Path, environment: dict[str, str]
) -> None:
    line = f"'{executable}' show title:539636f5f0b9 --store '{store}' | true"
    done = subprocess.run(["sh", "-c", line], env=environment, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_damaged_catalog_is_one_line(command: Run, tmp_path: Path) -> None:
    (tmp_path / "catalog.sqlite3").write_bytes(b"garbage" * 1000)
    message = f"the database sqlite:///{tmp_path}/catalog.sqlite3 cannot be used: file is not a dat"
    fails(command("stats", "--store", tmp_path), message)
    fails(command("add", SAMPLE, "--store", tmp_path), message)
