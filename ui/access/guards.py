"""Guards: what every request and every page of the server has to keep to.

Pure ASGI, because the chat streams: a middleware that buffered would hold back its events.
"""

from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

import anyio
from fastapi import Request
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.problems import refused

#: The longest body of a request, in bytes. A question is far below it, and nothing else is sent.
LONGEST_BODY = 1_000_000
#: Seconds in which a body has to have arrived: else a few slow ones would hold the server.
BODY_SECONDS = 30

#: Characters of a host's name (RFC 1035); what is longer is shown no further.
LONGEST_NAME = 253

# Gradio's own pages run inline scripts and build functions from text, hence the two `unsafe-`.
# What matters stands: no page loads from, or sends to, any other server.
_PAGE_POLICY = (
    "default-src 'self'",
    "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
)


class OwnPagesOnly:
    """Tell browsers to keep each page to this server, and to guess nothing about its files.

    Pages of the sites `ancestors` may show the chat in a frame.
    """

    def __init__(self, app: ASGIApp, *, ancestors: Sequence[str] = ()) -> None:
        self.app = app
        framed = " ".join(("frame-ancestors 'self'", *ancestors))
        self._policy = "; ".join((*_PAGE_POLICY, framed))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and the answer back with its headers."""

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.setdefault("content-security-policy", self._policy)
                headers["x-content-type-options"] = "nosniff"
                headers.setdefault("referrer-policy", "no-referrer")
            await send(message)

        await self.app(scope, receive, guarded)


class HeadAsGet:
    """Answer HEAD as GET would be: the server that runs the app leaves the body out."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] == "http" and scope["method"] == "HEAD":
            scope = {**scope, "method": "GET"}
        await self.app(scope, receive, send)


class KnownHosts:
    """Refuse a request for a name that is none of the server's `hosts`, and say how to add one.

    "*" stands for every name, and "*.example.org" for all below that.
    """

    def __init__(self, app: ASGIApp, *, hosts: Sequence[str]) -> None:
        self.app = app
        self._hosts = [host.lower() for host in hosts]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it with 400."""
        if scope["type"] in ("http", "websocket"):
            host = Headers(scope=scope).get("host", "")
            if not self._knows(host):
                said = (
                    f"This server does not answer to {host[:LONGEST_NAME]!r}; "
                    "who runs it names it in ASSISTANT_HOSTS."
                )
                await refused(scope["path"], 400, said)(scope, receive, send)
                return
        await self.app(scope, receive, send)

    def _knows(self, host: str) -> bool:
        try:
            name = urlsplit(f"//{host}").hostname
        except ValueError:
            return False
        return name is not None and any(
            known in ("*", name) or (known.startswith("*.") and name.endswith(known[1:]))
            for known in self._hosts
        )


class LimitBody:
    """Refuse a body longer than `LONGEST_BODY`, announced or not, with 413; a slow one with 408.

    `longer` maps the paths that take more to the bytes that they take.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        seconds: float = BODY_SECONDS,
        longer: Mapping[str, int] | None = None,
    ) -> None:
        self.app = app
        self._longer = longer or {}
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on unless its body is, or turns out to be, too long or too slow."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        longest = self._longer.get(scope["path"], LONGEST_BODY)
        too_long = f"The request is longer than {longest:,} bytes."
        if _announced(scope) > longest:
            await refused(scope["path"], 413, too_long)(scope, receive, send)
            return
        taken, whole = 0, False
        until = anyio.current_time() + self._seconds

        async def counted() -> Message:
            nonlocal taken, whole
            if whole:
                return await receive()
            with anyio.move_on_at(until) as waiting:
                message = await receive()
            if waiting.cancelled_caught:
                raise HTTPException(408, f"The request took longer than {self._seconds:g} seconds.")
            taken += len(message.get("body", b""))
            whole = not message.get("more_body", False)
            if taken > longest:
                raise HTTPException(413, too_long)
            return message

        await self.app(scope, counted, send)


def require_own_page(request: Request) -> None:
    """Refuse, with 403, what a page of another site has sent in the name of its reader.

    A browser says where a form comes from, by one header or, without TLS, by the other; a program
    that is no browser says nothing.
    """
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    if site is not None:
        own = site in ("same-origin", "none")
    else:
        own = origin is None or urlsplit(origin).netloc == request.headers.get("host")
    if not own:
        raise HTTPException(403, "This was sent from a page of another site.")


def _announced(scope: Scope) -> int:
    length = Headers(scope=scope).get("content-length", "")
    return int(length) if length.isdecimal() else 0
