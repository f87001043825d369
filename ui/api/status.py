"""The routes that say how the server is."""

from collections.abc import Awaitable, Callable
from contextlib import nullcontext, suppress

from fastapi import APIRouter, FastAPI, Response

from assistant import __version__
from store.errors import StoreError
from store.stats import Stats
from ui.api.forms import Health
from ui.api.responses import errors, etag, gives
from ui.operation import metrics
from ui.service import Service


def add_probes(app: FastAPI, service: Service) -> None:
    """Add the routes for whoever watches the server: /health, /ready, /metrics."""
    app.get("/health", tags=["status"], name="probe_health")(_health(service))
    app.get("/ready", tags=["status"], name="probe_ready", responses=errors())(_ready(service))

    text = gives("text/plain")

    @app.get("/metrics", tags=["status"], response_class=Response, responses=text | errors())
    async def measured() -> Response:
        """Return counts and times for Prometheus: of requests, answers and papers."""
        text = service.metrics.text(papers=len(service.corpus))
        return Response(text, media_type=metrics.CONTENT_TYPE)


def add_routes(router: APIRouter, service: Service) -> None:
    """Add the routes to `router`."""
    router.get("/health", tags=["status"])(_health(service))
    router.get("/ready", tags=["status"], responses=errors())(_ready(service))

    @router.get("/stats", tags=["status"], responses=errors(304), dependencies=[etag(service)])
    async def stats() -> Stats:
        """Return how much the store holds, its model and its snapshot."""
        return await service.run(service.corpus.stats)


def _health(service: Service) -> Callable[[], Awaitable[Health]]:
    known: list[Health] = []

    async def health() -> Health:
        """Say that the server is up, and what it answers from, as it last knew that."""
        # Nothing is gained by starting it again because its database is away.
        with suppress(StoreError) if known else nullcontext():
            known[:] = [_state(service)]
        return known[0]

    return health


def _state(service: Service) -> Health:
    corpus = service.corpus
    return Health(papers=len(corpus), snapshot=corpus.snapshot, version=__version__)


def _ready(service: Service) -> Callable[[], Awaitable[Health]]:
    async def ready() -> Health:
        """Say that a search goes through from end to end; 503 where it does not."""
        await service.run(lambda: service.assistant.search("ready", k=1))
        return _state(service)

    return ready
