"""No answer: what was searched and is missing, filters to loosen, and the closest papers."""

from collections.abc import Sequence

from assistant.answer import Answer, Closest
from assistant.query import Filters
from ui.render.citing import counted, source_id
from ui.render.foot import snapshot_html
from ui.render.gaps import missing_html, said_html
from ui.render.verbatim import verbatim

#: What a filter is widened to, by the name of the limit; one of dates holds both ends.
LOOSER = {
    "date": "Any date",
    "venues": "Any venue",
    "categories": "Any category",
    "sources": "Any source",
    "authors": "Any author",
}


def nothing_html(answer: Answer, *, number: int, set_by_hand: Filters | None) -> str:
    """Return the `number`th answer where it is none; filters `set_by_hand` can be loosened."""
    why = f"{_searched(answer)} {missing_html(answer.coverage)}".rstrip()
    return (
        f'<h2 class="aa-none">Not in these abstracts</h2>{said_html(answer)}'
        f'<p class="aa-why">{why}</p>{_loosen(set_by_hand)}'
        f"{_worth_a_look(answer.closest, number)}"
        f'<p class="aa-foot">{snapshot_html(answer.snapshot)}</p>'
    )


def _searched(answer: Answer) -> str:
    papers = answer.coverage.papers_searched
    if answer.filters and not papers:
        return "No paper passes the filters."
    return f"Searched {counted(papers, 'abstract')}; none has a sentence that answers this."


def _loosen(filters: Filters | None) -> str:
    """Return a button for each limit that was set; the page takes that one back and asks again."""
    given = (filters or Filters()).model_dump(exclude_none=True)
    if given.keys() & {"since", "until"}:
        given["date"] = True
    buttons = "".join(
        f'<button type="button" class="aa-loosen" name="{name}">{words}</button>'
        for name, words in LOOSER.items()
        if name in given
    )
    return f'<p class="aa-looser">Ask again with {buttons}</p>' if buttons else ""


def _worth_a_look(closest: Sequence[Closest], number: int) -> str:
    if not closest:
        return ""
    items = "".join(
        f'<li><a class="aa-look" href="#{source_id(number, f"near-{place}")}">'
        f"{verbatim(paper.title)}</a></li>"
        for place, paper in enumerate(closest, 1)
    )
    return f'<h3 class="aa-worth">Worth a look</h3><ul class="aa-closest">{items}</ul>'
