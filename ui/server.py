"""The web server: one FastAPI app that answers by REST and carries the chat."""

import asyncio
import signal
import socket
from collections.abc import Callable, Sequence
from contextlib import suppress
from importlib.util import find_spec

import uvicorn
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from fastapi_offline import FastAPIOffline

from assistant import __version__
from assistant.assistant import Assistant
from store.errors import ServerError
from store.feedback import Feedback
from store.offline import go_offline
from store.popularity import Popularity
from store.watching import Watching
from ui.access.admission import DOCS, Admission, Rules
from ui.access.guards import HeadAsGet, KnownHosts, LimitBody, OwnPagesOnly
from ui.api import add_api
from ui.feeds.routes import add_feeds
from ui.openai import add_openai
from ui.operation.draining import Draining
from ui.operation.requests import NoteRequests
from ui.papers.adding import LONGEST_UPLOAD
from ui.papers.routes import add_papers
from ui.papers.trending import count_citations
from ui.problems import add_problems
from ui.service import TIMEOUT, Service

HOST = "127.0.0.1"
PORT = 7860
#: The names of this machine that only it uses.
LOCAL_HOSTS = ("localhost", "127.0.0.1", "::1")
#: Addresses that stand for every one the machine has.
ANY_ADDRESS = ("0.0.0.0", "::")  # noqa: S104
#: Seconds that answers get to be finished once the server is told to stop.
STOP_SECONDS = 10


def make_app(
    assistant: Assistant,
    *,
    title: str,
    name: str = "abstracts",
    examples: Sequence[str] = (),
    popularity: Popularity | None = None,
    count: bool = True,
    feedback: Feedback | None = None,
    may_add: bool = False,
    services: dict[str, str] | None = None,
    origins: Sequence[str] = (),
    ancestors: Sequence[str] = (),
    hosts: Sequence[str] = LOCAL_HOSTS,
    rules: Rules | None = None,
    timeout: float = TIMEOUT,
    watching: Watching | None = None,
    address: str | None = None,
) -> FastAPI:
    """Return the app over `assistant`: for programs, `/papers`, and the chat at `/`.

    `title` heads the chat, `examples` are the questions it offers, `name` is what programs call the
    corpus. With `popularity` people vote for papers, and unless `count` is off, the papers that
    answers cite are counted; `feedback` keeps what they think of answers; with `may_add` they add
    and remove papers, those that they name only by ids from arXiv and PubMed or what `services`
    has in their place. Pages of other sites may call the app only from `origins`, and show the chat
    in a frame only on `ancestors`. A request must name one of `hosts`, or any where one is "*":
    else a stranger's page could reach the app under a name of its own (DNS rebinding). `rules` say
    who may ask; without any, everybody may, and nobody may write. Programs wait at most `timeout`
    seconds. With `watching` there are feeds, with links to the `address` at which people reach the
    app, where it cannot tell by itself.
    """
    go_offline()
    # Imported only now, because gradio and its libraries read those switches as they load.
    from ui.chat.mounting import mount_chat

    given = count_citations(popularity) if popularity and count else None
    service = Service(
        assistant,
        name=name,
        timeout=timeout,
        given=given,
        feedback=feedback,
        examples=examples,
    )
    # The stock page of the API loads from elsewhere, and this one from here.
    app = FastAPIOffline(
        docs_url=DOCS,
        redoc_url=None,
        title=title,
        version=__version__,
        static_url=f"{DOCS}/static",
        generate_unique_id_function=lambda route: route.name,
    )
    # The last one added sees a request first.
    app.add_middleware(Draining)
    app.add_middleware(LimitBody, longer={"/papers/add": LONGEST_UPLOAD} if may_add else {})
    app.add_middleware(Admission, rules=rules or Rules())
    app.add_middleware(KnownHosts, hosts=hosts)
    app.add_middleware(OwnPagesOnly, ancestors=ancestors)
    # Present even with no origins: where it is missing, Gradio lets in every origin by itself.
    app.add_middleware(
        CORSMiddleware,
        allow_origins=list(origins),
        allow_methods=["*"],
        allow_headers=["*"],
        # Sent to every site, let in or not.
        expose_headers=["ETag", "Retry-After"] if origins else [],
    )
    app.add_middleware(NoteRequests, metrics=service.metrics)
    app.add_middleware(HeadAsGet)
    add_problems(app)
    add_openai(app, service)
    if find_spec("mcp"):
        from ui.mcp import mount_mcp

        mount_mcp(app, service)
    if watching:
        add_feeds(app, service, watching, address=address)
    add_api(app, service)
    add_papers(
        app,
        assistant.corpus,
        popularity=popularity,
        counts=count,
        may_add=may_add,
        services=services,
    )
    login = rules is not None and rules.login is not None
    mount_chat(app, service, title=title, examples=examples, ancestors=ancestors, login=login)
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
    log_configured: bool = False,
) -> None:
    """Serve `app` until interrupted or terminated, then return, so that the caller can tidy up.

    `announce` gets the address once the port is ours. Raises ServerError where it cannot be.
    Signals reach only the main thread, so serve there. With `log_configured` uvicorn's messages go
    where the caller has told them to.
    """
    listener = _listen(host, port)
    if announce:
        name = f"[{host}]" if ":" in host else host
        announce(f"http://{name}:{listener.getsockname()[1]}")
    config = uvicorn.Config(
        app,
        # With a configuration of its own it would undo ours.
        log_config=None if log_configured else uvicorn.config.LOGGING_CONFIG,
        log_level="warning",
        timeout_graceful_shutdown=STOP_SECONDS,
        server_header=False,
    )
    # Once it has stopped, uvicorn raises the signal that stopped it again, and a SIGTERM would end
    # the process before the caller has closed what it has open. As an interrupt it does not.
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    with listener, suppress(KeyboardInterrupt):
        _Server(config, app).run(sockets=[listener])
    signal.signal(signal.SIGTERM, before)


class _Server(uvicorn.Server):
    """Tells the app when it stops, so that what never ends by itself ends then."""

    def __init__(self, config: uvicorn.Config, app: FastAPI) -> None:
        super().__init__(config)
        self._stopping = app.state.stopping = asyncio.Event()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._stopping.set()
        await super().shutdown(sockets)


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
