import json
import stat
from pathlib import Path

import pytest

from store.errors import SettingsError
from ui.access.keys import KEYS, Keys


def test_a_key_is_known_by_itself_and_kept_as_a_hash(tmp_path: Path) -> None:
    keys = Keys(tmp_path)
    given = keys.add("laptop", ["read"])
    kept = (tmp_path / KEYS).read_text()
    assert given not in kept
    assert given[12:] not in kept
    found = keys.find(given)
    assert found is not None
    assert (found.name, found.scopes, found.prefix) == ("laptop", ("read",), given[:12])
    assert keys.find(given + "x") is None
    assert keys.find("") is None
    assert stat.S_IMODE((tmp_path / KEYS).stat().st_mode) == 0o600


def test_no_two_keys_are_alike(tmp_path: Path) -> None:
    keys = Keys(tmp_path)
    given = {keys.add(f"key {number}", ["read"]) for number in range(20)}
    assert len(given) == len({key.sha256 for key in keys.all()}) == 20


def test_another_process_sees_what_is_made_and_revoked(tmp_path: Path) -> None:
    server, command = Keys(tmp_path), Keys(tmp_path)
    assert not server.made
    first = command.add("first", ["read"])
    second = command.add("second", ["read", "write"])
    assert server.find(first) and server.find(second)
    assert command.revoke("first").name == "first"
    assert server.find(first) is None
    assert command.revoke(second[:12]).name == "second"
    assert server.all() == ()
    # All are revoked, but that keys are needed stays.
    assert server.made


def test_a_name_stands_for_one_key(tmp_path: Path) -> None:
    keys = Keys(tmp_path)
    keys.add("laptop", ["read"])
    with pytest.raises(SettingsError, match="there is a key 'laptop' already"):
        keys.add("laptop", ["read"])
    with pytest.raises(SettingsError, match="no name for a key"):
        keys.add(" ", ["read"])
    with pytest.raises(SettingsError, match="there is no key 'phone'"):
        keys.revoke("phone")


@pytest.mark.parametrize("text", ["", "{", '{"keys": [{}]}', json.dumps({"keys": "none"})])
def test_damaged_keys_let_nobody_in(tmp_path: Path, text: str) -> None:
    (tmp_path / KEYS).write_text(text)
    keys = Keys(tmp_path)
    assert keys.made
    with pytest.raises(SettingsError, match="cannot be read; mend or remove"):
        keys.find("any")
