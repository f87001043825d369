"""The welcome: what the chat shows before the first question, of all papers or about one."""

from collections.abc import Iterator

from store.papers import Paper
from ui.chat.collection import Collection
from ui.render.citing import counted
from ui.render.verbatim import verbatim
from ui.wording.dates import dated

_HOW = (
    "Every answer is made of sentences quoted from them, letter for letter, each with its source. "
    "Where they hold no answer, you are told so."
)
_COLUMNS = {"venue": "Venues", "categories": "Categories", "source": "Sources"}
#: Characters of an ISO 8601 date up to its month: as precise as a span needs to be.
_MONTH = 7


def welcome_html(collection: Collection) -> str:
    """Return what a collection is: how many papers, from when and where, and how they answer."""
    if not collection.papers:
        return (
            '<h2 class="aa-welcome">No papers yet</h2>'
            "<p>Once papers have been added, their abstracts can be asked here.</p>"
        )
    rows = "".join(f"<tr><th>{name}</th><td>{said}</td></tr>" for name, said in _facts(collection))
    table = f'<table class="aa-corpus"><tbody>{rows}</tbody></table>' if rows else ""
    heading = f"Ask {counted(collection.papers, 'paper abstract')}"
    return f'<h2 class="aa-welcome">{heading}</h2><p>{_HOW}</p>{table}'


def welcome_to_html(paper: Paper) -> str:
    """Return what says that one paper alone is asked."""
    return (
        '<h2 class="aa-welcome">Ask about this paper</h2>'
        f'<p class="aa-one-paper">{verbatim(paper.title)}</p>'
        "<p>Answers are sentences of its abstract, letter for letter. Where it holds no answer, "
        "you are told so.</p>"
    )


def _facts(collection: Collection) -> Iterator[tuple[str, str]]:
    if collection.published:
        first, last = (dated(day[:_MONTH]) for day in collection.published)
        yield "Published", _span(first, last)
    elif collection.listed:
        yield "Listed", _span(*collection.listed)
    if collection.named:
        named = ", ".join(
            f'<span class="aa-held">{verbatim(name)} <small>{papers:,}</small></span>'
            for name, papers in collection.named
        )
        more = collection.values - len(collection.named)
        yield _COLUMNS[collection.column], named + (f" and {more:,} more" if more else "")
    if collection.added:
        yield "Last added", verbatim(dated(collection.added))


def _span(first: str, last: str) -> str:
    return verbatim(first) if first == last else f"{verbatim(first)} – {verbatim(last)}"
