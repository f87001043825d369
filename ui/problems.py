"""Problems: how each surface tells a program what went wrong.

REST in the form of RFC 9457, `application/problem+json`; under `/v1/` in OpenAI's; the chat's own
paths in plain text.
"""

import logging
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, PlainTextResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from store.errors import (
    AssistantError,
    ExportError,
    PaperNotFound,
    QuestionError,
    StoreBusy,
    TimedOut,
)

log = logging.getLogger(__name__)

#: What OpenAI calls the sort of an error, by status.
_OPENAI_TYPES = {401: "authentication_error", 403: "permission_error", 429: "rate_limit_error"}
#: Seconds after which what failed for the moment may be tried again.
RETRY_SECONDS = 5


class Reason(BaseModel):
    """What is wrong with one value of a request, and where it stands."""

    loc: tuple[str | int, ...]
    msg: str


class Problem(BaseModel):
    """Why a request failed (RFC 9457); `errors` names the values that are wrong, if any are."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    errors: tuple[Reason, ...] = ()


def refused(
    path: str,
    status: int,
    detail: str,
    *,
    headers: Mapping[str, str] | None = None,
    errors: Iterable[Reason] = (),
) -> Response:
    """Return the response that refuses a request for `path`, in the form of its surface."""
    if status == HTTPStatus.NOT_MODIFIED:
        return Response(status_code=status, headers=headers)
    if path.startswith("/v1/"):
        sort = _OPENAI_TYPES.get(
            status, "invalid_request_error" if status < 500 else "server_error"
        )
        error = {"message": detail, "type": sort, "param": None, "code": _code(status)}
        return JSONResponse({"error": error}, status, headers)
    if not is_for_programs(path):
        return PlainTextResponse(detail, status, headers)
    title = HTTPStatus(status).phrase
    problem = Problem(title=title, status=status, detail=detail, errors=tuple(errors))
    body = problem.model_dump_json(exclude=None if problem.errors else {"errors"})
    return Response(body, status, headers, media_type="application/problem+json")


def is_for_programs(path: str) -> bool:
    """Return whether a path belongs to a surface for programs, and not to the chat."""
    first = path.split("/", 2)[1] if path.startswith("/") else ""
    return first in {"api", "v1", "mcp", "metrics", "health", "ready"}


def add_problems(app: FastAPI) -> None:
    """Let `app` answer every error in the form of the surface that it happens on."""
    app.add_exception_handler(AssistantError, _expected)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _plain)
    app.add_exception_handler(Exception, _unexpected)


def status_of(error: AssistantError) -> int:
    """Return the HTTP status that says what sort of error this is."""
    if isinstance(error, QuestionError | ExportError):
        return 422
    if isinstance(error, PaperNotFound):
        return 404
    return 409 if isinstance(error, StoreBusy) else 503


def _expected(request: Request, error: Exception) -> Response:
    assert isinstance(error, AssistantError)  # noqa: S101 - what the handler is registered for
    status = status_of(error)
    if status == HTTPStatus.SERVICE_UNAVAILABLE and not isinstance(error, TimedOut):
        log.error("%s", error)
    retry = {"Retry-After": str(RETRY_SECONDS)} if status in (409, 503) else None
    return refused(request.url.path, status, str(error), headers=retry)


def _invalid(request: Request, error: Exception) -> Response:
    """Say what is wrong where; the input is not repeated, for it may not be encodable."""
    assert isinstance(error, RequestValidationError)  # noqa: S101 - what it is registered for
    # Bytes are what could not be read for want of a type.
    untyped = isinstance(error.body, bytes)
    reasons = [_untyped(request)] if untyped else [_reason(one) for one in error.errors()]
    lines = (f"{'.'.join(str(part) for part in one.loc)}: {one.msg}" for one in reasons)
    return refused(request.url.path, 422, "; ".join(lines), errors=reasons)


def _reason(found: Mapping[str, Any]) -> Reason:
    if found["type"] == "json_invalid":
        return Reason(loc=found["loc"], msg=f"this is no JSON: {found['ctx']['error']}")
    return Reason(loc=found["loc"], msg=found["msg"].removeprefix("Value error, "))


def _untyped(request: Request) -> Reason:
    sent = request.headers.get("content-type", "of no type")
    said = f"this is {sent}; send JSON, with the header Content-Type: application/json"
    return Reason(loc=("body",), msg=said)


def _plain(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - what the handler is registered for
    headers = dict(error.headers or {})
    return refused(request.url.path, error.status_code, str(error.detail), headers=headers)


def _unexpected(request: Request, _error: Exception) -> Response:
    # Starlette raises the error again once this is sent, and the server logs it.
    return refused(request.url.path, 500, "The server failed; its log says why.")


def _code(status: int) -> str | None:
    return {401: "invalid_api_key", 404: "not_found", 429: "rate_limit_exceeded"}.get(status)
