import json
import subprocess
from collections.abc import Callable
from pathlib import Path

Run = Callable[..., subprocess.CompletedProcess[str]]


def test_a_key_is_shown_once_and_listed_without_itself(command: Run, own: Path) -> None:
    made = command("keys", "add", "laptop", "--write", "--store", own)
    given = made.stdout.strip()
    assert (made.returncode, made.stderr) == (0, "Keep it: it is not shown again.\n")
    assert given.startswith("aak_") and len(given) == 47
    reader = json.loads(command("keys", "add", "phone", "--json", "--store", own).stdout)["key"]
    listed = command("keys", "list", "--store", own).stdout
    assert [line.split()[0] for line in listed.splitlines()] == [
        f"{given[:12]}...",
        f"{reader[:12]}...",
    ]
    assert "read+write" in listed.splitlines()[0]
    assert given not in listed and reader not in listed
    details = json.loads(command("keys", "list", "--json", "--store", own).stdout)
    assert [(one["name"], one["scopes"]) for one in details] == [
        ("laptop", ["read", "write"]),
        ("phone", ["read"]),
    ]
    revoked = command("keys", "revoke", "laptop", "--store", own)
    assert (revoked.stdout, revoked.stderr) == ("revoked laptop\n", "")
    assert "laptop" not in command("keys", "list", "--store", own).stdout
    last = command("keys", "revoke", "phone", "--store", own)
    assert last.stderr.startswith("That was the last key. Programs still need one: make another")
    assert str(own / "keys.json") in last.stderr


def test_wrong_use_is_one_line(command: Run, own: Path, tmp_path: Path) -> None:
    none = command("keys", "revoke", "nobody", "--store", own)
    assert (none.returncode, none.stdout) == (2, "")
    assert none.stderr == "error: there is no key 'nobody'; see: assistant keys list\n"
    missing = command("keys", "add", "laptop", "--store", tmp_path / "none")
    assert missing.returncode == 2
    assert missing.stderr.startswith("error: no store in ")
