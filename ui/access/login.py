"""Login: who may open the chat, by a file of passwords or by the word of a proxy."""

import base64
import binascii
import hashlib
import hmac
import secrets
from pathlib import Path

import anyio.to_thread
import bcrypt
from starlette.datastructures import Headers

from store.errors import SettingsError

#: Logins remembered: bcrypt takes its time on purpose, and a page makes many requests.
REMEMBERED = 1000


class ProxyLogin:
    """Whoever a proxy names in a header; nobody else must be able to reach the server."""

    challenge: str | None = None

    def __init__(self, header: str) -> None:
        self._header = header

    async def user(self, headers: Headers) -> str | None:
        """Return who is logged in."""
        return headers.get(self._header) or None


class PasswordLogin:
    """Names and passwords from a file as `htpasswd -B` writes it, read when the server starts."""

    challenge: str | None = 'Basic realm="Abstract assistant", charset="UTF-8"'

    def __init__(self, file: Path) -> None:
        self._hashes = _hashes(file)
        self._known: dict[bytes, str] = {}
        self._secret = secrets.token_bytes(32)

    async def user(self, headers: Headers) -> str | None:
        """Return who is logged in."""
        name, password = _basic(headers.get("authorization", ""))
        kept = self._hashes.get(name)
        if kept is None:
            return None
        seal = hmac.digest(self._secret, f"{name}:{password}".encode(), hashlib.sha256)
        if seal not in self._known:
            # bcrypt reads no more than 72 bytes, and refuses longer ones.
            given = password.encode()[:72]
            if not await anyio.to_thread.run_sync(bcrypt.checkpw, given, kept):
                return None
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            self._known[seal] = name
        return name


Login = ProxyLogin | PasswordLogin


def _hashes(file: Path) -> dict[str, bytes]:
    try:
        lines = file.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"the passwords in {str(file)!r} cannot be read; check it") from error
    found = {}
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        name, _, kept = line.strip().partition(":")
        if not name or not kept.startswith(("$2a$", "$2b$", "$2y$")):
            raise SettingsError(
                f"{file}:{number}: no name with a bcrypt hash; make one with: htpasswd -nB NAME"
            )
        # Apache's name for what everybody else calls 2b.
        found[name] = kept.replace("$2y$", "$2b$", 1).encode()
    return found


def _basic(authorization: str) -> tuple[str, str]:
    scheme, _, sent = authorization.partition(" ")
    if scheme.lower() != "basic":
        return "", ""
    try:
        name, _, password = base64.b64decode(sent, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return name, password
