"""The Atom feeds, as a feed reader sees them."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any

import anyio
import feedparser
import httpx
import pytest
from limits import parse

from assistant.answer import Answer
from assistant.assistant import Assistant
from assistant.query import Filters
from assistant.reranking.reranker import Reranker
from assistant.watching import ROUNDS, save
from store.corpus import Corpus
from store.papers import Paper
from store.watching import Watching
from tests.ui.feeds.conftest import ANSWERS, QUESTION, Desk
from ui.access.admission import Rules
from ui.access.login import ProxyLogin
from ui.feeds.levelling import Levelling
from ui.service import AT_ONCE

Serving = Callable[..., str]


class Held(Assistant):
    """An assistant that answers QUESTION only once it may `go_on`."""

    def __init__(self, corpus: Corpus, reranker: Reranker) -> None:
        super().__init__(corpus, reranker)
        self.asked, self.go_on = threading.Event(), threading.Event()
        self.questions: list[str] = []

    def ask(self, question: str, **options: Any) -> Answer:
        if question == QUESTION:
            self.questions.append(question)
            self.asked.set()
            assert self.go_on.wait(60)
        return super().ask(question, **options)


def read(address: str) -> feedparser.FeedParserDict:
    """Return a feed, which must be well-formed and hold what RFC 4287 asks of one."""
    got = httpx.get(address, timeout=60).raise_for_status()
    feed = feedparser.parse(got.content, response_headers=dict(got.headers))
    assert not feed.bozo, feed.get("bozo_exception")
    assert feed.version == "atom10"
    for part in (feed.feed, *feed.entries):
        assert part.id and part.title and part.updated_parsed and part.link
    assert len({entry.id for entry in feed.entries}) == len(feed.entries)
    return feed


def test_the_feed_of_new_papers_begins_with_what_came_last(desk: Desk, serving: Serving) -> None:
    base = serving(desk.assistant, watching=desk.watching)
    before = read(f"{base}/feeds/papers.atom")
    assert len(before.entries) == 30
    desk.corpus.add([desk.answering])
    after = read(f"{base}/feeds/papers.atom")
    assert after.entries[0].title == ANSWERS
    assert desk.answering.abstract[:40] in after.entries[0].content[0].value
    # What was there is the same entry as before, and each leads to its paper's page.
    assert [entry.id for entry in after.entries[1:]] == [entry.id for entry in before.entries]
    assert httpx.get(after.entries[0].link).status_code == 200


def test_a_saved_question_has_a_feed_of_the_papers_that_answer_it(
    desk: Desk, serving: Serving
) -> None:
    watch = save(desk.watching, desk.assistant, QUESTION, filters=Filters(), address=None)
    base = serving(desk.assistant, watching=desk.watching, address="https://papers.example.org")
    address = f"{base}/feeds/{watch.id}.atom"
    assert (read(address).feed.title, read(address).entries) == (QUESTION, [])
    desk.corpus.add([desk.answering, *desk.others[30:33]])
    (entry,) = read(address).entries
    assert entry.title == ANSWERS
    assert "50% of the training data was enough" in entry.content[0].value
    assert entry.link.startswith("https://papers.example.org/paper/")
    desk.corpus.remove([desk.answering.id])
    assert read(address).entries == []
    assert httpx.get(f"{base}/feeds/nobody.atom").status_code == 404


def test_a_reader_that_has_a_feed_gets_it_again_only_once_it_has_changed(
    desk: Desk, serving: Serving
) -> None:
    base = serving(desk.assistant, watching=desk.watching)
    address = f"{base}/feeds/papers.atom"
    got = httpx.get(address)
    tag, changed = got.headers["etag"], got.headers["last-modified"]
    for headers in (
        {"if-none-match": tag},
        {"if-none-match": f'"another", W/{tag}'},
        {"if-modified-since": changed},
    ):
        again = httpx.get(address, headers=headers)
        assert (again.status_code, again.content) == (304, b"")
    earlier = format_datetime(parsedate_to_datetime(changed) - timedelta(1), usegmt=True)
    for headers in (
        {"if-none-match": '"another"', "if-modified-since": changed},
        {"if-modified-since": earlier},
        {"if-modified-since": "yesterday"},
    ):
        assert httpx.get(address, headers=headers).status_code == 200
    desk.corpus.add([desk.answering])
    assert httpx.get(address, headers={"if-none-match": tag}).status_code == 200


def test_no_text_of_a_paper_is_taken_for_markup(desk: Desk, serving: Serving) -> None:
    title = "A <b>title</b> & \x0b <script>alert(1)</script>"
    hostile = Paper(id="arxiv:2403.00001", title=title, abstract="An <img src=x> abstract & more.")
    desk.corpus.add([hostile])
    base = serving(desk.assistant, watching=desk.watching)
    text = httpx.get(f"{base}/feeds/papers.atom").text
    assert "<script>" not in text and "<img" not in text
    entry = read(f"{base}/feeds/papers.atom").entries[0]
    assert "An &lt;img src=x&gt; abstract &amp; more." in text.replace("&amp;lt;", "&lt;").replace(
        "&amp;gt;", "&gt;"
    ).replace("&amp;amp;", "&amp;")
    assert entry.id


def test_the_feeds_are_behind_the_chats_login(desk: Desk, serving: Serving) -> None:
    rules = Rules(login=ProxyLogin("X-User"))
    address = f"{serving(desk.assistant, watching=desk.watching, rules=rules)}/feeds/papers.atom"
    assert httpx.get(address).status_code == 401
    assert httpx.get(address, headers={"X-User": "ann"}).status_code == 200


def test_programs_are_answered_while_a_feed_is_brought_level(
    desk: Desk, reranker: Reranker, serving: Serving
) -> None:
    watch = save(desk.watching, desk.assistant, QUESTION, filters=Filters(), address=None)
    desk.corpus.add([desk.answering])
    assistant = Held(desk.corpus, reranker)
    base = serving(assistant, watching=desk.watching)
    address = f"{base}/feeds/{watch.id}.atom"
    with ThreadPoolExecutor(AT_ONCE) as readers:
        reading = [readers.submit(read, address) for _ in range(AT_ONCE)]
        assert assistant.asked.wait(60)
        # Nobody waits for a feed that there is not.
        assert httpx.get(f"{base}/feeds/nobody.atom").status_code == 404
        asked = httpx.post(f"{base}/api/v1/ask", json={"question": "What is HyenaDNA?"}, timeout=60)
        assert asked.status_code == 200
        assistant.go_on.set()
        assert [len(one.result().entries) for one in reading] == [1] * AT_ONCE
    assert len(assistant.questions) <= ROUNDS, "it was asked again for each who read it"


def test_a_feed_that_takes_long_comes_as_it_is(desk: Desk, reranker: Reranker) -> None:
    watch = save(desk.watching, desk.assistant, QUESTION, filters=Filters(), address=None)
    desk.corpus.add([desk.answering])
    assistant = Held(desk.corpus, reranker)

    async def read_twice() -> None:
        levelling = Levelling(desk.watching, assistant, patience=0)
        await levelling.bring(watch.id)
        assert desk.watching.watches.found(watch.id) == []
        assistant.go_on.set()
        await Levelling(desk.watching, assistant).bring(watch.id)
        assert [one.paper_id for one in desk.watching.watches.found(watch.id)] == [
            desk.answering.id
        ]

    anyio.run(read_twice)


def test_who_reads_too_many_feeds_is_told_to_wait(desk: Desk, serving: Serving) -> None:
    base = serving(desk.assistant, watching=desk.watching, rules=Rules(rate=parse("2/hour")))
    got = [httpx.get(f"{base}/feeds/nobody.atom").status_code for _ in range(3)]
    assert got == [404, 404, 429]


@pytest.mark.parametrize("limits", [{"venues": ("Nowhere",)}, {"since": "2999"}])
def test_a_filter_keeps_from_a_feed_what_does_not_pass(
    desk: Desk, limits: dict[str, object]
) -> None:
    desk.corpus.add([desk.answering])
    watch = save(desk.watching, desk.assistant, QUESTION, filters=Filters(**limits), address=None)
    assert desk.watching.watches.found(watch.id) == []
    (kept,) = Watching(desk.corpus.folder).watches.all()
    assert kept.filters == {name: [*v] if isinstance(v, tuple) else v for name, v in limits.items()}
