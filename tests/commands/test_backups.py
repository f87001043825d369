"""Backup, restore and compact from the command line, and what they say."""

import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

Run = Callable[..., subprocess.CompletedProcess[str]]
HYENA = "title:539636f5f0b9"


def test_a_restored_store_gives_the_same_bytes(
    command: Run, own: Path, tmp_path: Path, answer: str
) -> None:
    backup, again = tmp_path / "backup.zip", tmp_path / "again"
    done = command("backup", backup, "--store", own)
    assert (done.returncode, done.stderr) == (0, "")
    assert re.fullmatch(
        r"backed up: 108 papers, as of \d{4}-\d\d-\d\d \d\d:\d\d UTC, snapshot \w{12}\n",
        done.stdout,
    )
    done = command("restore", backup, "--store", again, "--json")
    manifest = json.loads(done.stdout)
    assert manifest["stats"]["papers"] == 108
    assert [line.partition(":")[0] for line in done.stderr.splitlines()] == [
        "Made the dense index from the catalog",
        "Made the lexical index from the catalog",
    ]
    assert command("ask", "What is HyenaDNA?", "--json", "--store", again).stdout == answer
    done = command("restore", backup, "--store", again)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        f"error: there is a store in '{again}' already; name another folder, or replace all that "
        "it holds: assistant restore FILE --replace\n"
    )


def test_what_was_removed_is_gone_once_the_store_is_compacted(
    command: Run, own: Path, answer: str
) -> None:
    assert command("remove", HYENA, "--store", own).returncode == 0
    done = command("compact", "--store", own)
    assert done.returncode == 0
    assert re.fullmatch(r"compacted: [\d.]+ MB before, [\d.]+ MB now\n", done.stdout)
    for file in own.rglob("*"):
        assert not file.is_file() or b"HyenaDNA" not in file.read_bytes()
    left = json.loads(command("ask", "What is HyenaDNA?", "--json", "--store", own).stdout)
    assert left["coverage"]["papers_searched"] == 107


def test_a_damaged_catalog_says_what_to_do(command: Run, own: Path, tmp_path: Path) -> None:
    assert command("backup", tmp_path / "backup.zip", "--store", own).returncode == 0
    (own / "catalog.sqlite3").write_bytes(b"garbage" * 2000)
    for arguments in (["ask", "What is HyenaDNA?"], ["compact"]):
        done = command(*arguments, "--store", own)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr == (
            f"error: the database sqlite:///{own}/catalog.sqlite3 cannot be used: file is not a "
            "database; restore a backup (assistant restore FILE --replace), or add the papers to a "
            "new store\n"
        )
    assert command("restore", tmp_path / "backup.zip", "--replace", "--store", own).returncode == 0
