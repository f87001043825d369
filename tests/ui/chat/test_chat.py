import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from assistant.assistant import Assistant
from assistant.query import LONGEST_QUESTION

pytestmark = pytest.mark.browser

Size = tuple[int, int]
DESKTOP: Size = (1280, 800)
PHONE: Size = (390, 844)

#: Answered from several papers, answered from one, and not in the sample.
BROAD = "Which models handle long DNA sequences?"
NARROW = "How much training data does K-Tokeniser need?"
ABSENT = "Which benchmark measures tax law?"

#: Cumulative layout shift of a whole conversation; up to 0.1 for a whole page counts as good. On a
#: phone the box grows by a line for a long question, and shrinks again: 0.033.
SHIFT = 0.05

#: Each means something to Markdown, HTML or LaTeX, or to a browser that decodes them.
NASTY = (
    "Plain *emphasis* and _more_ and **strong** and `code` stay as they are.",
    "Accuracy is 3 < 4 > 2 & rising &amp; &lt;b&gt; &#65; &copy; for all.",
    '<img src=x onerror="window.__ran=1"><script>window.__ran=1</script> ends here.',
    "Costs fall from $5 to $3, while $$\\alpha_1 < \\beta$$ and \\(x\\) and \\[y\\] hold.",
    "See [a link](javascript:alert(1)) and ![an image](http://127.0.0.1:9/x.png) here.",
    "# Not a heading, 1. not a list, - nor this, > nor a quote, | nor | a table |.",
    "Code is at https://example.org/a_b_c*d*?x=1&y=2#z and www.example.org today.",
    "~~Struck~~ ==marked== ^up^ :smile: [^1] {{value}} ${value} <!-- comment --> remain.",
    "Backslashes \\* \\_ \\\\ and %20 and \\n and \\u0041 are not undone.",
    "“Quotes” ‘inside’ \"straight\" 'single' — dashes – and … dots stay.",
    "Ünïcödé, 中文, العربية, 𝔸𝕓𝕔, 🐧👩‍🔬 and e\u0301 combine.",
    "</p></div></blockquote></section><style>*{display:none}</style> closes nothing.",
)


@pytest.fixture
def recited(recite: Callable[[tuple[str, ...]], str]) -> str:
    """The address of a chat whose every answer is the nasty texts."""
    return recite(NASTY)


def mark_of(chip: Locator) -> Locator:
    anchor = (chip.get_attribute("href") or "").rpartition("#")[2]
    return chip.page.locator(f"mark#{anchor}")


def texts(locator: Locator) -> list[str]:
    return [one.inner_text() for one in locator.all()]


def top(locator: Locator) -> float:
    box = locator.bounding_box()
    assert box
    return box["y"]


def test_an_answer_is_made_of_stored_sentences(
    visit: Callable[..., Any], assistant: Assistant, size: Size
) -> None:
    chat = visit(size)
    shown = chat.ask(BROAD)
    answer = assistant.ask(BROAD)
    assert texts(shown.locator(".aa-verbatim")) == [quote.text for quote in answer.quotes]
    count = len(answer.quotes)
    expect(shown).to_contain_text(
        f"Verified All {count} quotes are letter for letter in their stored abstracts."
    )
    expect(shown).to_contain_text(f"Searched {len(assistant.corpus)} abstracts.")
    expect(shown.locator(".aa-match")).to_have_text(re.compile("(Strong|Partial|Weak) match"))
    expect(chat.chips).to_have_count(count)


def test_a_chip_opens_its_source_and_escape_returns_to_it(
    visit: Callable[..., Any], assistant: Assistant, size: Size
) -> None:
    chat = visit(size)
    shown = chat.ask(BROAD)
    chip, quote = chat.chips.last, shown.locator(".aa-verbatim").last
    chip.click()
    mark = mark_of(chip)
    expect(mark).to_be_in_viewport(ratio=1)
    expect(mark).to_have_text(quote.inner_text(), use_inner_text=True)
    card = chat.page.locator(".aa-source.aa-active")
    expect(card).to_be_focused()
    last = assistant.ask(BROAD).citations[-1]
    expect(card.locator(".aa-title")).to_have_text(last.title)
    abstract = assistant.corpus.get([last.paper_id])[last.paper_id].abstract
    assert card.locator(".aa-abstract").text_content() == abstract
    chat.page.keyboard.press("Escape")
    expect(chip).to_be_focused()


def test_chips_work_by_keys_and_say_what_they_lead_to(visit: Callable[..., Any]) -> None:
    chat = visit()
    chat.ask(NARROW)
    chip = chat.chips.first
    expect(chip).to_have_accessible_name("Source 1")
    chip.focus()
    chat.page.keyboard.press("Enter")
    expect(mark_of(chip)).to_be_in_viewport()
    chat.page.keyboard.press("Escape")
    expect(chip).to_be_focused()


def test_why_a_sentence_was_chosen_opens_by_click_and_by_key(
    visit: Callable[..., Any], size: Size
) -> None:
    chat = visit(size)
    shown = chat.ask(NARROW)
    reasons = shown.locator(".aa-reasons").first
    summary, table = reasons.locator("summary"), reasons.locator("table")
    expect(summary).to_have_text("Why this sentence")
    expect(table).to_be_hidden()
    summary.click()
    expect(table).to_be_visible()
    expect(table.get_by_role("rowheader", name="Shared words")).to_be_visible()
    expect(reasons).to_contain_text("in log-odds: a score of 0.")
    box, page = table.bounding_box(), chat.page.viewport_size
    assert 0 <= box["x"] <= box["x"] + box["width"] <= page["width"]
    summary.focus()
    chat.page.keyboard.press("Enter")
    expect(table).to_be_hidden()


def test_on_a_phone_sources_are_a_sheet(visit: Callable[..., Any]) -> None:
    chat = visit(PHONE)
    chat.ask(BROAD)
    expect(chat.sheet).to_be_hidden()
    chat.chips.nth(1).tap()
    expect(chat.sheet).to_be_in_viewport()
    expect(mark_of(chat.chips.nth(1))).to_be_in_viewport(ratio=1)
    assert chat.page.evaluate("document.getElementById('aa-chat-column').inert")
    chat.page.locator(".aa-close").tap()
    expect(chat.sheet).to_be_hidden()
    expect(chat.chips.nth(1)).to_be_focused()
    chat.chips.first.tap()
    expect(chat.sheet).to_be_in_viewport()
    chat.page.touchscreen.tap(195, 60)
    expect(chat.sheet).to_be_hidden()


def test_chips_of_earlier_answers_keep_working(visit: Callable[..., Any]) -> None:
    chat = visit()
    first = chat.ask(NARROW)
    chip = first.locator(".aa-chip").first
    anchor = chip.get_attribute("href")
    chat.ask(BROAD)
    earlier = chat.page.locator(f'.aa-chip[href="{anchor}"]')
    expect(mark_of(earlier)).to_be_hidden()
    earlier.click()
    expect(mark_of(earlier)).to_be_in_viewport()


def test_not_in_these_abstracts(
    visit: Callable[..., Any], assistant: Assistant, size: Size
) -> None:
    chat = visit(size)
    shown = chat.ask(ABSENT)
    expect(shown).to_contain_text("Not in these abstracts")
    expect(shown).to_contain_text(f"Searched {len(assistant.corpus)} abstracts")
    expect(shown).to_contain_text("No abstract mentions tax.")
    expect(shown.locator(".aa-chip")).to_have_count(0)
    expect(shown).not_to_contain_text("Verified")
    near = shown.locator(".aa-look")
    assert texts(near) == [paper.title for paper in assistant.ask(ABSENT).closest]
    near.first.click()
    card = chat.page.locator(".aa-source.aa-active")
    expect(card).to_be_in_viewport()
    expect(card.locator(".aa-abstract")).to_be_visible()
    expect(card.locator("mark")).to_have_count(0)


def test_a_question_that_is_too_long_loses_nothing(visit: Callable[..., Any], size: Size) -> None:
    chat = visit(size)
    chat.ask(NARROW)
    long = "How long " * (LONGEST_QUESTION // 8)
    shown = chat.ask(long)
    expect(shown.locator(".aa-notice")).to_contain_text(f"more than {LONGEST_QUESTION:,}")
    expect(chat.box).to_have_value(long)
    expect(chat.box).to_be_in_viewport(ratio=1)
    chat.ask(BROAD)
    expect(chat.chips.first).to_be_visible()


def test_two_people_never_see_each_other(visit: Callable[..., Any], assistant: Assistant) -> None:
    one, other = visit(), visit(PHONE)
    one.ask("What is HyenaDNA?")
    other.ask("What is Octopus v4?")
    follow_ups = [person.ask("And how does it work?").inner_text() for person in (one, other)]
    assert "HyenaDNA" in follow_ups[0] and "Octopus" not in follow_ups[0]
    assert "Octopus" in follow_ups[1] and "HyenaDNA" not in follow_ups[1]
    assert texts(one.questions) == ["What is HyenaDNA?", "And how does it work?"]
    assert texts(other.questions) == ["What is Octopus v4?", "And how does it work?"]
    assert "Octopus" not in one.page.content()
    assert "Octopus" in other.page.content()


def test_a_follow_up_says_what_was_searched(visit: Callable[..., Any]) -> None:
    chat = visit()
    expect(chat.ask("What is HyenaDNA?").locator(".aa-query")).to_have_count(0)
    shown = chat.ask("And how does it work?")
    expect(shown.locator(".aa-query")).to_contain_text("HyenaDNA")


def test_questions_show_as_typed(visit: Callable[..., Any], recited: str) -> None:
    chat = visit(at=recited)
    for question in (*NASTY, "two\nlines,  two  blanks\n\n    and a margin"):
        chat.ask(question)
        assert chat.questions.last.inner_text() == question
    assert chat.page.evaluate("window.__ran") is None


def test_quotes_show_letter_for_letter(visit: Callable[..., Any], recited: str, size: Size) -> None:
    chat = visit(size, at=recited)
    shown = chat.ask("Recite.")
    expect(shown.locator(".aa-verbatim")).to_have_count(len(NASTY))
    assert texts(shown.locator(".aa-verbatim")) == list(NASTY)
    chat.page.evaluate(
        "document.querySelectorAll('.aa-source details').forEach(d => d.open = true)"
    )
    chat.chips.first.click()
    expect(chat.page.locator(".aa-abstract mark")).to_have_count(len(NASTY))
    assert texts(chat.page.locator(".aa-abstract mark")) == list(NASTY)
    titles = chat.page.locator(".aa-title")
    assert texts(titles) == [f"{number}: {text}" for number, text in enumerate(NASTY, 1)]
    chat.page.keyboard.press("Escape")
    if size == DESKTOP:
        for place, chip in enumerate(chat.chips.all()):
            chip.hover()
            expect(chat.page.locator(".aa-peek-title")).to_have_text(titles.nth(place).inner_text())
            expect(chat.page.locator(".aa-peek-quote")).to_have_text(f"“{NASTY[place]}”")
    assert chat.page.evaluate("window.__ran") is None


def test_a_copied_quote_carries_its_source(visit: Callable[..., Any], recited: str) -> None:
    chat = visit(at=recited)
    chat.ask("Recite.")
    quote = chat.answers.last.locator(".aa-quote").nth(1)
    quote.hover()
    quote.locator(".aa-copy").click()
    expect(quote.locator(".aa-copied")).to_be_visible()
    copied = chat.page.evaluate("navigator.clipboard.readText()")
    assert copied == f"“{NASTY[1]}” (2: {NASTY[1]})"
    chat.answers.last.locator(".aa-snapshot").click()
    expect(chat.answers.last.locator(".aa-snapshot.aa-copied")).to_be_visible()
    assert chat.page.evaluate("navigator.clipboard.readText()") == "none"


def test_the_empty_chat_says_what_it_is_and_offers_questions(
    visit: Callable[..., Any], assistant: Assistant, size: Size
) -> None:
    chat = visit(size)
    papers = len(assistant.corpus)
    expect(chat.page.get_by_role("heading", name=f"Ask {papers} paper abstracts")).to_be_visible()
    example = chat.page.locator("#aa-chat .example").first
    question = example.inner_text()
    chat.answer_to(example.click)
    assert texts(chat.questions) == [question]
    expect(chat.chips.first).to_be_visible()


def test_a_suggested_question_is_asked_with_a_click(visit: Callable[..., Any]) -> None:
    chat = visit()
    chat.ask(NARROW)
    offered = chat.page.locator("#aa-chat .option").first
    question = offered.inner_text()
    chat.answer_to(offered.click)
    assert chat.questions.last.inner_text() == question


def test_a_question_asked_while_others_are_being_found_is_not_lost(
    visit: Callable[..., Any],
) -> None:
    chat = visit()
    asked = [NARROW, BROAD, "What is HyenaDNA?", "How does Token Recycling work?"]
    for question in asked:
        chat.ask(question)
    expect(chat.page.locator("#aa-chat .option").first).to_be_visible()
    assert texts(chat.questions) == asked
    expect(chat.answers).to_have_count(len(asked))


def test_a_new_chat_forgets_the_old_one(visit: Callable[..., Any]) -> None:
    chat = visit()
    chat.ask("What is HyenaDNA?")
    chat.page.get_by_role("button", name="New chat").click()
    expect(chat.answers).to_have_count(0)
    expect(chat.page.locator("#aa-sources")).to_contain_text("How answers are made")
    assert "HyenaDNA" not in chat.ask("And how does it work?").inner_text()


def test_the_newest_question_stays_at_the_top_and_the_box_in_view(
    visit: Callable[..., Any], size: Size
) -> None:
    chat = visit(size)
    scroller = chat.page.locator("#aa-chat .panel-wrap")
    for question in (BROAD, NARROW, ABSENT):
        chat.ask(question)
        newest = chat.page.locator("#aa-chat .user-row").last
        assert top(newest) == pytest.approx(top(scroller), abs=1)
        expect(chat.box).to_be_in_viewport(ratio=1)
    assert chat.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_an_answer_that_arrives_moves_nothing(visit: Callable[..., Any], size: Size) -> None:
    chat = visit(size)
    # As CLS is counted, but also right after a key: whatever moves that was there before.
    chat.page.evaluate(
        """() => {
          window.__shift = 0;
          new PerformanceObserver(list => {
            for (const entry of list.getEntries()) window.__shift += entry.value;
          }).observe({type: 'layout-shift'});
        }"""
    )
    for question in (NARROW, BROAD, ABSENT):
        chat.ask(question)
        expect(chat.page.locator("#aa-chat .option").first).to_be_visible()
    assert chat.page.evaluate("window.__shift") < SHIFT


def test_dark_and_light_follow_the_system(visit: Callable[..., Any]) -> None:
    def paper(scheme: str) -> str:
        chat = visit(scheme=scheme)
        return chat.page.evaluate(
            "getComputedStyle(document.querySelector('.gradio-container')).backgroundColor"
        )

    assert paper("light") == "rgb(251, 250, 247)"
    assert paper("dark") == "rgb(21, 23, 25)"


def test_the_box_is_ready_to_type_in_but_calls_up_no_keyboard(visit: Callable[..., Any]) -> None:
    expect(visit(DESKTOP).box).to_be_focused()
    expect(visit(PHONE).box).not_to_be_focused()


def test_controls_have_names_and_messages_none_of_their_source(visit: Callable[..., Any]) -> None:
    chat = visit()
    chat.ask(NARROW)
    expect(chat.page.get_by_role("textbox", name="Question")).to_be_visible()
    expect(chat.page.get_by_role("button", name="Ask", exact=True)).to_be_visible()
    expect(chat.page.locator("#aa-chat [aria-label*='aa-']")).to_have_count(0)


def test_what_a_follow_up_was_taken_to_be_about_can_be_dropped(visit: Any, size: Size) -> None:
    chat = visit(size)
    chat.ask("What is HyenaDNA?")
    chat.ask("How long are its contexts?")
    taken = chat.answers.nth(1)
    expect(taken.locator(".aa-about")).to_contain_text("About: HyenaDNA")
    chat.box.fill("not sent yet")
    alone = chat.answer_to(lambda: taken.locator(".aa-drop").click())
    expect(alone.locator(".aa-about")).to_have_count(0)
    assert texts(chat.questions)[1:] == ["How long are its contexts?"] * 2
    expect(chat.box).to_have_value("not sent yet")
    # From any answer, and as often as wanted.
    again = chat.answer_to(lambda: taken.locator(".aa-drop").click())
    expect(again.locator(".aa-about")).to_have_count(0)
