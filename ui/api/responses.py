"""What routes have in common: the errors that they may answer with, and the ETag."""

from typing import Annotated, Any

from fastapi import Depends, Header, Response
from starlette.exceptions import HTTPException

from ui.service import Service

Responses = dict[int | str, dict[str, Any]]
_Content = dict[str, dict[str, Any]]

_REASONS = {
    304: "Not changed since the ETag given",
    400: "The request is no HTTP or no text",
    401: "A key is needed, or the one given is unknown",
    403: "The key may not do this",
    404: "Nothing of this name",
    408: "The request came too slowly",
    409: "Another process is writing to the store",
    413: "The request is too long",
    422: "The request cannot be used as it stands",
    429: "Too many requests",
    503: "For the moment it cannot be answered",
}
#: The forms of an error: a problem, OpenAI's, and words.
PROBLEM: _Content = {
    "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
}
OPENAI: _Content = {"application/json": {"schema": {"type": "object", "required": ["error"]}}}
WORDS: _Content = {"text/plain": {"schema": {"type": "string"}}}
#: What any route may answer.
ALWAYS = (400, 401, 403, 408, 413, 422, 429, 503)


def gives(*media_types: str, **content: object) -> Responses:
    """Return the OpenAPI response of a route that gives these media types; `content` tells more."""
    return {200: {"content": {one: dict(content) for one in media_types}}}


def errors(*statuses: int, form: _Content = PROBLEM) -> Responses:
    """Return the OpenAPI responses of a route that may answer these statuses besides the usual."""
    return {
        status: {
            "description": _REASONS[status],
            **({} if status == 304 else {"content": form}),
        }
        for status in sorted({*ALWAYS, *statuses})
    }


def etag(service: Service) -> Any:
    """Return the dependency that answers 304 where a client has what it asks for already.

    What is read depends on the papers, the model and the version, and on nothing else.
    """

    def compare(response: Response, if_none_match: Annotated[str | None, Header()] = None) -> None:
        tag = f'"{service.corpus.snapshot[:16]}-{service.assistant.version}"'
        known = (one.strip().removeprefix("W/") for one in (if_none_match or "").split(","))
        headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
        if tag in known:
            raise HTTPException(304, headers=headers)
        response.headers.update(headers)

    return Depends(compare)
