"""First paint: a page has the theme that its address asks for before any script has run."""

from urllib.parse import parse_qs

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

#: When the dark colours of Gradio's page hold, as it has them itself.
_BY_SYSTEM = b"@media (prefers-color-scheme: dark)"
_ALWAYS = {"dark": b"@media all", "light": b"@media not all"}


class FirstPaint:
    """Write a theme that the address of the chat asks for into its page.

    Gradio's own is the system's until its scripts have run: in a dark page the chat would come up
    light for half a second.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and the page back with its theme."""
        theme = _theme(scope) if scope["type"] == "http" and scope["path"] == "/" else None
        if theme is None:
            await self.app(scope, receive, send)
            return
        start: Message = {}
        page = b""

        async def held(message: Message) -> None:
            nonlocal start, page
            if message["type"] == "http.response.start":
                start = message
                return
            page += message.get("body", b"")
            if not message.get("more_body"):
                page = _themed(page, theme)
                MutableHeaders(scope=start)["content-length"] = str(len(page))
                await send(start)
                await send({"type": "http.response.body", "body": page})

        await self.app(scope, receive, held)


def _theme(scope: Scope) -> str | None:
    asked = parse_qs(scope["query_string"].decode("latin-1")).get("theme", [""])[0]
    return asked if asked in _ALWAYS else None


def _themed(page: bytes, theme: str) -> bytes:
    """Return the page with the theme in its first style, and on what lies below that."""
    scheme = f'<head><meta name="color-scheme" content="{theme}">'.encode()
    return page.replace(_BY_SYSTEM, _ALWAYS[theme], 1).replace(b"<head>", scheme, 1)
