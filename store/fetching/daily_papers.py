"""Daily papers, by the JSON API of the page at Hugging Face: one listing a day."""

import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from store.days import first_day, last_day
from store.errors import FetchError
from store.fetching.client import Client
from store.fetching.request import Page, Request
from store.readers import read_papers

URL = "https://huggingface.co/api/daily_papers"
#: Seconds between two requests.
PAUSE = 1.0
#: Said to whoever asks it anything else.
BY_DATE = "daily papers are fetched by date alone; give --since and --until"


def pages(client: Client, request: Request, *, start: int = 0) -> Iterator[Page]:
    """Yield the listing of each day, the first day first; `start` counts days.

    Without dates it is today's. Raises FetchError for a query, which there is no way to ask.
    """
    if request.query or request.ids:
        raise FetchError(BY_DATE)
    today = datetime.now(UTC).date()
    last = min(last_day(request.until), today) if request.until else today
    first = first_day(request.since) if request.since else last
    while (day := first + timedelta(days=start)) <= last:
        body = client.get(date=day.isoformat())
        start += 1
        # A day without papers is no empty file.
        papers = (
            read_papers(io.BytesIO(body), name="daily papers", may_be_empty=True)
            if body.strip()
            else ()
        )
        yield Page(list(papers), start)
