import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from playwright.sync_api import expect

from assistant.assistant import Assistant
from store.corpus import Corpus
from store.popularity import FILE, Popularity, Standing
from tests.ui.conftest import running
from tests.ui.papers.conftest import HOSTILE, PAPERS
from ui.papers.voting import today
from ui.server import make_app

OpenReader = Callable[..., Any]
QUESTION = "How many letters of DNA does sparse attention read?"
FIRST, SECOND = PAPERS[0].id, PAPERS[1].id


@pytest.mark.browser
def test_the_most_voted_and_the_most_cited_lead(reader: OpenReader, popularity: Popularity) -> None:
    now = today()
    popularity.vote(PAPERS[2].id, "ann", on=now)
    popularity.vote(PAPERS[2].id, "bob", on=now)
    popularity.vote(FIRST, "ann", on=now)
    popularity.vote("title:gone", "ann", on=now)
    popularity.note_cited([SECOND], on=now - timedelta(days=8))
    popularity.note_cited([FIRST], on=now)
    one = reader()
    page = one.go("/papers")
    page.get_by_role("link", name="Trending").click()
    assert one.titles == [HOSTILE, PAPERS[0].title]
    expect(page.locator(".aa-recent").last).to_have_text("1 upvote · cited in 1 answer")
    page.get_by_role("link", name="Most cited in answers").click()
    assert one.titles == [PAPERS[0].title]
    page.get_by_role("link", name="Month").click()
    assert one.titles == [PAPERS[0].title, PAPERS[1].title]


@pytest.mark.browser
def test_a_question_about_one_paper_is_asked_of_it_alone_and_counted(
    reader: OpenReader, popularity: Popularity
) -> None:
    one = reader()
    page = one.go(f"/paper/{FIRST}")
    page.get_by_role("link", name="Ask about this paper").click()
    chosen = page.locator("#aa-bar .aa-chosen span")
    expect(chosen).to_have_text(f"only “{PAPERS[0].title}”")
    box = page.locator("#aa-box textarea")
    expect(box).to_be_focused()
    box.fill("What do models with a long context find?")
    box.press("Enter")
    expect(page.locator("#aa-chat .bot-row")).to_contain_text("Searched 1 abstract")
    box.fill(QUESTION)
    box.press("Enter")
    expect(page.locator("#aa-chat .aa-from-title").last).to_have_text(PAPERS[0].title)
    assert counted(popularity, FIRST)[FIRST].citations >= 1
    assert SECOND not in popularity.standings([SECOND])
    page.get_by_role("button", name="Remove the filter only").click()
    expect(chosen).to_have_count(0)
    assert page.url.endswith("/")


def counted(popularity: Popularity, *cited: str) -> dict[str, Standing]:
    """Return the standings once there are any: what is cited is counted behind the answer."""
    for _ in range(200):
        if standings := popularity.standings(cited):
            return standings
        time.sleep(0.05)
    return {}


def test_what_an_answer_cites_is_counted_and_the_question_is_not_kept(
    address: str, corpus: Corpus, popularity: Popularity
) -> None:
    answer = httpx.post(f"{address}/api/v1/ask", json={"question": QUESTION}).json()
    cited = [citation["paper_id"] for citation in answer["citations"]]
    assert FIRST in cited
    assert counted(popularity, *cited) == {one: Standing(citations=1) for one in cited}
    popularity.close()
    kept = b"".join(file.read_bytes() for file in corpus.folder.glob(f"{FILE}*"))
    assert b"letters of DNA" not in kept


def test_citations_can_be_left_uncounted(
    corpus: Corpus, popularity: Popularity, uploads: Any
) -> None:
    app: FastAPI = make_app(Assistant(corpus), title="Library", popularity=popularity, count=False)
    with running(app) as at:
        answer = httpx.post(f"{at}/api/v1/ask", json={"question": QUESTION}).json()
        page = httpx.get(f"{at}/papers/trending?by=citations").text
    assert answer["citations"]
    assert popularity.standings([FIRST]) == {}
    assert "Citations in answers are not counted on this server." in page
