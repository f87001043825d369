"""Mail: a digest as a message in plain text and HTML."""

import hashlib
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate

from store.errors import SettingsError
from ui.access.admission import UNSUBSCRIBE
from ui.feeds.digest import Digest
from ui.feeds.found import rendered

#: The body's lines are as short as quoted-printable wants them (RFC 2045).
_BODY = SMTP.clone(max_line_length=76)
#: A header's are as long as they may be (RFC 5322). To be folded, an address would be encoded, and
#: no mail program takes what List-Unsubscribe then holds for an address.
_WHOLE = SMTP.clone(max_line_length=998)


def message(digest: Digest, *, sender: str, base: str, title: str) -> EmailMessage:
    """Return the mail that tells a digest: from `sender`, with links to the server at `base`.

    The same digest has the same Message-ID, so that one sent twice is known for one.
    """
    leave = f"{base}{UNSUBSCRIBE}{digest.recipient.token}"
    context = {"digest": digest, "base": base, "title": title, "leave": leave}
    mail = EmailMessage(policy=_BODY)
    mail["From"] = sender
    mail["To"] = digest.recipient.address
    mail["Subject"] = subject(digest)
    mail["Date"] = formatdate(localtime=True)
    mail["Message-ID"] = _message_id(digest, sender)
    mail["List-Unsubscribe"] = f"<{leave}>"
    mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(rendered("digest.txt", **context), cte="quoted-printable")
    html = rendered("digest.html", **context)
    mail.add_alternative(html, subtype="html", cte="quoted-printable")
    mail.policy = _WHOLE
    return mail


def subject(digest: Digest) -> str:
    """Return what the mail is about, in figures."""
    if not digest.answering:
        return f"New: {_papers(len(digest.others))}"
    answers = "answers" if digest.answering == 1 else "answer"
    asked = f"{_papers(digest.answering)} that {answers} your questions"
    if not digest.others:
        return f"New: {asked}"
    others = "1 other" if len(digest.others) == 1 else f"{len(digest.others):,} others"
    return f"New: {asked}, {others}"


def checked_address(address: str) -> str:
    """Return an address to which mail can be sent; raise SettingsError if it is none."""
    try:
        whole = Address(addr_spec=address)
        if whole.domain and whole.username and address.isascii() and address.isprintable():
            return address
    except (ValueError, IndexError, MessageError):
        pass
    raise SettingsError(f"{address!r} is no mail address; give one such as ann@example.org")


def _papers(number: int) -> str:
    return f"{number:,} {'paper' if number == 1 else 'papers'}"


def _message_id(digest: Digest, sender: str) -> str:
    told = "\n".join([digest.recipient.token, *sorted(digest.paper_ids)])
    domain = sender.rpartition("@")[2].rstrip(">") or "localhost"
    return f"<{hashlib.sha256(told.encode()).hexdigest()[:40]}@{domain}>"
