"""Sending: each person's digest, and what is noted of it."""

import smtplib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from assistant.assistant import Assistant
from assistant.watching import catch_up
from store.errors import StoreBusy
from store.watching import Watching
from ui.feeds.digest import Digest, digest_for
from ui.feeds.mail import message
from ui.feeds.smtp import connected

LOCK = "digest.lock"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one digest: how many papers were told of, or why it was not sent."""

    address: str
    papers: int
    failure: str | None = None


def digests(watching: Watching, assistant: Assistant) -> list[Digest]:
    """Return everybody's digest of what is new, those that say something."""
    catch_up(watching, assistant)
    everybody = watching.recipients.all()
    made = (digest_for(one, watching, assistant.corpus) for one in everybody)
    return [digest for digest in made if digest]


def send(
    watching: Watching,
    assistant: Assistant,
    *,
    folder: Path,
    url: str,
    sender: str,
    base: str,
    title: str,
) -> Iterator[Outcome]:
    """Send everybody's digest through the server at `url`, and say what became of each.

    What a server has taken is noted at once and never sent again; what it has not is sent the next
    time. Raises StoreBusy where digests are being sent already, MailError where the server cannot
    be used at all.
    """
    with _alone(folder):
        waiting = digests(watching, assistant)
        if not waiting:
            return
        with connected(url) as server:
            for digest in waiting:
                mail = message(digest, sender=sender, base=base, title=title)
                address = digest.recipient.address
                try:
                    server.send_message(mail, from_addr=sender, to_addrs=[address])
                except smtplib.SMTPRecipientsRefused as error:
                    # This one alone; the others may go through.
                    yield Outcome(address, 0, _said(*error.recipients[address]))
                    continue
                except smtplib.SMTPDataError as error:
                    yield Outcome(address, 0, _said(error.smtp_code, error.smtp_error))
                    continue
                watching.recipients.note_sent(digest.recipient, digest.paper_ids)
                yield Outcome(address, len(digest.paper_ids))


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    lock = FileLock(folder / LOCK)
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise StoreBusy("digests are being sent already; wait for that to end") from error
    try:
        yield
    finally:
        lock.release()


def _said(code: int, text: bytes | str) -> str:
    """Return a server's reply in one line."""
    said = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return f"{code} {' '.join(said.split())}"
