"""An answer as the chat shows it: HTML in which every text that is not ours is escaped.

Pure functions from the answer to a string. The chat's message passes through Markdown, a LaTeX
pass and an HTML sanitiser before it is shown, and the sanitiser drops `data-*` and `aria-*`: so
links carry what they point at in their address, and `verbatim` leaves no character that any of
the three would take for markup.
"""

from collections.abc import Mapping, Sequence
from itertools import zip_longest

from assistant.answer import (
    Answer,
    Citation,
    Closest,
    Coverage,
    Figure,
    Focus,
    Quote,
    Stretch,
    Why,
)
from assistant.composition.context import lead_ins
from assistant.composition.statements import Statement, missing_terms, statements
from ui.figures import figures_html
from ui.marks import mark_ids
from ui.match import match_of
from ui.shares import shares
from ui.stretches import AVAILABILITY, href_of, parts, stretches_of
from ui.taking import take_one_html
from ui.verbatim import verbatim

#: What says of a paper that it has been withdrawn or retracted.
WITHDRAWN = '<b class="aa-withdrawn">Withdrawn</b>'


def masthead_html(title: str) -> str:
    """Return the head of the chat: its title, and the way to the papers."""
    return (
        f'<h1>{verbatim(title)}</h1><nav aria-label="Main">'
        '<a href="./" aria-current="page">Chat</a><a href="papers">Papers</a></nav>'
    )


def question_html(question: str) -> str:
    """Return the bubble that holds a question, exactly as it was typed."""
    return f'<p class="aa-question">{verbatim(question)}</p>'


def waiting_html(papers: int) -> str:
    """Return what stands in for an answer while the abstracts are searched."""
    return f'<p class="aa-waiting">Searching {_count(papers, "abstract")}</p>'


def notice_html(text: str) -> str:
    """Return a gentle message, set as a sentence, in the place of an answer."""
    sentence = text[:1].upper() + text[1:].rstrip(".") + "."
    return f'<p class="aa-notice">{verbatim(sentence)}</p>'


def answer_html(answer: Answer, abstracts: Mapping[str, str], *, number: int, sound: bool) -> str:
    """Return the message for `answer`, the `number`th of its conversation.

    It is called verified, and what a quote leans on shown from the stored `abstracts` by paper id,
    only where `sound`: where `verify` found nothing wrong.
    """
    if answer.status == "no_answer":
        return f'<div class="aa-answer aa-empty">{_query(answer)}{_nothing(answer, number)}</div>'
    quotes = "".join(_quotes(answer, abstracts if sound else {}, number))
    figures = figures_html(answer, number=number)
    foot = f"{_verified(len(answer.quotes), sound=sound)} {_coverage(answer)}"
    return (
        f'<div class="aa-answer">{_match(answer.confidence)}{_query(answer)}{_said(answer)}'
        f"{figures}{quotes}"
        f'<p class="aa-foot">{foot}</p>{take_one_html(number)}</div>'
    )


def source_id(number: int, source: int | str) -> str:
    """Return the page's id for a source card of the `number`th answer."""
    return f"aa-source-{number}-{source}"


def byline(authors: Sequence[str]) -> str:
    """Return authors as a reader names them: one, two, or the first and "et al."."""
    if len(authors) > 2:
        return f"{authors[0]} et al."
    return " and ".join(authors)


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _match(confidence: float) -> str:
    match = match_of(confidence)
    return (
        f'<p class="aa-match aa-{match}" title="How well the first quote answers">'
        f"{match.capitalize()} match</p>"
    )


def _query(answer: Answer) -> str:
    return f"{_about(answer.focus)}{_searched(answer)}"


def _about(focus: Focus | None) -> str:
    """Return what a follow-up was taken to be about, with what asks it again without that."""
    if focus is None:
        return ""
    return (
        f'<p class="aa-about"><span>About: {verbatim(focus.title)}</span>'
        '<button type="button" class="aa-drop" title="Search just what was typed">'
        '<span class="aa-unseen">Search just what was typed</span>×</button></p>'
    )


def _searched(answer: Answer) -> str:
    if answer.query.split() == answer.question.split():
        return ""
    return f'<p class="aa-query">Searched for “{verbatim(answer.query)}”</p>'


def _said(answer: Answer) -> str:
    return "".join(f'<p class="aa-said">{_statement(one)}</p>' for one in statements(answer))


def _statement(statement: Statement) -> str:
    names = ", ".join(f"<b>{verbatim(name)}</b>" for name in statement.names)
    return f"{verbatim(statement.before)}{names}{verbatim(statement.after)}"


def _quotes(answer: Answer, abstracts: Mapping[str, str], number: int) -> list[str]:
    cited = {citation.number: citation for citation in answer.citations}
    anchors = mark_ids(answer.quotes, number=number)
    leads = lead_ins(answer.quotes, abstracts)
    shown = []
    following = zip_longest(answer.quotes, anchors, leads, answer.quotes[1:])
    heading = None
    for place, (quote, anchor, lead, after) in enumerate(following, 1):
        if quote.heading != heading:
            heading = quote.heading
            shown.append(_heading(heading))
        is_last_of_its_paper = after is None or after.citation != quote.citation
        text = _text(quote, stretches_of(answer, place))
        shown.append(
            _quote(quote, text, cited[quote.citation], anchor, lead, named=is_last_of_its_paper)
        )
    return shown


def _heading(heading: str | None) -> str:
    """Return what stands above quotes of one heading; where it only ends, what parts them."""
    return f'<h3 class="aa-heading">{verbatim(heading)}</h3>' if heading else '<hr class="aa-end">'


def _text(quote: Quote, stretches: Sequence[Stretch]) -> str:
    """Return the quote's own words, with its links to follow and its figures to see."""
    return "".join(_stretch(text, stretch) for text, stretch in parts(quote, stretches))


def _stretch(text: str, stretch: Stretch | None) -> str:
    if isinstance(stretch, Figure):
        return f"<b>{verbatim(text)}</b>"
    href = href_of(stretch)
    if href is None:
        return verbatim(text)
    return (
        f'<a class="aa-href" href="{verbatim(href)}" target="_blank" rel="noopener noreferrer">'
        f"{verbatim(text)}</a>"
    )


def _availability(quote: Quote) -> str:
    if quote.availability is None:
        return ""
    words = AVAILABILITY[quote.availability]
    return f'<div class="aa-availability aa-{quote.availability}">{words}</div>'


def _quote(
    quote: Quote, text: str, citation: Citation, anchor: str, lead: str, *, named: bool
) -> str:
    about = verbatim(f"{'Withdrawn: ' if citation.withdrawn else ''}{citation.title}")
    chip = (
        f'<a class="aa-chip{" aa-retracted" if citation.withdrawn else ""}" href="#{anchor}"'
        f' title="{about}"><span class="aa-unseen">'
        f"{'Withdrawn source' if citation.withdrawn else 'Source'} </span>{citation.number}</a>"
    )
    copy = (
        '<button type="button" class="aa-copy" title="Copy the quote with its source">'
        '<span class="aa-unseen">Copy</span></button>'
    )
    # A second way to the same card for the pointer; the keyboard has the chip.
    source = f'<a class="aa-from" href="#{anchor}" tabindex="-1">{_from(citation)}</a>'
    # The no-break space keeps the chip on the line of the last word.
    return (
        f'<blockquote class="aa-quote">{_lead(lead)}'
        f'<p>“<span class="aa-verbatim">{text}</span>”'
        f'<span class="aa-tail">\xa0{chip}{copy}</span></p>{_availability(quote)}'
        f"{source if named else ''}{_why(quote.why, quote.score) if quote.why else ''}</blockquote>"
    )


def _lead(text: str) -> str:
    """Return what the abstract says before a quote that leans on it, apart from the quote."""
    return f'<div class="aa-lead">{verbatim(text)}</div>' if text else ""


def _why(why: Why, score: float) -> str:
    """Return what opens to show the shares of a quote's score, each as a bar and a number."""
    found = shares(why)
    longest = max((abs(share.value) for share in found), default=1.0)
    rows = "".join(
        f'<tr><th scope="row">{share.label.capitalize()}</th><td><span class="aa-share'
        f'{" aa-against" if share.value < 0 else ""}"'
        f' style="width: {100 * abs(share.value) / longest:.0f}%"></span></td>'
        f"<td>{_signed(share.value)}</td></tr>"
        for share in found
    )
    together = _signed(sum(share.value for share in found))
    return (
        '<details class="aa-reasons"><summary>Why this sentence</summary>'
        f"<table><tbody>{rows}</tbody></table>"
        f'<div class="aa-sum">Together {together} in log-odds: a score of {score:.2f}.</div>'
        "</details>"
    )


def _signed(value: float) -> str:
    # With the sign that is as wide as a plus, so that the figures stand below one another.
    return f"{value:+.1f}".replace("-", "\u2212")


def _from(citation: Citation) -> str:
    known = ", ".join(filter(None, (byline(citation.authors), citation.published)))
    title = f'<span class="aa-from-title">{verbatim(citation.title)}</span>'
    details = f"{WITHDRAWN if citation.withdrawn else ''} {verbatim(known)}".strip()
    return f"{title} <span>{details}</span>" if details else title


def _verified(quotes: int, *, sound: bool) -> str:
    if not sound:
        return '<span class="aa-unverified">Not verified: the abstracts have changed.</span>'
    words = "matches its stored abstract" if quotes == 1 else "match the stored abstracts"
    return (
        '<span class="aa-verified" title="Each quote was compared with its stored abstract, '
        'character for character">Verified</span> '
        f"{_count(quotes, 'quote')} {words}."
    )


def _coverage(answer: Answer) -> str:
    searched = f"Searched {_count(answer.coverage.papers_searched, 'abstract')}."
    return f"{searched} {_missing(answer.coverage)}".rstrip()


def _missing(coverage: Coverage) -> str:
    terms = missing_terms(coverage)
    if not terms:
        return ""
    named = ", ".join(_term(term, coverage.corrected.get(term)) for term in terms)
    return f"No abstract mentions {named}."


def _term(term: str, read: str | None) -> str:
    read_as = f" (read as <b>{verbatim(read)}</b>)" if read else ""
    return f"<b>{verbatim(term)}</b>{read_as}"


def _nothing(answer: Answer, number: int) -> str:
    searched = _count(answer.coverage.papers_searched, "abstract")
    missing = _missing(answer.coverage)
    if answer.filters and not answer.coverage.papers_searched:
        missing = "No paper passes the filters."
    why = f"Searched {searched}; none has a sentence that answers this. {missing}".rstrip()
    return (
        f'<h2 class="aa-none">Not in these abstracts</h2>{_said(answer)}'
        f'<p class="aa-why">{why}</p>'
        f"{_worth_a_look(answer.closest, number)}"
    )


def _worth_a_look(closest: Sequence[Closest], number: int) -> str:
    if not closest:
        return ""
    items = "".join(
        f'<li><a class="aa-look" href="#{source_id(number, f"near-{place}")}">'
        f"{verbatim(paper.title)}</a></li>"
        for place, paper in enumerate(closest, 1)
    )
    return f'<h3 class="aa-worth">Worth a look</h3><ul class="aa-closest">{items}</ul>'
