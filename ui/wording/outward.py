"""Outward: where a paper stands on the web, by its published identifiers and its own address."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from store.papers import Paper

#: Where the papers of each kind of identifier stand, and what the place is called.
_PLACES = {
    "arxiv": ("arXiv", "https://arxiv.org/abs/"),
    "doi": ("DOI", "https://doi.org/"),
    "pmid": ("PubMed", "https://pubmed.ncbi.nlm.nih.gov/"),
}


@dataclass(frozen=True, slots=True)
class Outward:
    """A link off the server: what the place is called, and its address."""

    name: str
    href: str


def outward_links(paper: Paper) -> tuple[Outward, ...]:
    """Return where a paper stands: by its identifiers, then by the address of its record."""
    found = {link.href.casefold(): link for link in _identified(paper)}
    own = outward_link(paper.url)
    hosts = {urlsplit(link.href).netloc for link in found.values()}
    # A record's address at arXiv or PubMed is that of its id once more.
    if own and own.name not in hosts:
        found.setdefault(own.href.casefold(), own)
    return tuple(found.values())


def outward_link(url: str | None) -> Outward | None:
    """Return the link to an address, called by its host; None where it is not http or https."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return None
    if not url or parts.scheme not in ("http", "https") or not parts.netloc:
        return None
    return Outward(parts.netloc, url)


def _identified(paper: Paper) -> Iterator[Outward]:
    for name in (paper.id, *paper.aliases):
        kind, _, identifier = name.partition(":")
        if kind in _PLACES and identifier:
            place, prefix = _PLACES[kind]
            yield Outward(place, prefix + quote(identifier, safe="/().:;-_"))
