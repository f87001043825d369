"""Requests: each one timed, counted and logged when its response has gone out."""

import logging
import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.operation.metrics import Metrics

log = logging.getLogger(__name__)


class NoteRequests:
    """Tell `metrics` and the log of every request; neither its query nor its body."""

    def __init__(self, app: ASGIApp, *, metrics: Metrics) -> None:
        self.app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and note how it went."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        start = time.perf_counter()
        # What a response that never starts counts as.
        status = 500

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, noted)
        finally:
            self._note(scope, status, time.perf_counter() - start)

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        # A template such as /api/v1/papers/{paper_id}, so that there are only so many.
        route = getattr(scope.get("route"), "path", None) or "other"
        method = scope["method"] if scope["method"] in METHODS else "other"
        self._metrics.note_request(method, route, status, seconds=seconds)
        facts = {
            "method": method,
            "route": route,
            "status": status,
            "milliseconds": round(seconds * 1000, 1),
            "client": (scope.get("client") or ("", 0))[0],
            "who": scope.get("state", {}).get("who"),
        }
        log.debug("request", extra={"facts": facts})


METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
