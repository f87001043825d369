"""A store that grows, and a mail server on this machine."""

import shutil
import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from assistant.assistant import Assistant
from assistant.reranking.reranker import Reranker, open_reranker
from store.corpus import Corpus
from store.embedding import Embedder
from store.papers import Paper
from store.watching import Watching

QUESTION = "How much training data does K-Tokeniser need?"
ANSWERS = "Infusing clinical knowledge into tokenisers for language models"


@dataclass
class Desk:
    """A store with an assistant over it, and what is watched."""

    corpus: Corpus
    assistant: Assistant
    watching: Watching
    papers: list[Paper]

    @property
    def answering(self) -> Paper:
        return next(paper for paper in self.papers if paper.title == ANSWERS)

    @property
    def others(self) -> list[Paper]:
        return [paper for paper in self.papers if paper.title != ANSWERS]


@pytest.fixture(scope="session")
def reranker(cache: Path) -> Reranker:
    """The reranker that ships: without it far more is taken for an answer."""
    return open_reranker(cache)


@pytest.fixture(scope="session")
def thirty(
    embedder: Embedder, sample_papers: list[Paper], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A store of thirty papers of the sample, to be copied: embedding them takes its time."""
    folder = tmp_path_factory.mktemp("thirty") / "store"
    with Corpus(folder, embedder, write=True) as corpus:
        corpus.add([paper for paper in sample_papers if paper.title != ANSWERS][:30])
    return folder


@pytest.fixture
def desk(
    thirty: Path,
    embedder: Embedder,
    reranker: Reranker,
    sample_papers: list[Paper],
    tmp_path: Path,
) -> Iterator[Desk]:
    """Thirty papers of the sample; the one that answers QUESTION has not come yet."""
    folder = shutil.copytree(thirty, tmp_path / "store")
    with Corpus(folder, embedder, write=True) as corpus, closing(Watching(folder)) as watching:
        yield Desk(corpus, Assistant(corpus, reranker), watching, sample_papers)


@dataclass
class Inbox:
    """A mail server's handler: keeps what it takes, and refuses as it is told to."""

    mails: list[EmailMessage] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)
    #: What is said to a mail instead of taking it, once so many have been taken.
    failing: str = ""
    after: int = 0

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refused:
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        if self.failing and len(self.mails) >= self.after:
            return self.failing
        self.raw.append(envelope.content)  # type: ignore[arg-type]
        mail = message_from_bytes(envelope.content, policy=default)  # type: ignore[arg-type]
        assert mail["To"] == envelope.rcpt_tos[0]
        self.mails.append(mail)  # type: ignore[arg-type]
        return "250 OK"


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@contextmanager
def mail_server(inbox: Inbox, **options: object) -> Iterator[str]:
    """Run a mail server that takes mail for `inbox`; give its host and port."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(inbox, hostname="127.0.0.1", port=port, **options)
    controller.start()
    yield f"127.0.0.1:{port}"
    controller.stop()


@pytest.fixture
def smtp(inbox: Inbox) -> Iterator[str]:
    """The address of a mail server that takes mail for `inbox`."""
    with mail_server(inbox) as place:
        yield f"smtp://{place}"
