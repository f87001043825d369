"""The web server: one FastAPI app that answers by REST and carries the chat."""

import signal
import socket
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Annotated

import uvicorn
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.middleware.cors import CORSMiddleware
from fastapi.middleware.trustedhost import TrustedHostMiddleware
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from assistant import __version__
from assistant.answer import Answer
from assistant.assistant import Assistant
from assistant.exports.formats import Format
from assistant.exports.writing import write_answers
from assistant.query import Filters
from store.errors import AssistantError, ExportError, QuestionError, ServerError
from store.offline import go_offline
from store.popularity import Popularity
from ui.guards import LimitBody, OwnPagesOnly
from ui.papers.routes import add_papers

HOST = "127.0.0.1"
PORT = 7860
#: The names of this machine that only it uses. (The check takes "[" for any IPv6 address.)
LOCAL_HOSTS = ("localhost", "127.0.0.1", "[")
#: Addresses that stand for every one the machine has.
ANY_ADDRESS = ("0.0.0.0", "::")  # noqa: S104
#: Seconds that open connections get to end once the server is told to stop.
STOP_SECONDS = 1


#: Earlier questions that a program may send with one: each is asked again.
MOST_EARLIER = 20


class Asked(BaseModel):
    """A question sent by a program, of the papers that pass; `id` comes back with its answer.

    `history` holds the earlier questions of its conversation; with `standalone` it is searched just
    as typed, whatever they were. With `explain`, each quote tells the share of every feature in its
    score.
    """

    model_config = ConfigDict(extra="forbid")

    question: str
    id: str | None = None
    history: Annotated[tuple[str, ...], Field(max_length=MOST_EARLIER)] = ()
    standalone: bool = False
    explain: bool = False
    filters: Filters | None = None


class Taken(BaseModel):
    """Answers that a program sends to have them, or what they cite, in the format `to`."""

    model_config = ConfigDict(extra="forbid")

    answers: tuple[Answer, ...] = Field(min_length=1)
    to: Format = Format.MARKDOWN


class Health(BaseModel):
    """That the server is up, and what it answers from."""

    status: str = "ok"
    papers: int
    snapshot: str
    version: str


def make_app(
    assistant: Assistant,
    *,
    title: str,
    examples: Sequence[str] = (),
    popularity: Popularity | None = None,
    origins: Sequence[str] = (),
    hosts: Sequence[str] = LOCAL_HOSTS,
) -> FastAPI:
    """Return the app over `assistant`: `/health`, `/api/v1/`, `/papers`, and the chat at `/`.

    `title` heads the chat, `examples` are the questions it offers. With `popularity` people vote
    for papers, and citations are counted. Pages of other sites may call
    the app only from `origins`. A request must name one of `hosts`, or any where one is "*": else a
    stranger's page could reach the app under a name of its own (DNS rebinding).
    """
    go_offline()
    # Imported only now, because gradio and its libraries read those switches as they load.
    from ui.page import mount_chat

    # The stock documentation pages load from elsewhere; /openapi.json says the same.
    app = FastAPI(title=title, version=__version__, docs_url=None, redoc_url=None)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(hosts))
    app.add_middleware(LimitBody)
    app.add_middleware(OwnPagesOnly)
    # Present even with no origins: where it is missing, Gradio lets in every origin by itself.
    app.add_middleware(
        CORSMiddleware, allow_origins=list(origins), allow_methods=["*"], allow_headers=["*"]
    )
    app.add_exception_handler(AssistantError, _as_json)
    app.add_exception_handler(RequestValidationError, _as_reasons)
    _add_api(app, assistant)
    add_papers(app, assistant.corpus, popularity=popularity)
    mount_chat(app, assistant, title=title, examples=examples)
    return app


def hosts_for(host: str) -> tuple[str, ...]:
    """Return the names that requests may give a server that listens on `host`."""
    return ("*",) if host in ANY_ADDRESS else (*LOCAL_HOSTS, host)


def serve(
    app: FastAPI,
    host: str = HOST,
    port: int = PORT,
    *,
    announce: Callable[[str], None] | None = None,
) -> None:
    """Serve `app` until interrupted or terminated, then return, so that the caller can tidy up.

    `announce` gets the address once the port is ours. Raises ServerError where it cannot be.
    Signals reach only the main thread, so serve there.
    """
    listener = _listen(host, port)
    if announce:
        name = f"[{host}]" if ":" in host else host
        announce(f"http://{name}:{listener.getsockname()[1]}")
    config = uvicorn.Config(
        app, log_level="warning", timeout_graceful_shutdown=STOP_SECONDS, server_header=False
    )
    # Once it has stopped, uvicorn raises the signal that stopped it again, and a SIGTERM would end
    # the process before the caller has closed what it has open. As an interrupt it does not.
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    with listener, suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[listener])
    signal.signal(signal.SIGTERM, before)


def _add_api(app: FastAPI, assistant: Assistant) -> None:
    @app.get("/health")
    def health() -> Health:
        corpus = assistant.corpus
        return Health(papers=len(corpus), snapshot=corpus.snapshot, version=app.version)

    @app.post("/api/v1/ask")
    def ask(asked: Asked) -> Answer:
        return assistant.converse(
            asked.question,
            asked.history,
            standalone=asked.standalone,
            filters=asked.filters,
            id=asked.id,
            detailed=asked.explain,
        )

    @app.post("/api/v1/export", response_class=Response)
    def export(taken: Taken) -> Response:
        cited = {citation.paper_id for one in taken.answers for citation in one.citations}
        text = write_answers(taken.answers, assistant.corpus.get(cited), to=taken.to)
        name = "answer" if len(taken.answers) == 1 else "answers"
        disposition = f'attachment; filename="{name}{taken.to.suffix}"'
        headers = {"content-disposition": disposition, "content-type": taken.to.media_type}
        return Response(text, headers=headers)


def _as_json(_request: Request, error: Exception) -> JSONResponse:
    status = 422 if isinstance(error, QuestionError | ExportError) else 503
    return JSONResponse({"detail": str(error)}, status_code=status)


def _as_reasons(_request: Request, error: Exception) -> JSONResponse:
    """Say what is wrong where; the stock answer repeats the input, which may not be encodable."""
    found = error.errors() if isinstance(error, RequestValidationError) else ()
    reasons = [{"loc": list(one["loc"]), "msg": one["msg"]} for one in found]
    return JSONResponse({"detail": reasons}, status_code=422)


def _listen(host: str, port: int) -> socket.socket:
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        return socket.create_server(address[:2], family=family)
    except OSError as error:
        # Python adds the address in brackets, in a form of its own.
        reason = (error.strerror or str(error)).partition(" (")[0].lower()
        raise ServerError(
            f"cannot serve on {host}:{port}: {reason}; choose another with --host or --port"
        ) from error
