"""PubMed, by NCBI's E-utilities: https://www.ncbi.nlm.nih.gov/books/NBK25499/."""

import io
import json
from collections.abc import Iterator
from typing import Any

from store.errors import FetchError
from store.fetching.client import Client
from store.fetching.request import Page, Request
from store.readers import read_papers
from store.readers.record import shortened

URL = "https://eutils.ncbi.nlm.nih.gov/entrez/eutils"
#: Seconds between two requests: at most three a second without a key.
PAUSE = 0.4
#: Papers asked for at a time.
PAGE = 200


def pages(client: Client, request: Request, *, start: int = 0) -> Iterator[Page]:
    """Yield what PubMed has, in its order; `start` is the position to go on from."""
    while start < request.limit:
        size = min(PAGE, request.limit - start)
        ids = request.ids[start : start + size] or _search(client, request, start, size)
        if not ids:
            return
        body = client.get("/efetch.fcgi", db="pubmed", id=",".join(ids), retmode="xml")
        start += size
        yield Page(list(read_papers(io.BytesIO(body), name="PubMed", may_be_empty=True)), start)


def _search(client: Client, request: Request, start: int, size: int) -> tuple[str, ...]:
    if request.ids:
        return ()
    dates: dict[str, str] = {}
    if request.since or request.until:
        dates = {
            "datetype": "pdat",
            "mindate": (request.since or "1800").replace("-", "/"),
            "maxdate": (request.until or "2999").replace("-", "/"),
        }
    # Dates alone are no query to PubMed.
    term = request.query or "all[sb]"
    body = client.get(
        "/esearch.fcgi",
        db="pubmed",
        term=term,
        retmode="json",
        retstart=start,
        retmax=size,
        **dates,
    )
    found: Any = None
    try:
        found = json.loads(body)["esearchresult"]
        return tuple(str(name) for name in found["idlist"])
    except (ValueError, KeyError, TypeError) as error:
        # Such as that it gives no more than the first 9,999 papers of a query.
        said = found.get("ERROR") if isinstance(found, dict) else None
        reason = f" but says {shortened(str(said), 120)!r}" if said else ""
        raise FetchError(
            f"PubMed does not answer the query {term!r}{reason}; check its words, or ask by dates"
        ) from error
