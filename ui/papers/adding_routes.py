"""The addresses for changing the collection: add papers, follow how far that is, remove one."""

import io
from pathlib import PurePosixPath, PureWindowsPath
from shutil import copyfileobj
from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO, cast

from fastapi import APIRouter, Depends, Form, HTTPException, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel
from starlette.datastructures import UploadFile

from store.corpus import Corpus
from store.errors import PaperNotFound
from store.fetching import named
from ui.access.guards import require_own_page
from ui.api.papers import PATIENCE
from ui.papers.adding import AT_ONCE, LONGEST_UPLOAD, MOST_FILES, MOST_IDS, SHOWN, Adding
from ui.papers.pages import page, root_of

#: Bytes of a pasted text, and of a file before it goes to the disk.
LONGEST_TEXT, IN_MEMORY = 900_000, 1_000_000
_LIMITS: dict[str, Any] = {"most": MOST_FILES, "megabytes": LONGEST_UPLOAD // 1_000_000}


class Progress(BaseModel):
    """How far a job is."""

    read: int
    committed: int
    done: bool


def adding_routes(
    corpus: Corpus, *, allowed: bool, services: dict[str, str] | None = None
) -> APIRouter:
    """Return the routes; where it is not `allowed` there is only a page that says so."""
    routes = APIRouter(prefix="/papers", include_in_schema=False)
    if not allowed:
        routes.add_api_route("/add", _closed)
        return routes
    _add_form(routes, Adding(corpus, services=services))

    @routes.post("/remove", dependencies=[Depends(require_own_page)])
    def remove(request: Request, paper_id: str = Form(max_length=500)) -> Response:
        try:
            corpus.remove([paper_id], patience=PATIENCE)
        except PaperNotFound:
            return page(request, "missing", status=404, paper_id=paper_id)
        return RedirectResponse(f"{root_of(request)}/papers", status_code=303)

    return routes


def _add_form(routes: APIRouter, adding: Adding) -> None:
    @routes.get("/add")
    def form(request: Request, nothing: bool = False) -> Response:
        notice = "Nothing was given. Choose a file, or paste records." if nothing else ""
        return _form(request, notice)

    @routes.post("/add", dependencies=[Depends(require_own_page)])
    async def add(request: Request) -> Response:
        async with request.form(
            max_files=MOST_FILES, max_fields=4, max_part_size=LONGEST_TEXT
        ) as given:
            uploads = [one for one in given.getlist("files") if isinstance(one, UploadFile)]
            text = str(given.get("text") or "")
            # A long text takes half a second.
            asked = await run_in_threadpool(named, text)
            if refused := _refused(adding, ids=asked.count):
                status, notice = refused
                return _form(request, notice, text=text, status=status)
            sources = [await run_in_threadpool(_kept, one) for one in uploads if one.filename]
        if text.strip() and not asked.requests:
            sources.append(("pasted text", io.BytesIO(text.encode("utf-8", "replace"))))
        to = "add?nothing=true"
        if sources or asked.requests:
            to = f"add/{adding.start(sources, asked=asked).key}"
        return RedirectResponse(f"{root_of(request)}/papers/{to}", status_code=303)

    @routes.get("/add/{key}")
    def follow(request: Request, key: str) -> Response:
        job = adding.find(key)
        if job is None:
            return RedirectResponse(f"{root_of(request)}/papers/add", status_code=303)
        return page(request, "added", tab="/papers/add", job=job, shown=SHOWN)

    @routes.get("/add/{key}/progress")
    def progress(key: str) -> Progress:
        job = adding.find(key)
        if job is None:
            raise HTTPException(404, "No such job; the server may have been started again.")
        return Progress(read=job.read, committed=job.committed, done=job.done)


def _refused(adding: Adding, *, ids: int) -> tuple[int, str] | None:
    """Return the status and the reason where so many ids, or anything, cannot be added now."""
    if ids > MOST_IDS:
        most = f"{MOST_IDS:,} are asked for at once at most. Give them in parts."
        return 413, f"{ids:,} ids were given, but {most}"
    if adding.is_full:
        under_way = f"{AT_ONCE} additions are under way already."
        return 429, f"{under_way} Wait until one has ended, then add again."
    return None


def _form(request: Request, notice: str, *, text: str = "", status: int = 200) -> Response:
    shown = {"allowed": True, "notice": notice, "text": text}
    return page(request, "add", status=status, tab="/papers/add", **shown, **_LIMITS)


def _closed(request: Request) -> Response:
    return page(request, "add", status=403, allowed=False, **_LIMITS)


def _kept(upload: UploadFile) -> tuple[str, BinaryIO]:
    """Return a copy of an upload, which outlives its request, and its name without any folder."""
    copy = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - closed by the job
    copyfileobj(upload.file, copy)
    copy.seek(0)
    name = PureWindowsPath(PurePosixPath(upload.filename or "").name).name or "upload"
    return name, cast("BinaryIO", copy)
