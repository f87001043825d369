"""The commands that save questions and send digests: watch and digest."""

import json
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import asdict
from pathlib import Path

from assistant.assistant import Assistant
from assistant.query import filters_of
from assistant.watching import save
from store.errors import SettingsError
from store.opening import require_store
from store.watching import Watch, Watching
from ui import terminal
from ui.feeds.mail import checked_address, message
from ui.feeds.sending import Outcome, digests
from ui.feeds.sending import send as send_all
from ui.opening import open_assistant, open_corpus
from ui.settings import Settings, settings_for

#: What links lead to while no address is set: where `serve` is unless told otherwise.
UNSET = "http://127.0.0.1:7860"


def add(
    question: str | None,
    *,
    address: str | None,
    filters: Mapping[str, object],
    store: Path | None,
    as_json: bool,
) -> None:
    """Save a question, or enter an address, or both."""
    terminal.show_messages()
    to = checked_address(address) if address else None
    narrowed = filters_of(**filters)
    with _opened(settings_for(store=store)) as (settings, assistant, watching):
        since = watching.arrivals.follow(assistant.corpus)
        # Saved first: a question that cannot be saved tells nobody of anything.
        if question is not None:
            watch = save(watching, assistant, question, filters=narrowed, address=to)
        if to:
            watching.recipients.add(to, since=since)
        if question is None:
            terminal.out.print(f"{to} gets the digest of new papers", soft_wrap=True, markup=False)
            return
        found = len(watching.watches.found(watch.id))
    if as_json:
        terminal.out.print_json(json.dumps(_fields(watch, settings)))
    else:
        papers = f"{found:,} paper answers" if found == 1 else f"{found:,} papers answer"
        line = f"saved as {watch.id}; {papers} it now; feed: {_feed(watch, settings)}"
        terminal.out.print(line, soft_wrap=True, markup=False)


def show(*, store: Path | None, as_json: bool) -> None:
    """Print every saved question, then who gets the digest."""
    settings = settings_for(store=store)
    with _kept(settings) as watching:
        watches, people = watching.watches.all(), watching.recipients.all()
    if as_json:
        listed = {
            "watches": [_fields(watch, settings) for watch in watches],
            "digest": [one.address for one in people],
        }
        terminal.out.print_json(json.dumps(listed))
        return
    for watch in watches:
        limits = "".join(f" · {name}: {_said(value)}" for name, value in watch.filters.items())
        told = f" · to {watch.address}" if watch.address else ""
        line = f"{watch.id}  {watch.question}{limits}{told}\n    {_feed(watch, settings)}"
        terminal.out.print(line, soft_wrap=True, markup=False)
    if people:
        addresses = ", ".join(one.address for one in people)
        terminal.out.print(f"digest: {addresses}", soft_wrap=True, markup=False)


def remove(name: str, *, store: Path | None, as_json: bool) -> None:
    """Forget a saved question by its id, or a person by their address."""
    still = ""
    with _kept(settings_for(store=store)) as watching:
        if "@" in name:
            watching.recipients.remove(name)
        elif (to := watching.watches.remove(name).address) and all(
            watch.address != to for watch in watching.watches.all()
        ):
            still = f"; {to} still gets the digest of all new papers: assistant watch remove {to}"
    if as_json:
        terminal.out.print_json(json.dumps({"removed": name}))
    else:
        terminal.out.print(f"removed {name}{still}", soft_wrap=True, markup=False)


def preview(*, html: bool, store: Path | None) -> None:
    """Print the digests that would go out now."""
    terminal.show_messages()
    with _opened(settings_for(store=store)) as (settings, assistant, watching):
        waiting = digests(watching, assistant)
    for digest in waiting:
        mail = message(
            digest,
            sender=settings.mail_from or "assistant@localhost",
            base=settings.url or UNSET,
            title=settings.title,
        )
        body = mail.get_body(["html" if html else "plain"])
        text = body.get_content() if body else ""
        head = "" if html else f"To: {mail['To']}\nSubject: {mail['Subject']}\n\n"
        terminal.out.print(head + text, soft_wrap=True, markup=False)
    if not waiting:
        terminal.err.print("Nothing is new for anybody.")


def send(*, store: Path | None, as_json: bool) -> int:
    """Send the digests, and return the exit code."""
    terminal.show_messages()
    settings = settings_for(store=store)
    url, sender, base = _required(settings)
    with _opened(settings) as (_, assistant, watching):
        outcomes: list[Outcome] = []
        sending = send_all(
            watching,
            assistant,
            folder=settings.store,
            url=url,
            sender=sender,
            base=base,
            title=settings.title,
        )
        try:
            for outcome in sending:
                outcomes.append(outcome)
                if not as_json:
                    terminal.out.print(_line(outcome), soft_wrap=True, markup=False)
        finally:
            # Said even where something fails on the way: these have gone out.
            if as_json:
                terminal.out.print_json(json.dumps([asdict(one) for one in outcomes]))
    if not as_json and not outcomes:
        terminal.err.print("Nothing is new for anybody.")
    return 1 if any(one.failure for one in outcomes) else 0


def _required(settings: Settings) -> tuple[str, str, str]:
    """Return the mail server, the sender, and the address that links lead to."""
    wanted = {
        "ASSISTANT_SMTP_URL": (settings.smtp_url, "smtp://NAME:PASSWORD@mail.example.org:587"),
        "ASSISTANT_MAIL_FROM": (settings.mail_from, "papers@example.org"),
        "ASSISTANT_URL": (settings.url, "https://papers.example.org"),
    }
    for name, (value, example) in wanted.items():
        if not value:
            raise SettingsError(f"no mail can be sent: {name} is not set; set it, as to {example}")
    given = [value or "" for value, _ in wanted.values()]
    return given[0], checked_address(given[1]), given[2]


def _line(outcome: Outcome) -> str:
    if outcome.failure:
        return f"{outcome.address}: not sent, and tried again the next time: {outcome.failure}"
    return f"{outcome.address}: {outcome.papers:,} {'paper' if outcome.papers == 1 else 'papers'}"


def _fields(watch: Watch, settings: Settings) -> dict[str, object]:
    return {
        "id": watch.id,
        "question": watch.question,
        "filters": watch.filters,
        "to": watch.address,
        "feed": _feed(watch, settings),
    }


def _feed(watch: Watch, settings: Settings) -> str:
    return f"{settings.url or UNSET}/feeds/{watch.id}.atom"


def _said(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


@contextmanager
def _kept(settings: Settings) -> Iterator[Watching]:
    require_store(settings.store, url=settings.database_url)
    with closing(Watching(settings.store)) as watching:
        yield watching


@contextmanager
def _opened(settings: Settings) -> Iterator[tuple[Settings, Assistant, Watching]]:
    with open_corpus(settings) as corpus, closing(Watching(corpus.folder)) as watching:
        yield settings, open_assistant(corpus, settings), watching
