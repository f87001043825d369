"""Digests by mail, through a real mail server on this machine."""

import ssl
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
import trustme
from aiosmtpd.smtp import AuthResult, LoginPassword

from assistant.query import Filters
from assistant.watching import save
from store.errors import MailError, SettingsError
from tests.ui.feeds.conftest import ANSWERS, QUESTION, Desk, Inbox, mail_server
from ui.feeds.digest import OTHERS
from ui.feeds.mail import checked_address
from ui.feeds.sending import Outcome, send

ANN, BOB = "ann@example.org", "bob@example.org"
BASE = "https://papers.example.org"


def enter(desk: Desk, *addresses: str) -> None:
    since = desk.watching.arrivals.follow(desk.corpus)
    for address in addresses:
        desk.watching.recipients.add(address, since=since)


def sent(desk: Desk, url: str, base: str = BASE) -> list[Outcome]:
    return list(
        send(
            desk.watching,
            desk.assistant,
            folder=desk.corpus.folder,
            url=url,
            sender="papers@example.org",
            base=base,
            title="Papers",
        )
    )


def test_a_digest_tells_of_each_new_paper_once(desk: Desk, inbox: Inbox, smtp: str) -> None:
    enter(desk, ANN, BOB)
    save(desk.watching, desk.assistant, QUESTION, filters=Filters(), address=ANN)
    save(desk.watching, desk.assistant, "What is K-Tokeniser?", filters=Filters(), address=ANN)
    assert sent(desk, smtp) == []
    desk.corpus.add([*desk.others[30:32], desk.answering])
    assert sent(desk, smtp) == [Outcome(ANN, 3), Outcome(BOB, 3)]
    ann, bob = inbox.mails
    assert ann["Subject"] == "New: 1 paper that answers your questions, 2 others"
    assert bob["Subject"] == "New: 3 papers"
    text = ann.get_body(["plain"]).get_content()
    html = ann.get_body(["html"]).get_content()
    for body in (text, html):
        # Under the first of the questions that it answers, with the sentence that does.
        assert body.index(QUESTION) < body.index(ANSWERS) < body.index("50% of the training data")
        assert body.count(ANSWERS) == 1
        for paper in desk.others[30:32]:
            assert body.count(paper.title) == 1 and body.index(paper.title) > body.index(ANSWERS)
    assert "What is K-Tokeniser?" not in text
    assert QUESTION not in bob.get_body(["plain"]).get_content()
    # Nothing is told twice, and what comes after that is told alone.
    assert sent(desk, smtp) == []
    desk.corpus.add(desk.others[32:33])
    assert sent(desk, smtp) == [Outcome(ANN, 1), Outcome(BOB, 1)]
    assert [mail["Subject"] for mail in inbox.mails[2:]] == ["New: 1 paper"] * 2


def test_what_the_server_does_not_take_is_sent_the_next_time(
    desk: Desk, inbox: Inbox, smtp: str
) -> None:
    enter(desk, ANN, BOB)
    desk.corpus.add([desk.answering])
    inbox.refused.add(ANN)
    assert sent(desk, smtp) == [Outcome(ANN, 0, "550 no such mailbox"), Outcome(BOB, 1)]
    desk.corpus.add(desk.others[30:31])
    inbox.refused.clear()
    inbox.failing = failed = "451 try again later"
    assert sent(desk, smtp) == [Outcome(ANN, 0, failed), Outcome(BOB, 0, failed)]
    inbox.failing = ""
    assert sent(desk, smtp) == [Outcome(ANN, 2), Outcome(BOB, 1)]
    assert len({mail["Message-ID"] for mail in inbox.mails}) == 3


def test_what_was_sent_is_told_also_where_the_server_hangs_up_on_the_way(
    desk: Desk, inbox: Inbox, smtp: str
) -> None:
    enter(desk, ANN, BOB, "cy@example.org")
    desk.corpus.add([desk.answering])
    inbox.failing, inbox.after = "421 too many mails", 1
    first, *others = sent(desk, smtp)
    assert first == Outcome(ANN, 1)
    assert [one.address for one in others] == [BOB, "cy@example.org"]
    assert all("cannot be used: 421 too many mails" in (one.failure or "") for one in others)
    inbox.failing = ""
    assert sent(desk, smtp) == [Outcome(BOB, 1), Outcome("cy@example.org", 1)]


def test_with_smtps_nothing_is_said_to_an_impostor(
    desk: Desk, inbox: Inbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority, trusted = trustme.CA(), tmp_path / "trusted.pem"
    authority.cert_pem.write_to_path(str(trusted))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    logins: list[LoginPassword] = []

    def known(*asked: LoginPassword) -> AuthResult:
        logins.append(asked[-1])
        return AuthResult(success=asked[-1] == LoginPassword(b"me", b"p:w/"), handled=False)

    enter(desk, ANN)
    desk.corpus.add([desk.answering])
    options = {"ssl_context": context, "auth_require_tls": False, "authenticator": known}
    with mail_server(inbox, **options) as place:
        url = f"smtps://me:p%3Aw%2F@{place}"
        with pytest.raises(MailError, match="certificate verify failed"):
            sent(desk, url)
        assert (logins, inbox.mails) == ([], [])
        monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
        assert sent(desk, url) == [Outcome(ANN, 1)]


def test_a_server_that_cannot_be_reached_loses_nothing(desk: Desk, inbox: Inbox, smtp: str) -> None:
    enter(desk, ANN)
    desk.corpus.add([desk.answering])
    with pytest.raises(
        MailError, match=r"the mail server 127\.0\.0\.1:9 cannot be used: .*refused"
    ):
        sent(desk, "smtp://ann:secret@127.0.0.1:9")
    with pytest.raises(SettingsError, match="ASSISTANT_SMTP_URL names no mail server"):
        sent(desk, "mail.example.org")
    assert sent(desk, smtp) == [Outcome(ANN, 1)]


def test_no_mail_is_so_long_that_nobody_reads_it(desk: Desk, inbox: Inbox, smtp: str) -> None:
    desk.corpus.remove(sorted(desk.corpus.select()))
    enter(desk, ANN)
    more = [
        paper.model_copy(update={"id": f"arxiv:2403.{number:05}", "title": f"Paper {number}"})
        for number, paper in enumerate(desk.papers[: OTHERS + 3])
    ]
    desk.corpus.add(more)
    assert sent(desk, smtp) == [Outcome(ANN, OTHERS)]
    assert "3 more come with the next digest." in inbox.mails[0].get_body(["plain"]).get_content()
    assert sent(desk, smtp) == [Outcome(ANN, 3)]


def test_a_digest_can_be_stopped_by_its_link_and_by_one_click(
    desk: Desk, inbox: Inbox, smtp: str, serving: Callable[..., str]
) -> None:
    base = serving(desk.assistant, watching=desk.watching)
    enter(desk, ANN, BOB)
    desk.corpus.add([desk.answering])
    sent(desk, smtp, base)
    mail = inbox.mails[0]
    link = mail["List-Unsubscribe"].strip("<>")
    assert link.startswith(f"{base}/unsubscribe/") and len(link.rpartition("/")[2]) > 40
    # To the letter, for mail programs read no encoded word there, and fold none.
    assert f"\r\nList-Unsubscribe: <{link}>\r\n".encode() in inbox.raw[0]
    assert max(map(len, inbox.raw[0].partition(b"\r\n\r\n")[2].split(b"\r\n"))) <= 76
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert all(link in mail.get_body([kind]).get_content() for kind in ("plain", "html"))
    # A mail program that looks into its links stops nothing.
    shown = httpx.get(link)
    assert (
        ANN in shown.text and "frame-ancestors 'none'" in shown.headers["content-security-policy"]
    )
    assert len(desk.watching.recipients.all()) == 2
    # As RFC 8058 has it: no cookie, no page, this very body.
    clicked = httpx.post(link, content="List-Unsubscribe=One-Click")
    assert clicked.status_code == 200
    assert [one.address for one in desk.watching.recipients.all()] == [BOB]
    assert "stopped already" in httpx.get(link).text
    assert httpx.post(link).status_code == 200
    desk.corpus.add(desk.others[30:31])
    assert sent(desk, smtp, base) == [Outcome(BOB, 1)]


@pytest.mark.parametrize(
    "address", ["", "ann", "ann@", "@example.org", "a b@c.org", "ann@example.org\nBcc: x@y.org"]
)
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(SettingsError, match="is no mail address"):
        checked_address(address)
