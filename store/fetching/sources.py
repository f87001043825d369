"""The services that papers are fetched from, by name."""

from collections.abc import Iterator
from typing import Protocol, cast

from store.fetching import arxiv, daily_papers, pubmed
from store.fetching.client import Client
from store.fetching.request import Page, Request


class Service(Protocol):
    """What the module of a service holds."""

    #: Where it is, and the seconds to leave between two requests.
    URL: str
    PAUSE: float

    def pages(self, client: Client, request: Request, *, start: int = 0) -> Iterator[Page]: ...  # noqa: D102


SOURCES: dict[str, Service] = {
    "arxiv": cast("Service", arxiv),
    "pubmed": cast("Service", pubmed),
    "daily-papers": cast("Service", daily_papers),
}


def pages(name: str, request: Request, *, url: str | None = None, start: int = 0) -> Iterator[Page]:
    """Yield the pages of a service that answer a request, from the position `start` on.

    `url` is another place that speaks the service's language. Raises FetchError where it cannot
    be reached or does not understand.
    """
    service = SOURCES[name]
    with Client(url or service.URL, pause=service.PAUSE) as client:
        yield from service.pages(client, request, start=start)
