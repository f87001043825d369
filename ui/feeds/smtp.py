"""SMTP: how mails leave, by the server that a setting names."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import SplitResult, unquote, urlsplit

from store.errors import MailError, SettingsError

#: Ports where the address names none: for mail that is submitted, without and with TLS at once.
PORTS = {"smtp": 587, "smtps": 465}
#: Servers that are spoken to in the clear, if need be: nobody else hears it.
LOOPBACK = ("localhost", "127.0.0.1", "::1")
#: Seconds that the server is waited for.
TIMEOUT = 30
#: The reply of a server that hangs up.
CLOSING = 421


@contextmanager
def connected(url: str) -> Iterator[smtplib.SMTP]:
    """Open a connection to the server at `url`, smtp://NAME:PASSWORD@HOST:PORT or smtps://...

    With smtps it speaks TLS from the start, with smtp from STARTTLS on, without which only a
    server on this machine is trusted with anything. Raises SettingsError where the address cannot
    be used, MailError where the server cannot be reached or refuses.
    """
    parts, port = _parts(url)
    host = parts.hostname or ""
    # The address holds a password: only its host is shown.
    where = f"the mail server {host}:{port}"
    try:
        with _server(parts.scheme, host, port) as server:
            if parts.scheme == "smtp":
                _secure(server, host)
            if parts.username:
                server.login(unquote(parts.username), unquote(parts.password or ""))
            yield server
    except smtplib.SMTPAuthenticationError as error:
        raise MailError(
            f"{where} refuses the name or password; check ASSISTANT_SMTP_URL"
        ) from error
    except (OSError, smtplib.SMTPException) as error:
        reason = " ".join(str(error).split())
        if isinstance(error, smtplib.SMTPResponseException):
            reason = said(error.smtp_code, error.smtp_error)
        raise MailError(f"{where} cannot be used: {reason}; check ASSISTANT_SMTP_URL") from error


def said(code: int, text: bytes | str) -> str:
    """Return a server's reply in one line."""
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return f"{code} {' '.join(words.split())}"


def _parts(url: str) -> tuple[SplitResult, int]:
    try:
        parts = urlsplit(url)
        port = parts.port or PORTS[parts.scheme]
        if not parts.hostname:
            raise ValueError
    except (KeyError, ValueError) as error:
        raise SettingsError(
            "ASSISTANT_SMTP_URL names no mail server; give one such as "
            "smtp://NAME:PASSWORD@mail.example.org:587"
        ) from error
    return parts, port


def _server(scheme: str, host: str, port: int) -> smtplib.SMTP:
    if scheme == "smtps":
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(host, port, timeout=TIMEOUT, context=context)
    return smtplib.SMTP(host, port, timeout=TIMEOUT)


def _secure(server: smtplib.SMTP, host: str) -> None:
    server.ehlo()
    if server.has_extn("starttls"):
        server.starttls(context=ssl.create_default_context())
        server.ehlo()
    elif host not in LOOPBACK:
        raise smtplib.SMTPNotSupportedError("it offers no STARTTLS, so anybody could read along")
