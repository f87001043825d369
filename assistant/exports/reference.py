"""Reference: a paper as bibliographies have it, its names, date and identifiers taken apart."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote, urlsplit

from bibtexparser.middlewares.names import parse_single_name_into_parts

from assistant.answer import Citation
from store.papers import Paper, sha256

Sort = Literal["journal", "conference", "preprint", "other"]

#: The note with a paper that has been withdrawn or retracted.
WITHDRAWN = "Withdrawn or retracted"
#: Hex digits that keep apart two keys from which characters were taken.
KEY_DIGITS = 8

#: Where the published identifiers of papers lead.
_RESOLVERS = {
    "arxiv": "https://arxiv.org/abs/",
    "doi": "https://doi.org/",
    "pmid": "https://pubmed.ncbi.nlm.nih.gov/",
}
#: What BibTeX, BibLaTeX and LaTeX all take in a key.
_NOT_IN_A_KEY = re.compile(r"[^a-zA-Z0-9:./_+-]+")
#: What would end a line of a file, or cannot be shown.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_DATE = re.compile(r"(\d{4})(?:-(0[1-9]|1[0-2])(?:-(0[1-9]|[12]\d|3[01]))?)?")
_PREPRINTS = re.compile(r"arxiv|corr|biorxiv|medrxiv|preprint", re.IGNORECASE)
#: What conferences call themselves, the year that follows their name, and names of capitals.
#: Those of journals mostly begin with a J or, for "transactions", a T.
_CONFERENCE = re.compile(
    r"(?i:\b(?:proc(?:eedings)?|conf(?:erence)?|workshop|symposium|meeting)\b)"
    r"|[ '’](?:19|20)?\d\d\b|^[A-IK-SU-Z]\w*[A-Z]\w*$"
)
# Not one person's, or with LaTeX in it.
_NOT_A_NAME = re.compile(r"[{}\\~]|\band\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Name:
    """A person's name; `family` alone where it cannot be told apart, as an institution's."""

    family: str
    given: str = ""
    particle: str = ""
    suffix: str = ""


@dataclass(frozen=True, slots=True)
class Reference:
    """What is known of a paper; `date` is a year, with a month, and a day, where they are known.

    `key` is its id, without what a key may not hold: the same in every file, and its own.
    """

    id: str
    key: str
    sort: Sort
    title: str
    names: tuple[Name, ...]
    date: tuple[int, ...]
    venue: str | None
    arxiv: str | None
    doi: str | None
    pmid: str | None
    url: str | None
    abstract: str | None
    categories: tuple[str, ...]
    note: str | None


def reference(paper: Paper | Citation) -> Reference:
    """Return the reference of a paper, or with less in it that of a paper as cited."""
    paper_id = paper.id if isinstance(paper, Paper) else paper.paper_id
    names = [paper_id, *paper.aliases] if isinstance(paper, Paper) else [paper_id]
    published = _published(names)
    return Reference(
        id=paper_id,
        key=_key(paper_id),
        sort=_sort(paper.venue, published),
        title=on_one_line(paper.title) or paper_id,
        names=tuple(_name(author) for author in map(on_one_line, paper.authors) if author),
        date=_parts(paper.published),
        venue=on_one_line(paper.venue or "") or None,
        arxiv=published.get("arxiv"),
        doi=published.get("doi") or _doi_of_arxiv(published.get("arxiv")),
        pmid=published.get("pmid"),
        url=web_address(paper.url) or _resolved(published),
        abstract=on_one_line(paper.abstract) if isinstance(paper, Paper) else None,
        categories=paper.categories if isinstance(paper, Paper) else (),
        note=WITHDRAWN if paper.withdrawn else None,
    )


def on_one_line(text: str) -> str:
    """Return `text` with a blank in the place of line ends and of other control characters."""
    return _CONTROL.sub(" ", text).strip()


def web_address(url: str | None) -> str | None:
    """Return an address of the web with nothing in it that ends one in a text, else None."""
    address = (url or "").strip()
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.netloc:
        return None
    return quote(address, safe="!#$%&'()*+,/:;=?@[]~")


def _key(paper_id: str) -> str:
    key = _NOT_IN_A_KEY.sub("-", paper_id)
    return key if key == paper_id else f"{key}-{sha256(paper_id)[:KEY_DIGITS]}"


def _sort(venue: str | None, published: Iterable[str]) -> Sort:
    if venue and not _PREPRINTS.search(venue):
        return "conference" if "pmid" not in published and _CONFERENCE.search(venue) else "journal"
    if "arxiv" in published or venue:
        return "preprint"
    return "other"


def _published(names: Iterable[str]) -> dict[str, str]:
    """Return the identifier of each kind, that which a paper is known by first."""
    found: dict[str, str] = {}
    for kind, _, identifier in (name.partition(":") for name in names):
        if kind in _RESOLVERS:
            found.setdefault(kind, identifier)
    return found


def _resolved(published: Mapping[str, str]) -> str | None:
    """Return where the first identifier leads."""
    return next(
        (_RESOLVERS[kind] + quote(name, safe="/") for kind, name in published.items()), None
    )


def _doi_of_arxiv(identifier: str | None) -> str | None:
    """Return the DOI that arXiv registers for each of its papers."""
    return f"10.48550/arXiv.{identifier}" if identifier else None


def _parts(published: str | None) -> tuple[int, ...]:
    match = _DATE.fullmatch(published or "")
    return tuple(int(part) for part in match.groups() if part) if match else ()


def _name(author: str) -> Name:
    """Take a name apart by BibTeX's rules: "Given von Family", or "von Family, Given"."""
    if author.count(",") > 1 or _NOT_A_NAME.search(author):
        return Name(author)
    parts = parse_single_name_into_parts(author, strict=False)
    family, given = " ".join(parts.last), " ".join(parts.first)
    return Name(family, given, " ".join(parts.von), " ".join(parts.jr)) if family else Name(author)
