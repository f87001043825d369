import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from store.corpus import Corpus
from tests.ui.conftest import DESKTOP, PHONE
from tests.ui.papers.conftest import HOSTILE, PAPERS

pytestmark = pytest.mark.browser

OpenReader = Callable[..., Any]


def test_papers_stand_by_date_the_newest_first_and_page_by_page(reader: OpenReader) -> None:
    one = reader()
    page = one.go("/papers")
    assert one.titles[:3] == [PAPERS[0].title, PAPERS[1].title, PAPERS[3].title]
    expect(page.locator("main section h2")).to_have_text(["11 March 2024", "2 March 2024", "2019"])
    expect(page.locator(".aa-count")).to_have_text("1–25 of 33 papers")
    page.get_by_role("link", name="Older").click()
    expect(page.locator(".aa-count")).to_have_text("26–33 of 33 papers")
    assert one.titles[-1] == HOSTILE
    expect(page.locator("main section h2")).to_have_text(["2019", "Listed Mar 11"])


def test_a_narrowed_list_has_an_address_of_its_own(reader: OpenReader, size: Any) -> None:
    one = reader(size)
    page = one.go("/papers")
    if size == PHONE:
        page.get_by_text("Narrow by").click()
    aside = page.locator("aside")
    aside.get_by_role("link", name="2024 2").click()
    expect(page.locator(".aa-count")).to_have_text("2 papers")
    again = one.go(page.url.removeprefix(one.base))
    assert one.titles == [PAPERS[0].title, PAPERS[1].title]
    if size == PHONE:
        page.get_by_text("Narrow by").click()
    aside.get_by_role("link", name="March 2024 2").click()
    if size == PHONE:
        page.get_by_text("Narrow by").click()
    aside.get_by_role("link", name="EMNLP 1").click()
    assert one.titles == [PAPERS[1].title]
    page.get_by_role("link", name="Remove March 2024").click()
    expect(again).to_have_url(re.compile(r"/papers\?venue=EMNLP$"))


def test_a_search_ranks_the_papers_that_pass(reader: OpenReader) -> None:
    one = reader()
    page = one.go("/papers?category=q-bio")
    page.get_by_role("searchbox").fill("enhancers of genes")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"q=enhancers\+of\+genes&category=q-bio$"))
    assert one.titles == [PAPERS[1].title, PAPERS[0].title]


def test_a_search_that_finds_nothing_says_so_and_shows_the_nearest(reader: OpenReader) -> None:
    one = reader()
    page = one.go("/papers?q=<b>penguins</b>")
    expect(page.locator(".aa-count")).to_have_text(
        "No paper mentions “<b>penguins</b>”. These come nearest to it in meaning."
    )
    expect(page.locator("main section h2")).to_have_text(["Nearest in meaning"])
    assert len(one.titles) == 10
    one.go("/papers?q=penguins&venue=ACL")
    expect(page.locator(".aa-count")).to_contain_text("No paper that passes mentions “penguins”.")
    assert one.titles == [PAPERS[0].title]


def test_the_ways_to_narrow_a_search_are_those_of_the_papers_found(reader: OpenReader) -> None:
    one = reader()
    page = one.go("/papers?q=solar+panels")
    aside = page.locator("aside")
    expect(aside.get_by_role("link", name="2019", exact=True)).to_be_visible()
    expect(aside.locator(".aa-papers")).to_have_count(0)
    expect(aside.get_by_text("EMNLP")).to_have_count(0)
    page.get_by_role("link", name="2019", exact=True).click()
    expect(page.locator(".aa-count")).to_have_text("1–25 of 30 papers")


@pytest.mark.parametrize("query", ["q=%3F%3F", "page=-1", "page=9", "date=soon", "venue=%00%FF"])
def test_an_odd_address_is_answered_calmly(reader: OpenReader, query: str) -> None:
    page = reader().go(f"/papers?{query}")
    expect(page.get_by_role("searchbox")).to_be_visible()


def test_a_paper_has_a_page_with_its_abstract_exactly(reader: OpenReader) -> None:
    one = reader()
    page = one.go("/papers")
    page.get_by_role("link", name=PAPERS[0].title).click()
    expect(page.locator("h1")).to_have_text(PAPERS[0].title)
    assert page.locator(".aa-abstract").inner_text() == PAPERS[0].abstract
    identified = page.get_by_role("link", name="arXiv")
    expect(identified).to_have_attribute("href", "https://arxiv.org/abs/2403.00001")
    expect(identified).to_have_attribute("rel", "noopener noreferrer")
    link = page.get_by_role("link", name="example.org")
    expect(link).to_have_attribute("href", "https://example.org/paper")
    expect(link).to_have_attribute("rel", "noopener noreferrer")
    assert one.titles[0] == PAPERS[1].title, "the other paper about genomes is the most similar"
    page.get_by_role("link", name=PAPERS[1].title).click()
    expect(page.locator("h1")).to_have_text(PAPERS[1].title)


def test_markup_in_a_paper_is_shown_and_not_run(reader: OpenReader, size: Any) -> None:
    one = reader(size)
    page = one.go("/papers?listed=Mar+11")
    page.locator(".aa-item h3 a").click()
    expect(page.locator("h1")).to_have_text(HOSTILE)
    assert page.locator(".aa-abstract").inner_text() == PAPERS[2].abstract
    expect(page.locator("a[href^='javascript']")).to_have_count(0)
    page.locator("dd").get_by_role("link", name="window.__ran=1").click()
    assert one.titles == [HOSTILE]
    one.go("/?paper=title:hostile")
    expect(page.locator("#aa-bar .aa-chosen span")).to_have_text(f"only “{HOSTILE}”")


def test_a_withdrawn_paper_says_so_on_its_page_and_in_lists(
    reader: OpenReader, corpus: Corpus
) -> None:
    corpus.add([PAPERS[1].model_copy(update={"withdrawn": True})])
    one = reader()
    page = one.go("/papers?date=2024-03")
    said = page.locator(".aa-item", has_text=PAPERS[1].title).locator(".aa-withdrawn")
    expect(said).to_have_text("Withdrawn")
    expect(page.locator(".aa-withdrawn")).to_have_count(1)
    page.get_by_role("link", name=PAPERS[1].title).click()
    expect(page.locator(".aa-notice")).to_have_text("This paper has been withdrawn or retracted.")


def test_an_unknown_paper_is_said_to_be_missing(reader: OpenReader) -> None:
    one = reader()
    page = one.go("/paper/title:<b>none")
    expect(page.locator("h1")).to_have_text("No such paper")
    expect(page.locator("main")).to_contain_text("“title:<b>none”")
    one.errors.clear()  # the browser reports the 404


def test_the_chat_and_the_papers_lead_to_each_other(reader: OpenReader) -> None:
    page = reader(DESKTOP).go("/")
    page.get_by_role("link", name="Papers").click()
    expect(page.get_by_role("searchbox")).to_be_visible()
    page.get_by_role("link", name="Chat").click()
    expect(page.locator("#aa-box textarea")).to_be_visible()


def test_a_chat_about_one_paper_can_be_widened_to_all(reader: OpenReader) -> None:
    page = reader().go(f"/?paper={PAPERS[0].id}")
    expect(page.locator(".aa-one-paper")).to_have_text(PAPERS[0].title)
    page.get_by_role("button", name="Remove the filter").click()
    expect(page.locator(".aa-welcome")).to_have_text("Ask 33 paper abstracts")
    expect(page.locator("#aa-box textarea")).to_have_attribute(
        "placeholder", "Ask 33 abstracts a question"
    )


def test_papers_added_meanwhile_are_counted_when_the_chat_is_opened(
    reader: OpenReader, corpus: Corpus
) -> None:
    corpus.add(
        [PAPERS[0].model_copy(update={"id": "title:more", "title": "One more", "url": None})]
    )
    page = reader().go("/")
    expect(page.locator(".aa-welcome")).to_have_text("Ask 34 paper abstracts")


def test_nothing_is_wider_than_a_phone(reader: OpenReader) -> None:
    one = reader((320, 640), scheme="dark")
    for path in ("/papers", "/paper/title:hostile", "/paper/arxiv:2403.00001"):
        page = one.go(path)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
