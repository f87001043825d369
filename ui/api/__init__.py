"""REST under /api/v1: one module a group of routes."""

from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.openapi.utils import get_openapi
from starlette.exceptions import HTTPException
from starlette.routing import BaseRoute, Match, Route
from starlette.types import Receive, Scope, Send

from ui.api import asking, exporting, facets, judging, papers, status
from ui.problems import Problem
from ui.service import Service

PREFIX = "/api/v1"
#: Where the chat, mounted behind, would else answer to what nobody knows.
UNKNOWN = (
    *("/api/{path:path}", "/v1/{path:path}", "/feeds/{path:path}"),
    *("/mcp", "/health", "/ready", "/metrics"),
)
METHODS = ("DELETE", "GET", "PATCH", "POST", "PUT")
_DESCRIPTION = """
Answers made only of sentences quoted from paper abstracts, each with its source.

Errors are problem details (RFC 9457). What is read with GET carries an ETag that changes with the
papers. Where keys have been made (`assistant keys add`), send one as a bearer token; adding and
removing papers takes one that may write. After a 429 or a 503, wait as `Retry-After` says.

At `/mcp` the same answers are given by the Model Context Protocol, over streamable HTTP.
"""
_TAGS = {
    "ask": "Questions, and what is done with answers.",
    "search": "Papers for a text, papers like one, and the values that filters may have.",
    "papers": "One paper; adding and removing, for keys that may.",
    "status": "How the server is.",
    "openai": "The protocol of OpenAI's chat completions, for whatever speaks it.",
    "feeds": "Atom: new papers, and those that answer a saved question.",
}


def add_api(app: FastAPI, service: Service) -> None:
    """Add the REST routes over `service` to `app`, and describe all that it has in its OpenAPI.

    Added last but for the chat, so that what no route before knows is refused as unknown.
    """
    status.add_probes(app, service)
    router = APIRouter(prefix=PREFIX)
    for group in (asking, exporting, facets, judging, papers, status):
        group.add_routes(router, service)
    app.include_router(router)
    for path in UNKNOWN:
        app.router.routes.append(Route(path, _Unknown(list(app.router.routes))))
    app.openapi = lambda: _described(app)  # type: ignore[method-assign]


class _Unknown:
    """Answers where none of `routes` does: else the chat, mounted behind them, would."""

    def __init__(self, routes: Sequence[BaseRoute]) -> None:
        self._routes = routes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        allowed = ", ".join(method for method in METHODS if self._fits({**scope, "method": method}))
        if not allowed:
            raise HTTPException(404, "There is nothing here; see /docs.")
        detail = f"{scope['method']} is not for this path; use {allowed}."
        raise HTTPException(405, detail, headers={"Allow": allowed})

    def _fits(self, scope: Scope) -> bool:
        return any(route.matches(scope)[0] is Match.FULL for route in self._routes)


def _described(app: FastAPI) -> dict[str, Any]:
    """Return the OpenAPI document: FastAPI's, with the form of errors and of keys."""
    if app.openapi_schema is None:
        document = get_openapi(
            title=app.title,
            version=app.version,
            description=_DESCRIPTION,
            routes=app.routes,
            tags=[{"name": name, "description": about} for name, about in _TAGS.items()],
        )
        parts = document.setdefault("components", {})
        schema = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas = parts.setdefault("schemas", {})
        schemas |= schema.pop("$defs", {}) | {"Problem": schema}
        # FastAPI's own forms, which nothing here answers in.
        for unused in ("HTTPValidationError", "ValidationError"):
            schemas.pop(unused, None)
        parts["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer"}}
        document["security"] = [{}, {"key": []}]
        app.openapi_schema = document
    return app.openapi_schema
