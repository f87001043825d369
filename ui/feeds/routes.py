"""The addresses of the feeds, and of leaving the digest."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

from fastapi import APIRouter, FastAPI, HTTPException, Request
from fastapi.responses import HTMLResponse, Response

from store.papers import Paper
from store.watching import Found, Watch, Watching
from ui.access.admission import UNSUBSCRIBE
from ui.api.responses import WORDS, errors, gives
from ui.feeds.atom import MEDIA_TYPE, Entry, Feed
from ui.feeds.found import Item, address_of, asked_at, items, rendered
from ui.feeds.levelling import Levelling
from ui.papers.pages import root_of
from ui.service import Service

#: Papers in a feed, the newest.
NEWEST = 50
#: The feed of all papers, in the place of a saved question's id.
PAPERS = "papers"


def add_feeds(
    app: FastAPI, service: Service, watching: Watching, *, address: str | None = None
) -> None:
    """Add the feeds of what is watched, and the way out of the digest, to `app`.

    `address` is the one at which people reach the server, where it does not see that itself.
    """
    app.state.feeds = True
    app.include_router(_feeds(service, watching, address=address))
    app.include_router(_leaving(watching))


def _feeds(service: Service, watching: Watching, *, address: str | None) -> APIRouter:
    atom = gives(MEDIA_TYPE.partition(";")[0]) | errors(304, form=WORDS)
    routes = APIRouter(prefix="/feeds", tags=["feeds"], default_response_class=Response)
    levelling = Levelling(watching, service.assistant)

    @routes.get("/papers.atom", name="feed_of_papers", responses=atom)
    async def papers(request: Request) -> Response:
        """Return the papers that came last."""
        base = _base(request, address)
        await levelling.bring()

        def made() -> Feed:
            found = [Found(one, at, ()) for one, at in watching.arrivals.newest(NEWEST)]
            title = f"{request.app.title}: new papers"
            page = f"{base}/{PAPERS}"
            return _feed(PAPERS, title, items(service.corpus, found), base=base, page=page)

        return _conditional(request, await service.run(made))

    @routes.get(
        "/{watch_id}.atom", name="feed_of_answers", responses=atom | errors(304, 404, form=WORDS)
    )
    async def answers(request: Request, watch_id: str) -> Response:
        """Return the papers that answer a saved question, those found last first.

        `assistant watch add` saves one, and prints the address of its feed.
        """
        base = _base(request, address)
        watch = await service.run(lambda: watching.watches.find(watch_id))
        if watch is None:
            raise HTTPException(404, "There is no such feed.")
        await levelling.bring(watch_id)

        def made() -> Feed:
            found = watching.watches.found(watch_id)[: -NEWEST - 1 : -1]
            listed = items(service.corpus, found)
            page = asked_at(watch, base)
            return _feed(watch.id, watch.question, listed, base=base, page=page, watch=watch)

        return _conditional(request, await service.run(made))

    return routes


def _leaving(watching: Watching) -> APIRouter:
    routes = APIRouter(prefix=UNSUBSCRIBE.rstrip("/"), include_in_schema=False)

    # A mail program that looks into links must not end anything; a person presses the button, and
    # a mail program that is told to sends the same request (RFC 8058).
    @routes.get("/{token}")
    def offer(token: str) -> Response:
        found = watching.recipients.find(token)
        return _told(found.address if found else None, left=False)

    @routes.post("/{token}")
    def leave(token: str) -> Response:
        found = watching.recipients.find(token)
        if found:
            watching.recipients.remove(found.address)
        return _told(found.address if found else None, left=True)

    return routes


def _told(address: str | None, *, left: bool) -> Response:
    html = rendered("unsubscribe.html", address=address, left=left)
    headers = {"content-security-policy": _POLICY, "cache-control": "no-store"}
    # Who has left already is no error: the button may be pressed twice.
    return HTMLResponse(html, headers=headers)


_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)


def _feed(
    name: str,
    title: str,
    listed: Sequence[Item],
    *,
    base: str,
    page: str,
    watch: Watch | None = None,
) -> Feed:
    begun = watch.at if watch else datetime.fromtimestamp(0, UTC).isoformat()
    return Feed(
        name=name,
        title=title,
        address=f"{base}/feeds/{name}.atom",
        page=page,
        updated=max((item.at for item in listed), default=begun),
        entries=[_entry(item, base=base) for item in listed],
    )


def _entry(item: Item, *, base: str) -> Entry:
    paper: Paper = item.paper
    return Entry(
        name=paper.id,
        title=paper.title,
        address=address_of(paper, base),
        updated=item.at,
        authors=paper.authors,
        categories=paper.categories,
        content=rendered("entry.html", item=item),
    )


def _base(request: Request, address: str | None) -> str:
    """Return where people reach the server, without a slash at the end."""
    if address:
        return address.rstrip("/")
    return f"{request.url.scheme}://{request.url.netloc}{root_of(request)}"


def _conditional(request: Request, feed: Feed) -> Response:
    """Return the feed, or 304 where whoever asks has it as it is."""
    body = feed.xml()
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    changed = datetime.fromisoformat(feed.updated)
    headers = {
        "etag": tag,
        "last-modified": format_datetime(changed, usegmt=True),
        "cache-control": "no-cache",
    }
    if _has(request, tag, changed):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=MEDIA_TYPE, headers=headers)


def _has(request: Request, tag: str, changed: datetime) -> bool:
    if tags := request.headers.get("if-none-match"):
        return tag in (one.strip().removeprefix("W/") for one in tags.split(","))
    try:
        return changed <= parsedate_to_datetime(request.headers.get("if-modified-since", ""))
    except (TypeError, ValueError):
        return False
