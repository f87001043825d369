"""arXiv, by its Atom API: https://info.arxiv.org/help/api/user-manual.html."""

import io
from collections.abc import Iterator

from store.days import first_day, last_day
from store.fetching.client import Client
from store.fetching.request import Page, Request
from store.readers import Record, read_papers

URL = "https://export.arxiv.org/api/query"
#: Seconds between two requests, as its terms of use ask.
PAUSE = 3.0
#: Papers asked for at a time.
PAGE = 100


def pages(client: Client, request: Request, *, start: int = 0) -> Iterator[Page]:
    """Yield what arXiv has, newest first; `start` is the position to go on from."""
    end = min(request.limit, len(request.ids)) if request.ids else request.limit
    while start < end:
        records = _fetch(client, request, start)
        # Of some ids there may be no paper, and of the next ones there may.
        if not records and not request.ids:
            return
        start += PAGE
        yield Page(records, start)


def _fetch(client: Client, request: Request, start: int) -> list[Record]:
    if request.ids:
        asked = request.ids[start : min(start + PAGE, request.limit)]
        body = client.get(id_list=",".join(asked), max_results=len(asked))
    else:
        body = client.get(
            search_query=_query(request),
            start=start,
            max_results=min(PAGE, request.limit - start),
            sortBy="submittedDate",
            sortOrder="descending",
        )
    return list(read_papers(io.BytesIO(body), name="arXiv"))


def _query(request: Request) -> str:
    """Return the query in arXiv's own language; what is plain words is looked for everywhere."""
    query = request.query
    if query and ":" not in query:
        query = " AND ".join(f"all:{word}" for word in query.split())
    if not (request.since or request.until):
        return query
    since, until = first_day(request.since or "1991"), last_day(request.until or "2999")
    dates = f"submittedDate:[{since:%Y%m%d}0000 TO {until:%Y%m%d}2359]"
    return f"({query}) AND {dates}" if query else dates
