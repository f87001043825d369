"""Notes: what stands around an answer in its conversation, as HTML.

It passes through the chat's sanitiser: see `ui.render`.
"""

from collections.abc import Mapping

from assistant.answer import Answer
from assistant.query import Filters
from store.papers import Paper
from ui.conversations.asked import Asked, Seal
from ui.verbatim import verbatim

#: Values of one filter that are named.
NAMED = 3


def since_html(asked: Asked, answer: Answer) -> str:
    """Return what says whether the answer is still the one that the question had then.

    Nothing where there was none, or where it is and nobody needs to be told.
    """
    if asked.then is None:
        return ""
    said = _since(asked.then, Seal.of(answer))
    if said is None:
        said = "Same papers, same assistant: this is the answer as it was." if asked.tell else ""
    return f'<p class="aa-since">{said}</p>' if said else ""


def narrowed_html(answer: Answer, papers: Mapping[str, Paper]) -> str:
    """Return what says in which papers the question was searched, or nothing where in all."""
    if answer.filters is None:
        return ""
    parts = "".join(f"<span>{part}</span>" for part in _narrowed(answer.filters, papers))
    return f'<p class="aa-narrowed"><span class="aa-unseen">Searched only:</span>{parts}</p>'


def question_tools_html() -> str:
    """Return the buttons beside a question: to change it, to ask it again."""
    return (
        '<span class="aa-question-tools">'
        '<button type="button" class="aa-edit" title="Edit the question">'
        '<span class="aa-unseen">Edit the question</span></button>'
        '<button type="button" class="aa-again" title="Ask it again">'
        '<span class="aa-unseen">Ask it again</span></button></span>'
    )


def stop_html() -> str:
    """Return the button that stops an answer that is being looked for."""
    return '<p class="aa-stopping"><button type="button" class="aa-stop">Stop</button></p>'


def actions_html() -> str:
    """Return the buttons below an answer."""
    return (
        '<div class="aa-actions"><button type="button" class="aa-link-to"'
        ' title="Copy a link that asks this again">Copy link</button>'
        '<span class="aa-done" role="status"></span></div>'
    )


def _since(then: Seal, now: Seal) -> str | None:
    """Return what has changed since then, or None where nothing has."""
    same_papers = now.snapshot.startswith(then.snapshot)
    same_version = not then.version or then.version == now.version
    if same_papers and same_version:
        return None
    what = "The papers have" if not same_papers else "The assistant has"
    if not then.quotes:
        return f"{what} changed since then; the answer may differ."
    if then.quotes == now.quotes:
        return f"{what} changed since then; the quotes are the same."
    return f"{what} changed since then, and so have the quotes."


def _narrowed(filters: Filters, papers: Mapping[str, Paper]) -> list[str]:
    """Return each filter in words."""
    named = {
        "": filters.venues,
        "category ": filters.categories,
        "source ": filters.sources,
        "by ": filters.authors,
    }
    values = [
        verbatim(f"{before}{_listed(held)}") for before, held in named.items() if held is not None
    ]
    return [*_dates(filters), *values, *_papers(filters, papers)]


def _dates(filters: Filters) -> list[str]:
    since, until = filters.since, filters.until
    if since and until:
        return [verbatim(since if since == until else f"{since} to {until}")]
    if since:
        return [verbatim(f"from {since}")]
    return [verbatim(f"up to {until}")] if until else []


def _papers(filters: Filters, papers: Mapping[str, Paper]) -> list[str]:
    ids = filters.paper_ids
    if ids is None:
        return []
    if len(ids) == 1 and ids[0] in papers:
        return [f"only <b>{verbatim(papers[ids[0]].title)}</b>"]
    return [f"{len(ids):,} papers"]


def _listed(values: tuple[str, ...]) -> str:
    more = len(values) - NAMED
    shown = values if more <= 0 else (*values[:NAMED], f"{more} more")
    return " or ".join(shown) if shown else "nothing"
