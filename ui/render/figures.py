"""Figures of an answer as a table: each exactly as it stands in its quote, and its paper."""

from assistant.answer import Answer, Figure
from ui.render.marks import mark_ids
from ui.render.verbatim import verbatim


def figures_html(answer: Answer, *, number: int) -> str:
    """Return the table of the `number`th answer's figures, a row a quote; nothing without any."""
    rows = "".join(
        f"<tr><td>{', '.join(f'<b>{verbatim(one.text)}</b>' for one in figures)}</td>"
        f'<td><a class="aa-from" href="#{anchor}">'
        f'<span class="aa-from-title">{verbatim(title)}</span></a></td></tr>'
        for figures, title, anchor in _rows(answer, number)
    )
    if not rows:
        return ""
    return f'<table class="aa-figures"><tbody>{rows}</tbody></table>'


def _rows(answer: Answer, number: int) -> list[tuple[list[Figure], str, str]]:
    titles = {citation.number: citation.title for citation in answer.citations}
    anchors = mark_ids(answer.quotes, number=number)
    by_quote: dict[int, list[Figure]] = {}
    for figure in answer.figures:
        by_quote.setdefault(figure.quote, []).append(figure)
    return [
        (own, titles[answer.quotes[place - 1].citation], anchors[place - 1])
        for place, own in sorted(by_quote.items())
        if place <= len(answer.quotes)
    ]
