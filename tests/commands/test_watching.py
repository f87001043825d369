"""`assistant watch` and `assistant digest`, with a mail server that asks for TLS and a password."""

import json
import socket
import ssl
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message
from aiosmtpd.smtp import AuthResult, LoginPassword

Run = Callable[..., subprocess.CompletedProcess[str]]
QUESTION = "What is ZebraNet?"
NEW = {
    "title": "ZebraNet: Stripes for Networks",
    "abstract": "ZebraNet is a network of striped layers that halves the cost of training. "
    "It needs 12 gigabytes of memory.",
}


class Inbox(Message):
    """Keeps the mails."""

    def __init__(self) -> None:
        super().__init__()
        self.mails: list[object] = []

    def handle_message(self, message: object) -> None:
        self.mails.append(message)


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
def mail(inbox: Inbox, tmp_path: Path) -> Iterator[dict[str, str]]:
    """The settings by which mail goes to a server that takes it from ann alone, over TLS."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "authority.pem")
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("localhost").configure_cert(context)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]

    def known(server: object, session: object, envelope: object, how: str, given: object) -> object:
        right = isinstance(given, LoginPassword) and given.password == b"s3cret/"
        return AuthResult(success=right, handled=False)

    controller = Controller(
        inbox,
        hostname="127.0.0.1",
        port=port,
        tls_context=context,
        require_starttls=True,
        authenticator=known,
        auth_required=True,
        server_hostname="localhost",
    )
    controller.start()
    yield {
        "ASSISTANT_SMTP_URL": f"smtp://ann:s3cret%2F@localhost:{port}",
        "ASSISTANT_MAIL_FROM": "papers@example.org",
        "ASSISTANT_URL": "https://papers.example.org",
        "SSL_CERT_FILE": str(tmp_path / "authority.pem"),
    }
    controller.stop()


@pytest.mark.slow
def test_a_saved_question_is_answered_by_mail(
    command: Run, own: Path, inbox: Inbox, mail: dict[str, str], tmp_path: Path
) -> None:
    added = command(
        "watch", "add", QUESTION, "--to", "ann@example.org", "--store", own, "--json", env=mail
    )
    watch = json.loads(added.stdout)
    assert watch["feed"] == f"https://papers.example.org/feeds/{watch['id']}.atom"
    listed = command("watch", "list", "--store", own).stdout
    assert QUESTION in listed and listed.endswith("digest: ann@example.org\n")
    (tmp_path / "new.jsonl").write_text(json.dumps(NEW))
    command("add", tmp_path / "new.jsonl", "--store", own)
    shown = command("digest", "preview", "--store", own, env={"ASSISTANT_NAME": "Zoo"}).stdout
    assert "\nZoo: http://127.0.0.1:7860/\n" in shown
    assert shown.startswith(
        "To: ann@example.org\nSubject: New: 1 paper that answers your questions"
    )
    assert "“ZebraNet is a network of striped layers that halves the cost of training.”" in shown
    wrong = {**mail, "ASSISTANT_SMTP_URL": mail["ASSISTANT_SMTP_URL"].replace("s3cret", "guess")}
    refused = command("digest", "send", "--store", own, env=wrong)
    assert refused.returncode == 2
    assert "refuses the name or password; check ASSISTANT_SMTP_URL" in refused.stderr
    assert "guess" not in refused.stderr
    done = command("digest", "send", "--store", own, env=mail)
    assert (done.returncode, done.stdout, done.stderr) == (0, "ann@example.org: 1 paper\n", "")
    assert len(inbox.mails) == 1
    removed = command("watch", "remove", watch["id"], "--store", own).stdout
    assert "ann@example.org still gets the digest of all new papers" in removed
    command("watch", "remove", "ann@example.org", "--store", own)
    assert "ann@example.org" not in command("watch", "list", "--store", own).stdout


def test_what_is_missing_for_mail_is_named(command: Run, store: Path) -> None:
    done = command("digest", "send", "--store", store)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "error: no mail can be sent: ASSISTANT_SMTP_URL is not set; "
        "set it, as to smtp://NAME:PASSWORD@mail.example.org:587\n"
    )
    nothing = command("watch", "add", "--store", store)
    assert nothing.stderr.startswith("error: Invalid value: give a QUESTION, or --to ADDRESS, or b")
