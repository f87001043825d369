"""Draining: a server that stops finishes its answers, and ends what would never end by itself."""

import asyncio

import anyio
from starlette.types import ASGIApp, Message, Receive, Scope, Send

#: The stream that a chat keeps open as long as its page is.
HEARTBEAT = "/gradio_api/heartbeat/"


class Draining:
    """Ends each page's heartbeat once the server stops; all else is left to finish."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; where it is a heartbeat, until the server stops."""
        stopping = _stopping(scope)
        if stopping is None or HEARTBEAT not in scope.get("path", ""):
            await self.app(scope, receive, send)
            return
        ended = False

        async def noted(message: Message) -> None:
            nonlocal ended
            ended = message["type"] == "http.response.body" and not message.get("more_body")
            await send(message)

        async def until_stopped() -> Message:
            """Receive what there is; that the server stops looks like a client that goes."""
            got: list[Message] = []
            async with anyio.create_task_group() as group:

                async def heard() -> None:
                    got.append(await receive())
                    group.cancel_scope.cancel()

                group.start_soon(heard)
                await stopping.wait()
                group.cancel_scope.cancel()
            return got[0] if got else {"type": "http.disconnect"}

        await self.app(scope, until_stopped, noted)
        if not ended and stopping.is_set():
            await send({"type": "http.response.body", "body": b"", "more_body": False})


def _stopping(scope: Scope) -> asyncio.Event | None:
    """Return what says that the server stops, where the server that runs the app tells."""
    app = scope.get("app")
    return getattr(app.state, "stopping", None) if app else None
