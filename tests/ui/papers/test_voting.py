from collections.abc import Callable
from typing import Any

import httpx
import pytest
from playwright.sync_api import expect

from store.popularity import Popularity, Standing
from tests.ui.papers.conftest import PAPERS

OpenReader = Callable[..., Any]
FIRST = PAPERS[0].id


@pytest.mark.browser
def test_each_person_has_one_vote_for_a_paper(reader: OpenReader, popularity: Popularity) -> None:
    one, other = reader(), reader()
    page = one.go(f"/paper/{FIRST}")
    vote = page.get_by_role("button", name="Upvote")
    vote.click()
    expect(vote).to_have_attribute("aria-pressed", "true")
    page.reload()
    expect(vote).to_have_attribute("aria-pressed", "true")
    assert popularity.standings([FIRST]) == {FIRST: Standing(votes=1)}
    theirs = other.go("/papers").get_by_role("button", name=f"Upvote {PAPERS[0].title}")
    expect(theirs).to_have_text("▲ 1")
    expect(theirs).to_have_attribute("aria-pressed", "false")
    theirs.press("Enter")
    expect(theirs).to_have_text("▲ 2")
    expect(theirs).to_be_focused()
    vote.click()
    expect(vote).to_have_attribute("aria-pressed", "false")
    assert popularity.standings([FIRST]) == {FIRST: Standing(votes=1)}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"sec-fetch-site": "same-origin"}, 303),
    ],
)
def test_a_page_of_another_site_cannot_vote(
    address: str, popularity: Popularity, headers: dict[str, str], status: int
) -> None:
    form = {"paper_id": FIRST, "up": "true"}
    answer = httpx.post(f"{address}/papers/vote", data=form, headers=headers)
    assert answer.status_code == status
    assert len(popularity.standings([FIRST])) == (status == 303)


@pytest.mark.parametrize(
    "back", ["https://evil.example", "//evil.example", "/\\evil.example", "/papers\r\nx: y"]
)
def test_voting_leads_back_to_this_server_only(address: str, back: str) -> None:
    form = {"paper_id": FIRST, "up": "true", "back": back}
    answer = httpx.post(f"{address}/papers/vote", data=form)
    assert answer.headers["location"] == "/papers"


def test_no_vote_is_kept_for_a_paper_that_is_not_there(
    address: str, popularity: Popularity
) -> None:
    httpx.post(f"{address}/papers/vote", data={"paper_id": "title:none", "up": "true"})
    assert popularity.standings(["title:none"]) == {}
