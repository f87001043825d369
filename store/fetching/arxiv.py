"""arXiv, by its Atom API: https://info.arxiv.org/help/api/user-manual.html."""

import io
import re
from collections.abc import Iterator

from store.days import first_day, last_day
from store.errors import FetchError
from store.fetching.client import Client
from store.fetching.request import Page, Request
from store.readers import Record, read_papers

URL = "https://export.arxiv.org/api/query"
#: Seconds between two requests, as its terms of use ask.
PAUSE = 3.0
#: Papers asked for at a time.
PAGE = 100
#: How often a page is asked for that comes short, as arXiv's sometimes do.
ATTEMPTS = 3

_TOTAL = re.compile(rb":totalResults[^>]*>\s*(\d+)\s*<")
#: What stands before a word in arXiv's own language.
_FIELD = re.compile(
    r"\b(?:ti|au|abs|co|jr|cat|rn|id|all|submittedDate|lastUpdatedDate):", re.IGNORECASE
)
#: A word, or a phrase in quotes.
_TERM = re.compile(r'"[^"]+"|[^\s"]+')


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
        return _read(client.get(id_list=",".join(asked), max_results=len(asked)))
    size = min(PAGE, request.limit - start)
    for _ in range(ATTEMPTS):
        body = client.get(
            search_query=_query(request),
            start=start,
            max_results=size,
            sortBy="submittedDate",
            sortOrder="descending",
        )
        records, total = _read(body), _TOTAL.search(body)
        left = int(total[1]) - start if total else 0
        if len(records) >= min(size, left):
            break
    if left > 0 and not records:
        raise FetchError(
            f"arXiv gives none of the {left} papers from number {start + 1} on; try again later, "
            "what it has given is kept"
        )
    return records


def _read(body: bytes) -> list[Record]:
    return list(read_papers(io.BytesIO(body), name="arXiv"))


def _query(request: Request) -> str:
    """Return the query in arXiv's own language; what is plain words is looked for everywhere."""
    query = request.query
    if query and not _FIELD.search(query):
        query = " AND ".join(f"all:{term.rstrip(':')}" for term in _TERM.findall(query))
    if not (request.since or request.until):
        return query
    since, until = first_day(request.since or "1991"), last_day(request.until or "2999")
    dates = f"submittedDate:[{since:%Y%m%d}0000 TO {until:%Y%m%d}2359]"
    return f"({query}) AND {dates}" if query else dates
