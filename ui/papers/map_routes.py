"""The addresses of the map: its page, its points, and the paper at one of them."""

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response
from pydantic import BaseModel

from store.corpus import Corpus
from ui.papers.mapping import Mapping, legend, packed
from ui.papers.pages import page, paper_path, root_of, when


class Spot(BaseModel):
    """The paper at a point of the map: where its page is, its title, and its date."""

    address: str
    title: str
    when: str


def map_routes(corpus: Corpus, mapping: Mapping) -> APIRouter:
    """Return the routes of the map of `corpus`."""
    routes = APIRouter(prefix="/papers/map", include_in_schema=False)

    @routes.get("")
    def show(request: Request) -> Response:
        drawn = mapping.current()
        return page(
            request,
            "map",
            tab="/papers/map",
            drawn=drawn,
            legend=legend(drawn) if drawn else (),
            drawing=mapping.is_drawing,
            stale=drawn is not None and drawn.snapshot != corpus.snapshot,
        )

    @routes.get("/points")
    def points() -> Response:
        drawn = mapping.current()
        if drawn is None:
            return Response(status_code=202 if mapping.is_drawing else 404)
        headers = {"etag": f'"{drawn.snapshot}"', "cache-control": "no-cache"}
        return Response(packed(drawn), media_type="application/octet-stream", headers=headers)

    @routes.get("/{snapshot}/{place}")
    def spot(request: Request, snapshot: str, place: int) -> Spot:
        drawn = mapping.known
        if drawn is None or drawn.snapshot != snapshot or not 0 <= place < len(drawn):
            raise HTTPException(404, "No paper stands there on this map.")
        found = corpus.get([drawn.paper_ids[place]])
        for paper in found.values():
            address = root_of(request) + paper_path(paper.id)
            return Spot(address=address, title=paper.title, when=when(paper))
        raise HTTPException(404, "The paper has been removed.")

    return routes
