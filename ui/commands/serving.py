"""The commands that serve: demo and serve for people and programs, mcp for one program."""

import os
from collections.abc import Mapping
from contextlib import ExitStack, closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from store.errors import SettingsError, StoreBusy
from store.feedback import Feedback
from store.folder import CATALOG
from store.papers import Paper
from store.popularity import Popularity
from store.readers import read_papers
from store.sample import SAMPLE, SAMPLE_QUESTIONS
from store.watching import Watching
from ui import terminal
from ui.opening import embed_anew, open_assistant, open_corpus
from ui.settings import Settings, settings_for

if TYPE_CHECKING:
    from ui.access.admission import Rules

#: Addresses that only this machine reaches.
LOOPBACK = ("localhost", "127.0.0.1", "::1")
#: Requests of one key or address where others reach the server, unless set otherwise.
RATE = "600/minute"
#: What the demo sets whatever is set: its store is a folder, and holds nothing but the sample.
DEMO: Mapping[str, object] = {"database_url": None, "chroma_url": None, "chat_may_add": False}


def demo(*, host: str | None, port: int | None) -> None:
    """Serve the chat on the sample corpus, which is kept in the cache folder."""
    terminal.show_messages()
    settings = settings_for(host=host, port=port)
    settings = settings.model_copy(update={**DEMO, "store": settings.cache / "demo"})
    _keep_sample(settings)
    title = settings.name or "Sample corpus"
    if settings.name is None:
        settings = settings.model_copy(update={"name": "sample"})
    _serve(settings, title=title, examples=SAMPLE_QUESTIONS)


def serve(*, store: Path | None, host: str | None, port: int | None) -> None:
    """Serve the chat and the REST service on a store."""
    terminal.show_messages()
    settings = settings_for(store=store, host=host, port=port)
    _serve(settings, title=settings.title, examples=None)


def mcp(*, store: Path | None) -> None:
    """Speak the Model Context Protocol over standard input and output, until they close."""
    terminal.show_messages()
    settings = settings_for(store=store)
    with open_corpus(settings) as corpus:
        from ui.mcp import make_mcp
        from ui.service import Service

        assistant = open_assistant(corpus, settings)
        service = Service(assistant, name=_name(settings), timeout=settings.timeout)
        make_mcp(service).run("stdio")


def _serve(settings: Settings, *, title: str, examples: tuple[str, ...] | None) -> None:
    if settings.log == "json":
        from ui.operation.logs import show_json

        show_json(questions=settings.log_questions)
    with open_corpus(settings) as corpus, ExitStack() as beside:
        popularity = watching = feedback = None
        if _can_write(corpus.folder):
            popularity = beside.enter_context(
                closing(Popularity(corpus.folder, url=settings.database_url))
            )
            watching = beside.enter_context(closing(Watching(corpus.folder)))
            if settings.feedback:
                feedback = beside.enter_context(
                    closing(Feedback(corpus.folder, url=settings.database_url))
                )
        corpus.load()
        assistant = open_assistant(corpus, settings)
        # Imported last: it loads the web framework, and must not delay a wrong store's message.
        from ui.server import hosts_for, make_app
        from ui.server import serve as run

        if examples is None:
            examples = assistant.examples()
        app = make_app(
            assistant,
            title=title,
            name=_name(settings),
            examples=examples,
            popularity=popularity,
            count=settings.count_citations,
            feedback=feedback,
            may_add=_may_add(settings),
            services=settings.services,
            origins=settings.origins.split(),
            ancestors=settings.frame_ancestors.split(),
            hosts=(*hosts_for(settings.host), *settings.hosts.split()),
            rules=_rules(settings),
            timeout=settings.timeout,
            watching=watching,
            address=settings.url,
        )
        run(
            app,
            settings.host,
            settings.port,
            announce=_announce,
            log_configured=settings.log == "json",
        )


def _can_write(folder: Path) -> bool:
    """Return whether what is kept beside the papers can be; say so where it cannot."""
    if os.access(folder, os.W_OK):
        return True
    terminal.err.print(
        f"The folder {folder} cannot be written: neither votes, citations nor watches are kept.",
        soft_wrap=True,
    )
    return False


def _may_add(settings: Settings) -> bool:
    """Return whether papers are added in the browser; refuse it to all of a network unasked."""
    login = settings.passwords or settings.user_header
    if settings.chat_may_add and not login and (reached := _reached_by_others(settings)):
        raise SettingsError(
            f"ASSISTANT_CHAT_MAY_ADD is set while {reached}: everybody who reaches it could change "
            "the papers; set ASSISTANT_PASSWORDS (or ASSISTANT_USER_HEADER) too, or unset it"
        )
    return settings.chat_may_add


def _reached_by_others(settings: Settings) -> str | None:
    """Return how others than this machine reach the server; None where they do not.

    They do by an address of the network, and by a name that a proxy on this machine answers to.
    """
    if settings.host not in LOOPBACK:
        return f"listening on {settings.host}"
    names = [name for name in settings.hosts.split() if name not in LOOPBACK]
    return f"answering to {', '.join(names)}" if names else None


def _rules(settings: Settings) -> "Rules":
    """Return who may ask what; warn where the network may, unasked."""
    from limits import parse

    from ui.access.admission import Rules
    from ui.access.keys import Keys
    from ui.access.login import PasswordLogin, ProxyLogin

    login: PasswordLogin | ProxyLogin | None = None
    if settings.passwords:
        login = PasswordLogin(settings.passwords)
    elif settings.user_header:
        login = ProxyLogin(settings.user_header)
    keys = Keys(settings.store)
    reached = _reached_by_others(settings)
    if reached:
        _warn(reached, keys=keys.made, login=login is not None)
    rate = settings.rate or (RATE if reached else None)
    return Rules(keys=keys, login=login, rate=parse(rate) if rate else None)


def _warn(reached: str, *, keys: bool, login: bool) -> None:
    open_ = [*([] if login else ["the chat"]), *([] if keys or login else ["the API"])]
    if not open_:
        return
    missing = "ASSISTANT_PASSWORDS (or ASSISTANT_USER_HEADER)"
    if not (keys or login):
        missing += " and: assistant keys add NAME"
    terminal.err.print(
        f"WARNING: {reached}, where everybody who reaches it can ask: "
        f"neither login nor key guards {' and '.join(open_)}. To close what is open, set {missing}",
        style="bold red",
        soft_wrap=True,
    )


def _name(settings: Settings) -> str:
    """Return what programs call the corpus: the name set, else that of its folder."""
    return settings.name or settings.store.resolve().name


def _keep_sample(settings: Settings) -> None:
    """Make the demo's store hold the sample and nothing else."""
    papers = list(read_papers(SAMPLE))
    wanted = {paper.id for paper in papers if isinstance(paper, Paper)}
    # Another demo that is making the same store will be done in a moment.
    with suppress(StoreBusy):
        if (settings.store / CATALOG).exists():
            # This store is the command's own, so it follows the model that is set.
            embed_anew(settings)
        with open_corpus(settings, write=True, create=True) as corpus:
            corpus.add(papers)
            corpus.remove([paper_id for paper_id in corpus.select() if paper_id not in wanted])


def _announce(address: str) -> None:
    terminal.err.print(f"Open {address} in a browser; stop with Ctrl+C.")
