"""Keys: who may call the surfaces for programs, and what for.

A key is shown once, when it is made; the file keeps its hash. It is 256 random bits, so that a
plain SHA-256 is all the hash it needs.
"""

import hashlib
import os
import secrets
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from filelock import FileLock
from pydantic import BaseModel, ConfigDict, ValidationError

from store.errors import SettingsError

#: The file in the store's folder that keeps them.
KEYS = "keys.json"
#: What every key begins with, so that one that got lost can be recognised.
MARK = "aak_"
#: Characters of a key that are shown again, to tell it from others.
SHOWN = 12

Scope = Literal["read", "write"]


class Key(BaseModel):
    """A key as it is kept: everything but the key itself."""

    model_config = ConfigDict(frozen=True)

    name: str
    prefix: str
    scopes: tuple[Scope, ...]
    created: str
    sha256: str


class _Kept(BaseModel):
    keys: tuple[Key, ...] = ()


class Keys:
    """The keys of one store, followed as the file changes."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / KEYS
        self._read: tuple[tuple[int, int], dict[str, Key]] | None = None

    @property
    def made(self) -> bool:
        """Whether a key was ever made: from then on, also with all revoked, one is needed."""
        return self.file.exists()

    def find(self, given: str) -> Key | None:
        """Return the key that was given, or None where it is none of these."""
        return self._by_hash().get(_hash(given))

    def all(self) -> tuple[Key, ...]:
        """Return every key, in the order made."""
        return tuple(self._by_hash().values())

    def add(self, name: str, scopes: Iterable[Scope]) -> str:
        """Make a key and return it; it cannot be had again.

        Raises SettingsError where there is one of this name.
        """
        if not name.strip() or not name.isprintable():
            raise SettingsError(f"{name!r} is no name for a key; say whose it is")
        with self._changing():
            if any(key.name == name for key in self.all()):
                raise SettingsError(f"there is a key {name!r} already; revoke it or take another")
            given = MARK + secrets.token_urlsafe(32)
            key = Key(
                name=name,
                prefix=given[:SHOWN],
                scopes=tuple(dict.fromkeys(scopes)),
                created=datetime.now(UTC).isoformat(timespec="seconds"),
                sha256=_hash(given),
            )
            self._write((*self.all(), key))
        return given

    def revoke(self, name: str) -> Key:
        """Take a key back, by its name or by the prefix shown, and return it.

        Raises SettingsError where there is none. A running server refuses it from its next request.
        """
        with self._changing():
            found = [key for key in self.all() if name in (key.name, key.prefix)]
            if not found:
                raise SettingsError(f"there is no key {name!r}; see: assistant keys list")
            self._write(tuple(key for key in self.all() if key not in found))
        return found[0]

    def _changing(self) -> FileLock:
        return FileLock(f"{self.file}.lock", mode=0o600)

    def _by_hash(self) -> dict[str, Key]:
        try:
            found = self.file.stat()
        except FileNotFoundError:
            return {}
        stamp = (found.st_mtime_ns, found.st_ino)
        # Held in a local: another thread may put a later one in its place.
        read = self._read
        if read is None or read[0] != stamp:
            read = self._read = (stamp, {key.sha256: key for key in self._load()})
        return read[1]

    def _load(self) -> tuple[Key, ...]:
        try:
            return _Kept.model_validate_json(self.file.read_bytes()).keys
        except (OSError, ValidationError) as error:
            raise SettingsError(
                f"the keys in {str(self.file)!r} cannot be read; mend or remove the file"
            ) from error

    def _write(self, keys: tuple[Key, ...]) -> None:
        new = self.file.with_suffix(".new")
        # Whole or not at all, and for nobody else's eyes.
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(_Kept(keys=keys).model_dump_json(indent=2) + "\n")
        new.replace(self.file)


def _hash(given: str) -> str:
    return hashlib.sha256(given.encode("utf-8", "surrogateescape")).hexdigest()
