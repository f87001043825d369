"""arXiv, by its Atom API: https://info.arxiv.org/help/api/user-manual.html."""

import io
import re
from collections.abc import Iterator

from store.days import first_day, last_day
from store.errors import FetchError
from store.fetching.client import Client
from store.fetching.request import Page, Request, numbers_of
from store.readers import Record, Skipped, read_papers

URL = "https://export.arxiv.org/api/query"
#: Seconds between two requests, as its terms of use ask.
PAUSE = 3.0
#: Papers asked for at a time.
PAGE = 100
#: How often a page is asked for at most that comes short, as arXiv's sometimes do.
ATTEMPTS = 3

_TOTAL = re.compile(rb":totalResults[^>]*>\s*(\d+)\s*<")
#: What stands before a word in arXiv's own language.
_FIELD = re.compile(
    r"\b(?:ti|au|abs|co|jr|cat|rn|id|all|submittedDate|lastUpdatedDate):", re.IGNORECASE
)
#: A word, or a phrase in quotes.
_TERM = re.compile(r'"[^"]+"|[^\s"]+')


def pages(client: Client, request: Request, *, start: int = 0) -> Iterator[Page]:
    """Yield what arXiv has, newest first; `start` is the position to go on from.

    Papers of a query that it counts, but does not give, are told with their page.
    """
    by = _by_ids if request.ids else _by_query
    yield from by(client, request, start)


def _by_ids(client: Client, request: Request, start: int) -> Iterator[Page]:
    wanted = request.ids[: request.limit]
    while start < len(wanted):
        missing = wanted[start : start + PAGE]
        found: dict[str, Record] = {}
        for _ in range(ATTEMPTS):
            body = client.get(id_list=",".join(missing), max_results=len(missing))
            answer = _read(body)
            found |= answer
            given = {number for record in found.values() for number in numbers_of(record)}
            missing = tuple(name for name in missing if name not in given)
            # Where it gives as many as it counts, it has no others.
            if not missing or 0 < _total(body) <= len(answer):
                break
        start += PAGE
        yield Page([*found.values()], start)


def _by_query(client: Client, request: Request, start: int) -> Iterator[Page]:
    total = 0
    while start < request.limit:
        size = min(PAGE, request.limit - start)
        found: dict[str, Record] = {}
        for _ in range(ATTEMPTS):
            body = client.get(
                search_query=_query(request),
                start=start,
                max_results=size,
                sortBy="submittedDate",
                sortOrder="descending",
            )
            # What one attempt gives another may leave out.
            found |= _read(body)
            total = max(total, _total(body))
            missing = min(size, total - start) - len(found)
            if missing <= 0:
                break
        if not found:
            if missing > 0:
                raise FetchError(
                    f"arXiv gives none of the {total - start} papers from number {start + 1} on; "
                    "try again later, what it has given is kept"
                )
            return
        records = [*found.values()]
        if missing > 0:
            reason = f"only {len(found)} of {len(found) + missing} were given; fetch them again"
            records.append(Skipped("arXiv", start + 1, reason, "papers from"))
        start += PAGE
        yield Page(records, start, whole=missing <= 0)


def _read(body: bytes) -> dict[str, Record]:
    """Return what an answer holds, in its order, each by what it is told from the others by."""
    records = read_papers(io.BytesIO(body), name="arXiv", may_be_empty=True)
    return {next(iter(numbers_of(record)), str(record)): record for record in records}


def _total(body: bytes) -> int:
    match = _TOTAL.search(body)
    return int(match[1]) if match else 0


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
