"""Filters in a real browser: chips, their choice, the address, links that ask again."""

from collections.abc import Callable, Iterator
from contextlib import closing
from urllib.parse import parse_qsl, urlsplit

import pytest
from playwright.sync_api import Locator, Route, expect

from assistant.assistant import Assistant
from store.corpus import Corpus
from store.embedding import Embedder
from store.papers import Paper
from tests.ui.chat.test_conversations import texts
from tests.ui.conftest import Visit

pytestmark = pytest.mark.browser

#: Two venues and three years; "light" is in all of them.
PAPERS = tuple(
    Paper(
        id=f"title:{number}",
        title=f"Solar study {number}",
        abstract=f"Solar panels of kind {number} turn light into power. They last {number} years.",
        authors=("Ann Lee", f"Bo {name}"),
        published=published,
        venue=venue,
        categories=("physics",),
        source="<b>list</b>.jsonl",
    )
    for number, name, published, venue in (
        (21, "Ray", "2022-03-01", "ACL"),
        (22, "Sun", "2023-05-01", "ACL"),
        (23, "Lux", "2024-07-01", "EMNLP"),
    )
)
NO_DATE = "'May' is no date; give YYYY, YYYY-MM or YYYY-MM-DD"
QUESTION = "What turns light into power?"


@pytest.fixture(scope="module")
def corpus(embedder: Embedder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Corpus]:
    with closing(Corpus(tmp_path_factory.mktemp("solar"), embedder, write=True)) as corpus:
        corpus.add(PAPERS)
        yield corpus


@pytest.fixture(scope="module")
def address(corpus: Corpus, serving: Callable[..., str]) -> str:
    return serving(Assistant(corpus))


@pytest.fixture
def chat(visit: Callable[..., Visit], address: str) -> Visit:
    return visit(at=address)


def chips(chat: Visit) -> list[str]:
    return texts(chat.page.locator(".aa-chosen span"))


def cited(answer: Locator) -> set[str]:
    return set(texts(answer.locator(".aa-from-title")))


def query(chat: Visit) -> list[tuple[str, str]]:
    return parse_qsl(urlsplit(chat.page.url).query)


def go(chat: Visit, address: str) -> None:
    chat.page.goto(address)
    chat.box.wait_for()


def test_filters_are_chosen_kept_shown_and_taken_back(
    visit: Callable[..., Visit], address: str, size: tuple[int, int]
) -> None:
    chat = visit(size, at=address)
    chat.page.get_by_role("button", name="+ Filter").click()
    choice = chat.page.get_by_role("dialog", name="Filter the papers")
    expect(choice.locator(".aa-value")).to_have_text(["20241", "20231", "20221"])
    choice.get_by_role("button", name="Venue").click()
    expect(choice.locator(".aa-value")).to_have_text(["ACL2", "EMNLP1"])
    choice.get_by_role("button", name="ACL").click()
    expect(choice.get_by_role("button", name="ACL")).to_have_attribute("aria-pressed", "true")
    choice.get_by_role("button", name="Author").click()
    # Those of the papers that pass the other filters; typing narrows them.
    expect(choice.locator(".aa-value")).to_have_text(["Ann Lee2", "Bo Ray1", "Bo Sun1"])
    choice.get_by_label("Narrow the list").fill("SU")
    expect(choice.locator(".aa-value")).to_have_text(["Bo Sun1"])
    choice.locator(".aa-value").click()
    choice.get_by_role("button", name="Close").click()
    assert chips(chat) == ["ACL", "by Bo Sun"]
    assert query(chat) == [("venue", "ACL"), ("author", "Bo Sun")]

    answer = chat.ask(QUESTION)
    assert cited(answer) == {"Solar study 22"}
    expect(answer.locator(".aa-said")).to_have_text("Searched in papers by Bo Sun, at ACL.")
    chat.page.get_by_role("button", name="Remove the filter by Bo Sun").click()
    expect(chat.ask(QUESTION).locator(".aa-said")).to_have_text("Searched in papers at ACL.")
    chat.page.reload()
    expect(chat.page.locator("#aa-chat .aa-answer")).to_have_count(2)
    assert chips(chat) == ["ACL"]
    assert cited(chat.answers.first) == {"Solar study 22"}


def test_dates_are_typed_and_a_wrong_one_is_told_so(chat: Visit) -> None:
    chat.page.get_by_role("button", name="+ Filter").click()
    choice = chat.page.get_by_role("dialog", name="Filter the papers")
    choice.get_by_role("textbox", name="From").fill("May")
    choice.get_by_role("button", name="Apply").click()
    expect(choice.locator(".aa-range-note")).to_have_text(NO_DATE)
    chat.errors.clear()  # the browser reports the 422
    choice.get_by_role("textbox", name="From").fill("2022-04")
    choice.get_by_role("textbox", name="To").fill("2023")
    choice.get_by_role("button", name="Apply").click()
    expect(choice).to_be_hidden()
    assert chips(chat) == ["from 2022-04", "up to 2023"]
    answer = chat.ask(QUESTION)
    assert cited(answer) == {"Solar study 22"}
    expect(answer.locator(".aa-said")).to_contain_text("since 2022-04, until 2023")


def test_values_that_arrive_late_leave_what_was_typed(chat: Visit) -> None:
    held: list[Route] = []
    chat.page.route("**/facets?of=published*", lambda route: held.append(route), times=1)
    chat.page.get_by_role("button", name="+ Filter").click()
    choice = chat.page.get_by_role("dialog", name="Filter the papers")
    choice.get_by_role("textbox", name="From").fill("May")
    choice.get_by_role("button", name="Apply").click()
    expect(choice.locator(".aa-range-note")).to_have_text(NO_DATE)
    held.pop().continue_()
    expect(choice.locator(".aa-value")).to_have_count(3)
    expect(choice.get_by_role("textbox", name="From")).to_have_value("May")
    expect(choice.locator(".aa-range-note")).to_have_text(NO_DATE)
    chat.errors.clear()  # the browser reports the 422


def test_filters_chosen_while_an_answer_is_on_its_way_are_for_the_next(chat: Visit) -> None:
    held: list[Route] = []
    chat.page.route("**/queue/join*", lambda route: held.append(route), times=1)
    chat.box.fill(QUESTION)
    chat.box.press("Enter")
    expect(chat.box).to_have_value("")
    chat.page.get_by_role("button", name="+ Filter").click()
    choice = chat.page.get_by_role("dialog", name="Filter the papers")
    choice.get_by_role("button", name="Venue").click()
    choice.get_by_role("button", name="ACL").click()
    choice.get_by_role("button", name="Close").click()
    held.pop().continue_()
    answer = chat.answers.last
    expect(answer.locator(".aa-answer")).to_be_visible()
    expect(answer.locator(".aa-said")).to_have_count(0)
    assert chips(chat) == ["ACL"]
    expect(chat.ask(QUESTION).locator(".aa-said")).to_have_text("Searched in papers at ACL.")


def test_an_address_sets_the_filters(chat: Visit, address: str) -> None:
    go(chat, f"{address}/?from=2022&to=2023&venue=acl&venue=EMNLP&paper=title:22&other=kept")
    expect(chat.page.locator(".aa-chosen span")).to_have_text(
        ["from 2022", "up to 2023", "acl", "EMNLP", "only “Solar study 22”"]
    )
    expect(chat.page.locator(".aa-said-here")).to_be_empty()
    answer = chat.ask(QUESTION)
    assert cited(answer) == {"Solar study 22"}
    expect(answer.locator(".aa-only")).to_have_text("Searched only Solar study 22")
    assert ("other", "kept") in query(chat)
    # It is greeted anew, with the page loaded again.
    with chat.page.expect_event("load"):
        chat.page.get_by_role("button", name="New chat").click()
    expect(chat.page.locator(".aa-chosen span")).to_have_count(0)
    assert query(chat) == [("other", "kept")]


@pytest.mark.parametrize(
    ("filters", "said", "left"),
    [
        (
            "from=May&venue=ACL",
            "From: 'May' is no date; give YYYY, YYYY-MM or YYYY-MM-DD.",
            ["ACL"],
        ),
        ("from=2024&to=2022", "From and to: since '2024' is later than until '2022'.", []),
        ("paper=title:99", "Paper: there is none with the id 'title:99'.", []),
        ("venue=" + "x" * 301, "Venue: string should have at most 300 characters.", []),
        ("author=<img src=x onerror=alert(1)>", "", ["by <img src=x onerror=alert(1)>"]),
    ],
    ids=["date", "order", "paper", "length", "markup"],
)
def test_a_filter_in_an_address_that_cannot_be_used_is_left_out_and_told_so(
    chat: Visit, address: str, filters: str, said: str, left: list[str]
) -> None:
    go(chat, f"{address}/?{filters}")
    expected = f"{said} It is left out." if said else ""
    expect(chat.page.locator(".aa-said-here")).to_have_text(expected)
    expect(chat.page.locator(".aa-chosen span")).to_have_text(left)


def test_a_filter_that_leaves_no_answer_is_loosened(chat: Visit, address: str) -> None:
    go(chat, f"{address}/?venue=EMNLP&to=2022&from=2022")
    chat.ask(QUESTION)
    answer = chat.answer_to(
        lambda: chat.answers.last.get_by_role("button", name="Any date").click()
    )
    assert cited(answer) == {"Solar study 23"}
    assert texts(chat.questions) == [QUESTION, QUESTION]
    expect(chat.page.locator(".aa-chosen span")).to_have_text(["EMNLP"])
    assert query(chat) == [("venue", "EMNLP")]


def test_a_link_asks_the_same_again_and_says_whether_it_still_holds(
    chat: Visit, address: str, corpus: Corpus
) -> None:
    go(chat, f"{address}/?venue=ACL")
    chat.ask(QUESTION)
    chat.ask("How long do they last?")
    chat.answers.last.get_by_role("button", name="Copy link").click()
    expect(chat.answers.last.locator(".aa-done")).to_have_text("Copied.")
    shown = texts(chat.answers.last.locator(".aa-verbatim"))
    link = chat.page.evaluate("navigator.clipboard.readText()")
    said = parse_qsl(urlsplit(link).query)
    assert [pair for pair in said if pair[0] not in ("snapshot", "version", "quotes")] == [
        ("q", QUESTION),
        ("venue", "ACL"),
        ("q", "How long do they last?"),
        ("venue", "ACL"),
    ]
    assert dict(said)["snapshot"] == corpus.snapshot[:12]

    other = chat.page.context.browser.new_page()
    other.goto(link)
    expect(other.locator(".aa-since")).to_have_text(
        "Same papers, same assistant: this is the answer as it was."
    )
    assert texts(other.locator("#aa-chat .aa-question")) == [QUESTION, "How long do they last?"]
    assert texts(other.locator("#aa-chat .bot-row").last.locator(".aa-verbatim")) == shown
    assert parse_qsl(urlsplit(other.url).query) == [("venue", "ACL")]

    corpus.add([PAPERS[0].model_copy(update={"title": "Renamed"})])
    other.goto(link)
    expect(other.locator(".aa-since")).to_have_text(
        "The papers have changed since then; the quotes are the same."
    )
    corpus.add([PAPERS[0]])
    other.goto(link.replace(corpus.snapshot[:12], "0" * 12).split("&quotes=")[0])
    expect(other.locator(".aa-since")).to_have_text(
        "The papers have changed since then; the answer may differ."
    )
    other.goto(f"{address}/?q=What+turns+light+into+power%3F")
    expect(other.locator(".aa-answer")).to_be_visible()
    expect(other.locator(".aa-since")).to_have_count(0)
    other.close()


def test_a_link_with_a_filter_that_cannot_be_used_gives_the_question_back(
    chat: Visit, address: str
) -> None:
    go(chat, f"{address}/?q=Why%3F&from=May")
    expect(chat.page.locator(".aa-said-here")).to_have_text(f"From: {NO_DATE}.")
    expect(chat.box).to_have_value("Why?")
    expect(chat.answers).to_have_count(0)
