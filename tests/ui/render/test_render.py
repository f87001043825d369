import html
import re

import pytest

from assistant.answer import Answer, Citation, Closest, Context, Coverage, Focus, Link, Quote, Why
from assistant.query import Filters
from store.papers import Paper, sha256
from ui.render import answer_html, notice_html, question_html
from ui.render.marks import mark_ids, marks
from ui.render.sources import cards_html, panel_html
from ui.render.verbatim import verbatim

ABSTRACT = "We use 3 < 4. Recall rises by 6.1 points. Code is at https://example.org/a_b ."
FIRST, SECOND = (0, 13), (14, 41)


def quote(
    span: tuple[int, int], *, paper: str = "arxiv:2401.00001", number: int = 1, text: str = ABSTRACT
) -> Quote:
    start, end = span
    context = Context(start=start, end=end)
    return Quote(
        text=text[start:end],
        paper_id=paper,
        start=start,
        end=end,
        citation=number,
        score=0.9,
        context=context,
    )


def citation(paper: Paper, number: int = 1) -> Citation:
    return Citation(
        number=number,
        paper_id=paper.id,
        title=paper.title,
        authors=paper.authors,
        published=paper.published,
        venue=paper.venue,
        url=paper.url,
        abstract_sha256=sha256(paper.abstract),
    )


PAPER = Paper(
    id="arxiv:2401.00001",
    title="Dense <b>retrieval</b>",
    abstract=ABSTRACT,
    authors=("Ada Lovelace", "Alan Turing", "Grace Hopper"),
    published="2024-01-12",
    venue="EMNLP",
    url="https://example.org/1?a=b&c=d",
    listed=("Mar 11",),
    source="march.txt",
)


def answer(**changes: object) -> Answer:
    given: dict[str, object] = {
        "question": "Does recall rise?",
        "query": "Does recall rise?",
        "kind": "factoid",
        "status": "answered",
        "confidence": 0.9,
        "quotes": (quote(SECOND), quote(FIRST)),
        "citations": (citation(PAPER),),
        "coverage": Coverage(papers_searched=1559),
        "snapshot": "s",
        "version": "1",
    }
    return Answer.model_validate({**given, **changes})


def no_answer(**changes: object) -> Answer:
    return answer(status="no_answer", confidence=0.1, quotes=(), citations=(), **changes)


def text_of(markup: str) -> str:
    return html.unescape(re.sub(r"<[^>]*>", "", markup))


def test_a_heading_stands_once_above_its_quotes_and_what_follows_is_apart() -> None:
    plain, headed = quote(FIRST), quote(SECOND).model_copy(update={"heading": "A <b>"})
    shown = answer_html(answer(quotes=(headed, headed, plain)), {}, number=1, sound=True)
    parts = re.findall(r"<h3.*?</h3>|<hr[^>]*>|<blockquote", shown)
    assert [html.unescape(part) for part in parts] == [
        '<h3 class="aa-heading">A <b></h3>',
        "<blockquote",
        "<blockquote",
        '<hr class="aa-end">',
        "<blockquote",
    ]


def test_a_side_that_no_abstract_mentions_is_said_once() -> None:
    coverage = Coverage(
        papers_searched=3, missing_terms=("Zebra", "gnu"), sides={"Zebra": "absent", "B": "quoted"}
    )
    for shown in (answer(coverage=coverage), no_answer(coverage=coverage)):
        text = text_of(answer_html(shown, {}, number=1, sound=True))
        assert text.count("No abstract mentions Zebra.") == 1
        assert text.count("No abstract mentions gnu.") == 1


def test_verbatim_leaves_no_character_that_markup_could_use() -> None:
    every = "".join(map(chr, range(0x20, 0x7F))) + "\té“𝔸\n"
    escaped = verbatim(every)
    assert html.unescape(escaped) == every
    assert re.fullmatch(r"(?:[0-9A-Za-z é“𝔸]|&#\d+;)*", escaped)


def test_verbatim_keeps_characters_whose_entities_mean_others() -> None:
    # As an entity, 0x80 to 0x9f would become what Windows-1252 has there.
    assert verbatim("\x85\xa0") == "\x85\xa0"


def test_verbatim_replaces_half_a_surrogate_pair() -> None:
    assert verbatim("a\ud800b") == "a\ufffdb"


def test_a_question_keeps_its_lines_and_blanks() -> None:
    typed = "  two  blanks\n\tand <a tab>"
    assert text_of(question_html(typed)) == typed
    assert "\n" not in question_html(typed)


def test_a_notice_reads_as_a_sentence() -> None:
    assert text_of(notice_html("the question is empty; type one")) == (
        "The question is empty; type one."
    )
    assert text_of(notice_html("no <luck>.", again=True)) == "No <luck>.Ask again"


def test_each_quote_has_a_chip_that_leads_to_its_mark() -> None:
    shown = answer_html(answer(), {}, number=3, sound=True)
    hrefs = re.findall(r'class="aa-chip" href="#([^"]+)"', shown)
    cards = cards_html(answer(), {PAPER.id: PAPER}, number=3, sound=True)
    marked = dict(re.findall(r'<mark class="aa-mark" id="([^"]+)">(.*?)</mark>', cards))
    assert [html.unescape(marked[href]) for href in hrefs] == [q.text for q in answer().quotes]


WHY = Why(lexical=2.5, dense=1.25, wording=-0.5, paper=0, reranker=0.04, base=-5.0)


def test_a_quote_tells_the_shares_of_its_score() -> None:
    told = quote(FIRST).model_copy(update={"why": WHY, "score": 0.153})
    shown = answer_html(answer(quotes=(told,)), {}, number=1, sound=True)
    (reasons,) = re.findall(r'<details class="aa-reasons">(.*?)</details>', shown)
    rows = re.findall(r"<tr>(.*?)</tr>", reasons)
    assert [text_of(row) for row in rows] == [
        "Shared words+2.5",
        "Close in meaning+1.2",
        "Form of the sentence−0.5",
        "Second reading+0.0",
        "To begin with−5.0",
    ]
    assert [re.findall(r"width: (\d+)%", row) for row in rows] == [
        ["50"], ["25"], ["10"], ["1"], ["100"]
    ]  # fmt: skip
    assert ["aa-against" in row for row in rows] == [False, False, True, False, True]
    assert text_of(reasons).endswith("Together −1.7 in log-odds: a score of 0.15.")


def test_a_quote_without_reasons_shows_none() -> None:
    assert "aa-reasons" not in answer_html(answer(), {}, number=1, sound=True)


def test_a_withdrawn_paper_says_so_at_its_chip_its_name_and_its_card() -> None:
    told = answer(citations=(citation(PAPER).model_copy(update={"withdrawn": True}),))
    shown = answer_html(told, {}, number=1, sound=True)
    assert shown.count('class="aa-chip aa-retracted"') == len(told.quotes)
    assert shown.count("Withdrawn source </span>1</a>") == len(told.quotes)
    assert "Withdrawn Ada Lovelace et al., 2024-01-12" in text_of(shown)
    cards = cards_html(told, {PAPER.id: PAPER}, number=1, sound=True)
    assert "Withdrawn · Ada Lovelace, Alan Turing" in text_of(cards)
    near = Closest(paper_id=PAPER.id, title=PAPER.title)
    kept = {PAPER.id: PAPER.model_copy(update={"withdrawn": True})}
    cards = cards_html(no_answer(closest=(near,)), kept, number=1, sound=True)
    assert "Withdrawn · Ada Lovelace et al. · EMNLP" in text_of(cards)
    for sound in (answer(), no_answer(closest=(near,))):
        shown = answer_html(sound, {}, number=1, sound=True)
        assert "ithdrawn" not in shown + cards_html(sound, {PAPER.id: PAPER}, number=1, sound=True)


def test_a_paper_is_named_once_below_its_quotes_in_a_row() -> None:
    shown = answer_html(answer(), {}, number=1, sound=True)
    assert shown.count("aa-from-title") == 1
    assert "Ada Lovelace et al., 2024-01-12" in text_of(shown)


@pytest.mark.parametrize(
    ("confidence", "words"), [(0.9, "Strong match"), (0.5, "Partial match"), (0.2, "Weak match")]
)
def test_confidence_is_said_in_words(confidence: float, words: str) -> None:
    shown = text_of(answer_html(answer(confidence=confidence), {}, number=1, sound=True))
    assert shown.startswith(words)
    assert str(confidence) not in shown


def test_the_foot_says_what_was_checked_and_searched() -> None:
    given = answer(snapshot="0123456789abcdef")
    shown = answer_html(given, {}, number=1, sound=True)
    assert (
        "Verified All 2 quotes are letter for letter in their stored abstracts. "
        "Searched 1,559 abstracts. Snapshot 0123456789ab"
    ) in text_of(shown)
    assert '<button type="button" class="aa-snapshot" name="0123456789abcdef"' in shown
    one = answer(quotes=(quote(FIRST),))
    assert "Verified The quote is letter for letter in its stored abstract." in text_of(
        answer_html(one, {}, number=1, sound=True)
    )


def test_what_an_answer_leaves_out_is_said_before_its_quotes() -> None:
    coverage = Coverage(papers_searched=3, missing_terms=("<zorb>",))
    shown = answer_html(answer(coverage=coverage), {}, number=1, sound=True)
    partly = shown[shown.index('<div class="aa-partly">') : shown.index("<blockquote")]
    assert text_of(partly) == "Answered in partNo abstract mentions <zorb>."
    one_side = Coverage(papers_searched=3, sides={"A": "quoted", "<B>": "unquoted"})
    shown = answer_html(answer(coverage=one_side), {}, number=1, sound=True)
    assert "Answered in partNo quote was found that names <B>." in text_of(shown)


@pytest.mark.parametrize(
    "coverage",
    [
        Coverage(papers_searched=3),
        Coverage(papers_searched=3, missing_terms=("zorb",), corrected={"zorb": "zero"}),
        Coverage(papers_searched=3, sides={"A": "quoted", "B": "quoted"}),
    ],
)
def test_an_answer_that_leaves_nothing_out_is_whole(coverage: Coverage) -> None:
    shown = answer_html(answer(coverage=coverage), {}, number=1, sound=True)
    assert "aa-partly" not in shown


def test_each_filter_that_was_set_can_be_loosened_and_no_other() -> None:
    filters = Filters(since="2020", until="2024", venues=("<ACL>",))
    shown = answer_html(no_answer(filters=filters), {}, number=1, sound=True, filters=filters)
    buttons = re.findall(r'<button type="button" class="aa-loosen" name="(\w+)">(.*?)<', shown)
    assert buttons == [("date", "Any date"), ("venues", "Any venue")]
    read_from_words = answer_html(no_answer(filters=filters), {}, number=1, sound=True)
    assert "aa-loosen" not in read_from_words


def test_a_word_that_was_corrected_is_shown_with_what_was_read() -> None:
    coverage = Coverage(
        papers_searched=2, missing_terms=("<zorb", "zrob"), corrected={"<zorb": "<zero"}
    )
    for given in (answer(coverage=coverage), no_answer(coverage=coverage)):
        shown = text_of(answer_html(given, {}, number=1, sound=True))
        assert "No abstract mentions <zorb (read as <zero), zrob." in shown


def test_an_answer_that_fails_verification_says_so_and_marks_nothing() -> None:
    shown = text_of(answer_html(answer(), {}, number=1, sound=False))
    assert "Not verified: the abstracts have changed." in shown
    assert "Verified " not in shown
    cards = cards_html(answer(), {PAPER.id: PAPER}, number=1, sound=False)
    assert "<mark" not in cards
    assert 'id="aa-mark-1-1"' in cards, "the chip still leads to the card"


def test_the_query_is_shown_only_where_it_differs() -> None:
    same = answer_html(answer(query=" Does  recall rise? "), {}, number=1, sound=True)
    other = answer_html(answer(query="Does recall@20 rise?"), {}, number=1, sound=True)
    assert "Searched for" not in same
    assert "Searched for “Does recall@20 rise?”" in text_of(other)


LINKED = (42, 79)


def linked(href: str = "https://example.org/a_b") -> Answer:
    """Return an answer whose quote holds an address and promises what is behind it."""
    link = Link(
        paper_id=PAPER.id, quote=1, text="https://example.org/a_b", start=53, end=76, href=href
    )
    promise = quote(LINKED).model_copy(update={"availability": "promised"})
    return answer(quotes=(promise,), links=(link,))


def test_a_link_in_a_quote_can_be_followed_and_the_quote_stays_whole() -> None:
    shown = answer_html(linked(), {}, number=1, sound=True)
    href = re.search(r'<a class="aa-href" href="([^"]*)"([^>]*)>(.*?)</a>', shown)
    assert href and html.unescape(href[1]) == html.unescape(href[3]) == "https://example.org/a_b"
    assert 'rel="noopener noreferrer"' in href[2]
    assert ABSTRACT[42:79] in text_of(shown)


@pytest.mark.parametrize("href", ["javascript:alert(1)", "data:text/html,x", "//example.org"])
def test_a_link_leads_only_to_web_addresses(href: str) -> None:
    shown = answer_html(linked(href), {}, number=1, sound=True)
    assert "aa-href" not in shown
    assert ABSTRACT[42:79] in text_of(shown)


def test_a_promise_is_called_one() -> None:
    assert "Only promised" in answer_html(linked(), {}, number=1, sound=True)
    assert "aa-availability" not in answer_html(answer(), {}, number=1, sound=True)


def test_no_answer_is_an_answer() -> None:
    near = Closest(paper_id=PAPER.id, title=PAPER.title)
    coverage = Coverage(papers_searched=559, missing_terms=("penguins", "tax"))
    given = no_answer(closest=(near,), coverage=coverage)
    shown = answer_html(given, {}, number=2, sound=True)
    assert text_of(shown) == (
        "Not in these abstracts"
        "Searched 559 abstracts; none has a sentence that answers this. "
        "No abstract mentions penguins, tax.Worth a lookDense <b>retrieval</b>"
        "Snapshot s"
    )
    assert "Verified" not in shown
    assert "aa-chip" not in shown, "a paper worth a look is not a citation"
    target = re.search(r'class="aa-look" href="#([^"]+)"', shown)
    cards = cards_html(given, {PAPER.id: PAPER}, number=2, sound=True)
    assert target and f'id="{target[1]}"' in cards
    assert "<mark" not in cards


def test_a_card_shows_the_abstract_whole_and_every_fact() -> None:
    cards = cards_html(answer(), {PAPER.id: PAPER}, number=1, sound=True)
    assert ABSTRACT in text_of(cards)
    assert (
        "Ada Lovelace, Alan Turing, Grace Hopper · EMNLP · 2024-01-12 · listed Mar 11 · march.txt"
        in (text_of(cards))
    )
    out = re.findall(r'<a href="([^"]*)" target="_blank" rel="noopener noreferrer">', cards)
    assert [html.unescape(href) for href in out] == [
        "https://arxiv.org/abs/2401.00001",
        PAPER.url,
    ]
    here = re.search(r'class="aa-here" href="([^"]*)"', cards)
    assert here and html.unescape(here[1]) == "paper/arxiv:2401.00001"


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "//example.org", "http://[", "x", None]
)
def test_a_card_links_only_to_web_addresses(url: str | None) -> None:
    paper = PAPER.model_copy(update={"id": "title:1", "url": url})
    quotes = (quote(FIRST, paper=paper.id),)
    given = answer(quotes=quotes, citations=(citation(paper),))
    stored = cards_html(given, {paper.id: paper}, number=1, sound=True)
    assert re.findall(r'href="([^"]*)"', stored) == ["paper&#47;title&#58;1"]
    assert "href" not in cards_html(given, {}, number=1, sound=False)


def test_marks_come_from_offsets_also_where_the_sentence_occurs_twice() -> None:
    twice = "Same words. Other. Same words."
    paper = Paper(id="title:1", title="T", abstract=twice)
    second = quote((19, 30), paper=paper.id, text=twice)
    given = answer(quotes=(second,), citations=(citation(paper),))
    cards = cards_html(given, {paper.id: paper}, number=1, sound=True)
    before, _, _ = cards.partition("<mark")
    assert "Same words&#46; Other&#46; " in before


def test_marks_count_code_points() -> None:
    text = "𝔸 is 🐧. Next one."
    assert [(m.start, m.end) for m in marks([quote((0, 7), text=text)], PAPER.id, number=1)] == [
        (0, 7)
    ]
    paper = Paper(id=PAPER.id, title="T", abstract=text)
    given = answer(quotes=(quote((8, 17), text=text),), citations=(citation(paper),))
    assert ">Next one&#46;</mark>" in cards_html(given, {paper.id: paper}, number=1, sound=True)


def test_quotes_that_overlap_share_a_mark() -> None:
    quotes = [quote((5, 20)), quote((0, 10)), quote((30, 40))]
    placed = marks(quotes, PAPER.id, number=7)
    assert [(mark.start, mark.end) for mark in placed] == [(0, 20), (30, 40)]
    first, second = (mark.id for mark in placed)
    assert mark_ids(quotes, number=7) == [first, first, second]


def test_what_a_follow_up_was_taken_to_be_about_can_be_dropped() -> None:
    focus = Focus(paper_id=PAPER.id, title=PAPER.title, why="pronoun")
    shown = answer_html(answer(focus=focus), {}, number=1, sound=True)
    about = shown[shown.index('<p class="aa-about">') :]
    about = about[: about.index("</p>")]
    assert text_of(about) == f"About: {PAPER.title}Search just what was typed×"
    assert '<button type="button" class="aa-drop"' in about
    assert "aa-about" not in answer_html(answer(), {}, number=1, sound=True)


def leaning() -> Answer:
    """Return an answer whose quote leans on the sentence before it, "We use 3 < 4."."""
    context = Context(start=0, end=SECOND[1])
    return answer(quotes=(quote(SECOND).model_copy(update={"context": context}),))


def test_what_a_quote_leans_on_stands_before_it_and_apart() -> None:
    shown = answer_html(leaning(), {PAPER.id: ABSTRACT}, number=1, sound=True)
    lead, quoted = shown.index('<div class="aa-lead">'), shown.index('<span class="aa-verbatim">')
    assert text_of(shown[lead : shown.index("</div>", lead)]) == "We use 3 < 4."
    assert lead < quoted
    assert "3" not in text_of(shown[quoted : shown.index("</span>", quoted)])


def test_nothing_is_shown_before_a_quote_whose_abstract_has_changed() -> None:
    assert "aa-lead" not in answer_html(leaning(), {PAPER.id: ABSTRACT}, number=1, sound=False)


def test_a_card_marks_what_a_quote_leans_on_apart_from_it() -> None:
    cards = cards_html(leaning(), {PAPER.id: PAPER}, number=1, sound=True)
    context = cards[cards.index('<span class="aa-context">') :]
    assert text_of(context[: context.index("</span>")]) == "We use 3 < 4. "
    assert text_of(context[context.index("<mark") : context.index("</mark>")]) == (
        "Recall rises by 6.1 points."
    )


def test_the_panel_shows_the_newest_cards_and_keeps_the_others() -> None:
    panel = panel_html(["<i>old</i>", "<i>new</i>"])
    assert "<section hidden><i>old</i></section><section><i>new</i></section>" in panel
    assert "How answers are made" in panel_html([])
