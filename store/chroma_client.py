"""Connecting to a Chroma server, with an end to every wait."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from store.dense import COLLECTION
from store.errors import SettingsError
from store.offline import go_offline

if TYPE_CHECKING:
    from chromadb.api.client import Client

#: Seconds that a server is waited for: to answer, and to do what takes long.
ANSWERING, WRITING = 5.0, 60.0
#: How the addresses end at which something is asked for that takes long.
LONG = ("/upsert", "/delete", "/count")


@dataclass(frozen=True, slots=True, kw_only=True)
class ChromaServer:
    """Where a Chroma server is, and which of its collections is meant.

    Chroma Cloud has a key, a tenant and a database besides; then its quotas are kept. `patience` is
    the seconds that it has to answer.
    """

    url: str
    collection: str = COLLECTION
    key: str | None = None
    tenant: str | None = None
    database: str | None = None
    patience: float = ANSWERING


def connect(server: ChromaServer) -> Client:
    """Return a client of the server.

    Raises SettingsError for an unusable address, and whatever the client raises.
    """
    go_offline()
    from chromadb.api.client import Client
    from chromadb.config import DEFAULT_DATABASE, DEFAULT_TENANT, Settings

    class Impatient(Client):
        """Chroma's own client, which waits for ever, from its first request on."""

        def get_user_identity(self) -> Any:
            # Of httpx, and not declared.
            session: Any = getattr(self._server, "_session")  # noqa: B009
            session.timeout = server.patience
            session.event_hooks = {"request": [_be_patient]}
            return super().get_user_identity()

    address = urlsplit(server.url)
    if address.scheme not in ("http", "https") or not address.hostname:
        raise SettingsError(
            f"{server.url!r} is no address of a Chroma server; give one such as "
            "http://127.0.0.1:8000"
        )
    secure = address.scheme == "https"
    return Impatient(
        tenant=server.tenant or DEFAULT_TENANT,
        database=server.database or DEFAULT_DATABASE,
        settings=Settings(
            chroma_api_impl="chromadb.api.fastapi.FastAPI",
            chroma_server_host=address.hostname,
            chroma_server_http_port=address.port or (443 if secure else 8000),
            chroma_server_ssl_enabled=secure,
            chroma_server_headers={"x-chroma-token": server.key} if server.key else None,
            anonymized_telemetry=False,
        ),
    )


def _be_patient(request: Any) -> None:
    if request.method == "DELETE" or request.url.path.endswith(LONG):
        request.extensions["timeout"] |= {"read": WRITING, "write": WRITING}
