"""The quotes of an answer: each with what it leans on, its chip, its paper and its reasons."""

from collections.abc import Mapping, Sequence
from itertools import zip_longest

from assistant.answer import Answer, Citation, Figure, Quote, Stretch
from assistant.composition.context import lead_ins
from ui.render.citing import WITHDRAWN, byline
from ui.render.marks import mark_ids
from ui.render.reasons import reasons_html
from ui.render.verbatim import verbatim
from ui.wording.stretches import AVAILABILITY, href_of, parts, stretches_of

_COPY = (
    '<button type="button" class="aa-copy" title="Copy the quote with its source">'
    '<span class="aa-unseen">Copy</span></button>'
)


def quotes_html(answer: Answer, abstracts: Mapping[str, str], *, number: int) -> str:
    """Return the quotes of the `number`th answer; what one leans on is read in `abstracts`."""
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
    return "".join(shown)


def _heading(heading: str | None) -> str:
    """Return what stands above quotes of one heading; where it only ends, what parts them."""
    return f'<h3 class="aa-heading">{verbatim(heading)}</h3>' if heading else '<hr class="aa-end">'


def _quote(
    quote: Quote, text: str, citation: Citation, anchor: str, lead: str, *, named: bool
) -> str:
    # A second way to the same card for the pointer; the keyboard has the chip.
    source = f'<a class="aa-from" href="#{anchor}" tabindex="-1">{_from(citation)}</a>'
    # The no-break space keeps the chip on the line of the last word.
    return (
        f'<blockquote class="aa-quote">{_lead(lead)}'
        f'<p>“<span class="aa-verbatim">{text}</span>”'
        f'<span class="aa-tail">\xa0{_chip(citation, anchor)}{_COPY}</span></p>'
        f"{_availability(quote)}{source if named else ''}{reasons_html(quote)}</blockquote>"
    )


def _chip(citation: Citation, anchor: str) -> str:
    """Return the number that leads to a citation's card; the page shows what it is on hover."""
    retracted = " aa-retracted" if citation.withdrawn else ""
    said = "Withdrawn source" if citation.withdrawn else "Source"
    return (
        f'<a class="aa-chip{retracted}" href="#{anchor}">'
        f'<span class="aa-unseen">{said} </span>{citation.number}</a>'
    )


def _lead(text: str) -> str:
    """Return what the abstract says before a quote that leans on it, apart from the quote."""
    return f'<div class="aa-lead">{verbatim(text)}</div>' if text else ""


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


def _from(citation: Citation) -> str:
    known = ", ".join(filter(None, (byline(citation.authors), citation.published)))
    title = f'<span class="aa-from-title">{verbatim(citation.title)}</span>'
    details = f"{WITHDRAWN if citation.withdrawn else ''} {verbatim(known)}".strip()
    return f"{title} <span>{details}</span>" if details else title
