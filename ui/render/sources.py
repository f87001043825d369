"""The sources of an answer as cards: the abstracts it quotes, whole, with the quotes marked.

This HTML is shown without a sanitiser: every text from a paper or a person goes through
`verbatim`, and a link leaves the server only where its address is http or https.
"""

from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import quote

from assistant.answer import Answer, Citation, Closest
from store.papers import Paper
from ui.chat.taking import data_html
from ui.render.citing import WITHDRAWN, byline, source_id
from ui.render.marks import Mark, marks
from ui.render.verbatim import verbatim
from ui.wording.outward import Outward, outward_link, outward_links

# Shown only where the panel is a sheet.
_BAR = (
    '<div class="aa-bar"><span>Source</span>'
    '<button type="button" class="aa-close" aria-label="Close source">×</button></div>'
)
# It names no number of papers, for it stands as it was when the page was made.
_HOW_IT_WORKS = (
    '<h2>How answers are made</h2><ol class="aa-how">'
    "<li>Your question is searched in every abstract.</li>"
    "<li>The sentences that answer it are quoted, letter for letter.</li>"
    "<li>Each number opens its abstract here, with the sentence marked.</li>"
    "<li>Where no sentence answers, you are told so.</li></ol>"
    '<p class="aa-key-hint">Press <kbd>?</kbd> for the keys.</p>'
)


def panel_html(answers: Sequence[str]) -> str:
    """Return the panel for the cards of `answers`; the last show, the others wait for a chip."""
    *earlier, last = answers or (_HOW_IT_WORKS,)
    hidden = "".join(f"<section hidden>{cards}</section>" for cards in earlier)
    return f'<div class="aa-panel">{_BAR}{hidden}<section>{last}</section></div>'


def cards_html(answer: Answer, papers: Mapping[str, Paper], *, number: int, sound: bool) -> str:
    """Return the cards of the `number`th answer, from the stored `papers` by id.

    Abstracts are shown, and their sentences marked, only where `sound`: where `verify` found that
    every quote is still at its place.
    """
    if answer.closest and not answer.citations:
        heading, cards = "Worth a look", _near_cards(answer.closest, papers, number)
    else:
        heading, cards = "Sources", _cited_cards(answer, papers, number, sound=sound)
    body = "".join(cards) or "<p>Nothing was quoted.</p>"
    asked = f'<p class="aa-asked">{verbatim(answer.question)}</p>'
    return f"<h2>{heading}</h2>{asked}{body}{data_html(answer, number=number)}"


def _cited_cards(
    answer: Answer, papers: Mapping[str, Paper], number: int, *, sound: bool
) -> list[str]:
    return [
        _card(
            source_id(number, citation.number),
            label=str(citation.number),
            title=citation.title,
            facts=_cited_facts(citation, papers.get(citation.paper_id)),
            links=_links(papers.get(citation.paper_id), citation.url),
            text=_marked(
                papers.get(citation.paper_id) if sound else None,
                marks(answer.quotes, citation.paper_id, number=number),
            ),
            is_open=citation.number == 1,
        )
        for citation in answer.citations
    ]


def _near_cards(closest: Iterable[Closest], papers: Mapping[str, Paper], number: int) -> list[str]:
    return [
        _card(
            source_id(number, f"near-{place}"),
            label="",
            title=near.title,
            facts=_facts(papers.get(near.paper_id)),
            links=_links(papers.get(near.paper_id), near.url),
            text=_marked(papers.get(near.paper_id), ()),
            is_open=False,
        )
        for place, near in enumerate(closest, 1)
    ]


def _card(
    identity: str, *, label: str, title: str, facts: str, links: str, text: str, is_open: bool
) -> str:
    badge = f'<span class="aa-number">{label}</span>' if label else ""
    return (
        f'<article class="aa-source" id="{identity}" tabindex="-1">'
        f"<details{' open' if is_open else ''}><summary>{badge}"
        f'<span class="aa-title">{verbatim(title)}</span></summary>'
        f'<p class="aa-facts">{facts}</p>{text}{links}</details></article>'
    )


def _marked(paper: Paper | None, placed: Sequence[Mark]) -> str:
    """Return the abstract with its marks, or without one a note that the chips still lead to."""
    if paper is None:
        anchors = "".join(f'<span id="{mark.id}"></span>' for mark in placed)
        return f'<p class="aa-changed">{anchors}The abstract is no longer as it was quoted.</p>'
    parts, at = [], 0
    for mark in placed:
        parts.append(verbatim(paper.abstract[at : mark.context]))
        if leant_on := verbatim(paper.abstract[mark.context : mark.start]):
            parts.append(f'<span class="aa-context">{leant_on}</span>')
        quoted = verbatim(paper.abstract[mark.start : mark.end])
        parts.append(f'<mark class="aa-mark" id="{mark.id}">{quoted}</mark>')
        at = mark.end
    parts.append(verbatim(paper.abstract[at:]))
    return f'<p class="aa-abstract">{"".join(parts)}</p>'


def _cited_facts(citation: Citation, paper: Paper | None) -> str:
    """Return who, where and when as cited, and what only the stored paper knows."""
    authors = ", ".join(citation.authors)
    facts = _joined(authors, citation.venue, citation.published, *_provenance(paper))
    return _warned(facts, citation.withdrawn)


def _facts(paper: Paper | None) -> str:
    if paper is None:
        return ""
    facts = _joined(byline(paper.authors), paper.venue, paper.published, *_provenance(paper))
    return _warned(facts, paper.withdrawn)


def _provenance(paper: Paper | None) -> tuple[str | None, ...]:
    if paper is None:
        return ()
    listed = f"listed {', '.join(paper.listed)}" if paper.listed else None
    return listed, paper.source


def _warned(facts: str, withdrawn: bool) -> str:
    return " · ".join(filter(None, (WITHDRAWN, facts))) if withdrawn else facts


def _joined(*facts: str | None) -> str:
    return " · ".join(verbatim(fact) for fact in facts if fact)


def _links(paper: Paper | None, url: str | None) -> str:
    """Return where a paper stands: here, where it is stored, and elsewhere."""
    own = outward_link(url)
    elsewhere = outward_links(paper) if paper else (own,) if own else ()
    here = _here(paper.id) if paper else ""
    links = here + "".join(map(_out, elsewhere))
    return f'<p class="aa-link">{links}</p>' if links else ""


def _here(paper_id: str) -> str:
    # A page of its own, so that the conversation stays.
    path = verbatim(f"paper/{quote(paper_id, safe=':/')}")
    return f'<a class="aa-here" href="{path}" target="_blank">Paper page</a>'


def _out(link: Outward) -> str:
    return (
        f'<a href="{verbatim(link.href)}" target="_blank" rel="noopener noreferrer">'
        f"{verbatim(link.name)}</a>"
    )
