"""The README is true: its commands exist, and its terminal sessions print what it says."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from typer.main import get_command

from assistant import Assistant
from store.readers import read_papers
from store.sample import SAMPLE
from ui.cli import app

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")


def blocks(language: str) -> list[str]:
    """Return the README's code blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def commands_and_options() -> dict[str, set[str]]:
    """Return each command of the command line with its options; a group's are "eval answers"."""
    found: dict[str, set[str]] = {}
    root = get_command(app)
    for name, command in root.commands.items():  # type: ignore[attr-defined]
        inner = getattr(command, "commands", None)
        for full, leaf in (
            {f"{name} {sub}": c for sub, c in inner.items()} if inner else {name: command}
        ).items():
            found[full] = {opt for p in leaf.params for opt in (*p.opts, *p.secondary_opts)}
    return found


def sessions() -> list[tuple[str, str]]:
    """Return (command, printed) of every terminal session, in order."""
    steps = []
    for block in blocks("console"):
        for step in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, printed = step.partition("\n")
            steps.append((command, printed))
    return steps


def test_every_command_is_in_the_table() -> None:
    commands = commands_and_options()
    # A word after a command's name is one of its commands, or stands for what it is given.
    rows = re.findall(r"^\| `assistant ([a-z]+)(?: ([a-z]+))?", README, re.MULTILINE)
    table = {f"{name} {own}" if f"{name} {own}" in commands else name for name, own in rows}
    assert table == set(commands)


def test_every_option_named_is_a_real_one() -> None:
    known = set().union(*commands_and_options().values(), {"--help", "--version"})
    prose = re.sub(r"^```.*?^```$", "", README, flags=re.MULTILINE | re.DOTALL)
    spans = [span for span in re.findall(r"`([^`]+)`", prose) if not span.startswith("python")]
    named = {option for span in spans for option in re.findall(r"--[a-z][a-z-]*", span)}
    assert named - {"--host", "--port"} <= known
    for command, _ in sessions():
        words = shlex.split(command)
        if words[0] == "assistant":
            options = {word for word in words if word.startswith("--")}
            assert options <= commands_and_options()[words[1]], command


def test_two_commands_set_up_everything() -> None:
    demo, tests = blocks("bash")
    assert demo.strip().endswith("assistant demo")
    assert " .venv/bin/pytest " in tests
    assert demo.count("\n") == tests.count("\n") == 1


def test_settings_are_all_named() -> None:
    from ui.settings import Settings

    named = set(re.findall(r"`ASSISTANT_([A-Z_]+)`", README))
    assert named == {field.upper() for field in Settings.model_fields}


def test_pictures_are_there_and_small() -> None:
    pictures = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", README)
    assert len(pictures) == 2
    assert all(10_000 < (ROOT / picture).stat().st_size < 200_000 for picture in pictures)


@pytest.mark.slow
def test_terminal_sessions_print_what_the_readme_says(tmp_path: Path, cache: Path) -> None:
    (tmp_path / "store").symlink_to(ROOT / "store")
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "ASSISTANT_STORE": str(tmp_path / "papers"),
        "ASSISTANT_CACHE": str(cache),
    }
    for command, printed in sessions():
        done = subprocess.run(  # noqa: S602 - the README's own commands
            command, shell=True, cwd=tmp_path, env=environment, capture_output=True, text=True
        )
        # A terminal wraps lines where a pipe does not.
        assert done.stdout.split() == printed.split(), f"{command}\n{done.stderr}"


@pytest.mark.slow
def test_python_examples_give_what_the_readme_says(tmp_path: Path, cache: Path) -> None:
    with Assistant.open(tmp_path / "papers", cache=cache, create=True) as made:
        made.corpus.add(read_papers(SAMPLE))
    (tmp_path / "abstract-assistant").symlink_to(cache)
    (tmp_path / "examples.txt").write_text("".join(blocks("pycon")), "utf-8")
    done = subprocess.run(
        # The README's lines are no longer than its prose.
        [sys.executable, "-m", "doctest", "-o", "NORMALIZE_WHITESPACE", "examples.txt"],
        cwd=tmp_path,
        env={**os.environ, "XDG_CACHE_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stdout) == (0, ""), done.stdout
    assert blocks("pycon")
