"""Found: a paper as a feed or a mail shows it, with the sentences that answer a question."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from urllib.parse import urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from store.corpus import Corpus
from store.papers import Paper
from store.watching import Found, Watch
from ui.conversations.limits import NAMES
from ui.papers.pages import paper_path, when
from ui.wording.outward import outward_links


@dataclass(frozen=True, slots=True)
class Item:
    """A paper, and the quotes that still stand in its abstract; `at` says since when it is one."""

    paper: Paper
    quotes: tuple[str, ...] = ()
    at: str = ""


def items(corpus: Corpus, found: Iterable[Found]) -> list[Item]:
    """Return those of the papers that the corpus still holds, in their order."""
    listed = list(found)
    papers = corpus.get([one.paper_id for one in listed])
    return [_item(papers[one.paper_id], one) for one in listed if one.paper_id in papers]


def rendered(template: str, **context: object) -> str:
    """Return a template of this folder with its context, every text in HTML escaped."""
    return _templates().get_template(template).render(**context)


def asked_at(watch: Watch, base: str) -> str:
    """Return the address that asks a saved question, with its filters, in the chat."""
    limits = [(NAMES[name], value) for name, value in watch.filters.items()]
    return f"{base}/?{urlencode([*limits, ('question', watch.question)], doseq=True)}"


def address_of(paper: Paper, base: str) -> str:
    """Return the address of a paper's page at the server that is reached at `base`."""
    return base + paper_path(paper.id)


def _item(paper: Paper, found: Found) -> Item:
    # The abstract may have changed since: what it no longer says is no quote of it.
    standing = (text for start, end, text in found.quotes if paper.abstract[start:end] == text)
    return Item(paper, tuple(standing), found.at)


@cache
def _templates() -> Environment:
    templates = Environment(
        loader=PackageLoader("ui.feeds"),
        autoescape=select_autoescape(),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.filters.update(
        asked_at=asked_at, address_of=address_of, outward_links=outward_links, when=when
    )
    return templates
