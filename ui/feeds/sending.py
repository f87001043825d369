"""Sending: each person's digest, and what is noted of it."""

import smtplib
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

from filelock import FileLock, Timeout

from assistant.assistant import Assistant
from assistant.watching import catch_up
from store.errors import MailError, StoreBusy
from store.watching import Watching
from ui.feeds.digest import Digest, digest_for
from ui.feeds.mail import message
from ui.feeds.smtp import CLOSING, connected, said

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
    be used for a single one; where it goes away later, the rest are said not to be sent.
    """
    with _alone(folder):
        left = deque(digests(watching, assistant))
        if not left:
            return
        waiting = len(left)
        try:
            with connected(url) as server:
                while left:
                    mail = message(left[0], sender=sender, base=base, title=title)
                    outcome = _taken(server, mail, left[0])
                    if outcome.failure is None:
                        watching.recipients.note_sent(left[0].recipient, left[0].paper_ids)
                    left.popleft()
                    yield outcome
        except MailError as error:
            if len(left) == waiting:
                raise
            for digest in left:
                yield Outcome(digest.recipient.address, 0, str(error))


def _taken(server: smtplib.SMTP, mail: EmailMessage, digest: Digest) -> Outcome:
    """Hand a mail to the server; what it refuses of this one alone is no error."""
    address = digest.recipient.address
    try:
        server.send_message(mail, to_addrs=[address])
    except smtplib.SMTPRecipientsRefused as error:
        return Outcome(address, 0, said(*error.recipients[address]))
    except smtplib.SMTPDataError as error:
        if error.smtp_code == CLOSING:
            raise
        return Outcome(address, 0, said(error.smtp_code, error.smtp_error))
    return Outcome(address, len(digest.paper_ids))


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
