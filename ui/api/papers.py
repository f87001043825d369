"""The routes of papers: one, those like it, and for keys that may, adding and removing."""

import io
import json
from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from store.papers import Paper
from store.readers import read_papers
from ui.api.examples import examples
from ui.api.forms import Added, Cutoff, NewPapers, Results
from ui.api.responses import errors, etag, gives
from ui.service import Service

#: Seconds that a change waits for another one; what answers waits for its thread meanwhile.
PATIENCE = 5.0

PaperId = Annotated[str, Path(examples=["arxiv:2403.05530"])]


def add_routes(router: APIRouter, service: Service) -> None:
    """Add the routes to `router`."""
    _add_reading(router, service)
    _add_writing(router, service)


def _add_reading(router: APIRouter, service: Service) -> None:
    @router.get(
        "/similar",
        tags=["search"],
        responses=gives("application/json", example=examples()["results"]) | errors(304, 404),
        dependencies=[etag(service)],
    )
    async def similar(
        paper_id: Annotated[str, Query(examples=["arxiv:2403.05530"])],
        k: Annotated[Cutoff, Query()] = 10,
    ) -> Results:
        """Find the papers nearest in meaning to a paper, nearest first."""
        found, snapshot = await service.run(lambda: service.answers.similar(paper_id, k=k))
        return Results(results=found, snapshot=snapshot)

    shown = examples()["results"]["results"][0]["paper"]

    # An id may hold slashes.
    @router.get(
        "/papers/{paper_id:path}",
        tags=["papers"],
        name="get_paper",
        responses=gives("application/json", example=shown) | errors(304, 404),
        dependencies=[etag(service)],
    )
    async def paper(paper_id: PaperId) -> Paper:
        """Return one paper, by its id or one that it had before."""
        return await service.run(lambda: service.corpus.paper(paper_id))


def _add_writing(router: APIRouter, service: Service) -> None:
    @router.post("/papers", tags=["papers"], name="add_papers", responses=errors(409))
    async def add(new: NewPapers) -> Added:
        """Add papers, or bring them up to date; what cannot be used is skipped, with the reason.

        From then on this server is the one that writes to the store, until it stops.
        """
        lines = "".join(json.dumps(paper) + "\n" for paper in new.papers).encode()
        report = await service.run(
            lambda: service.corpus.add(
                read_papers(io.BytesIO(lines), name="request"), patience=PATIENCE
            )
        )
        return Added(
            added=report.added,
            updated=report.updated,
            unchanged=report.unchanged,
            skipped=tuple(map(str, report.skipped)),
        )

    @router.delete(
        "/papers/{paper_id:path}",
        tags=["papers"],
        name="remove_paper",
        status_code=204,
        responses=errors(404, 409),
    )
    async def remove(paper_id: PaperId) -> Response:
        """Remove a paper."""
        await service.run(lambda: service.corpus.remove([paper_id], patience=PATIENCE))
        return Response(status_code=204)
