"""Fields: the values of a record under Paper's names, and how they become a Paper."""

import re
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from pydantic import ValidationError

from store.errors import AssistantError, in_one_line
from store.papers import ARXIV_ID, RANKS, Paper, paper_id, published_ids, version_of
from store.readers.dates import iso_date
from store.readers.names import authors, categories, names
from store.readers.record import Origin, Record, Skipped, shortened
from store.readers.withdrawn import says_withdrawn

Fields = Mapping[str, Any]
Held = TypeVar("Held")

_TITLE_ID = re.compile(r"title:[0-9a-f]{12}")
#: Fields that may hold an identifier beside those of their own.
_PLACES = ("id", "url", "venue", "note")
#: Characters of a reason that says why a record is no paper.
_LONGEST_REASON = 200
#: How records say that something is so, in lower case.
_TRUE = frozenset({"true", "t", "yes", "y", "1", "1.0"})
#: Characters of a text that says only that there is none, at most.
LONGEST_ABSENT = 60
#: What exports write in the place of an abstract that they have not.
_ABSENT = re.compile(
    r"\W*(?:no abstract(?: (?:available|provided))?|(?:abstract )?(?:not available|unavailable)"
    r"|n/?a|nan|none|null)\W*",
    re.IGNORECASE,
)
_ARXIV_NUMBER = re.compile(rf"{ARXIV_ID}(?:v\d{{1,3}})?", re.ASCII | re.IGNORECASE)
_ARXIV_PAGE = re.compile(r"\b(?:arxiv\.org|huggingface\.co/papers)/", re.IGNORECASE)
_PUBMED = re.compile(r"https?://(?:www\.)?(?:pubmed\.ncbi|ncbi)\.nlm\.nih\.gov/(?:pubmed/)?(\d+)/?")
#: How reference managers and BibTeX note identifiers for which they have no field.
_ARXIV_NOTED = re.compile(r"^(?:arXiv preprint )?arXiv:\s?(\S+)", re.IGNORECASE | re.MULTILINE)
_DOI_NOTED = re.compile(r"^DOI:\s?(10\.\d{4,9}/\S+)", re.IGNORECASE | re.MULTILINE)
_PMID_NOTED = re.compile(r"^PMID:\s?(\d+)", re.IGNORECASE | re.MULTILINE)
_DOI = re.compile(
    r"(?:(?:https?://)?(?:www\.|dx\.)?doi\.org/|doi:\s?)?10\.\d{4,9}/\S+", re.IGNORECASE
)


def record_of(
    make: Callable[[Held], Fields], held: Held, origin: Origin, number: int, unit: str = "line"
) -> Record:
    """Return the paper that a record holds, or a Skipped that says why it is none.

    `make` returns its fields under Paper's names, or raises ValueError with the reason. Whatever
    a record holds, those beside it are read: of an odd value, what it lets fail is the reason.
    """
    fields: Fields = {}
    try:
        fields = make(held)
        return paper_of(fields, origin.name)
    except (AssistantError, MemoryError):
        raise
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        reason = f"{field}: {first['msg'].removeprefix('Value error, ')}"
    except ValueError as error:
        reason = shortened(str(error), _LONGEST_REASON)
    except RecursionError:
        reason = "cannot be read: a value lies too deep in others"
    except Exception as error:
        reason = f"cannot be read: {shortened(in_one_line(error), _LONGEST_REASON)}"
    return Skipped(origin.where, number, reason, unit, ids=_ids_at_hand(fields))


def _ids_at_hand(fields: Fields) -> tuple[str, ...]:
    try:
        return tuple(_published(fields))
    except Exception:
        # What hid the paper may hide its identifiers.
        return ()


def paper_of(fields: Fields, source: str) -> Paper:
    """Return the paper of `fields`; raises ValueError with the reason where they hold none."""
    fields = {**fields, **{name: _required(fields, name) for name in ("title", "abstract")}}
    ids = _ids(fields)
    return Paper(
        id=ids[0],
        title=fields["title"],
        abstract=fields["abstract"],
        authors=authors(fields.get("authors")),
        published=iso_date(fields.get("published")),
        venue=text(fields.get("venue")),
        url=text(fields.get("url")),
        categories=categories(fields.get("categories")),
        source=text(fields.get("source")) or source,
        listed=names(fields.get("listed")),
        aliases=tuple(sorted(ids[1:])),
        arxiv_version=_version(fields) if any(map(_is_arxiv, ids)) else None,
        withdrawn=_is_true(fields.get("withdrawn"))
        or says_withdrawn(fields["title"], fields["abstract"], text(fields.get("comment")) or ""),
    )


def is_absent(value: str) -> bool:
    """Return whether text says only that there is none, as "[No abstract available]" does."""
    return len(value) < LONGEST_ABSENT and _ABSENT.fullmatch(value) is not None


def text(value: object) -> str | None:
    """Return a scalar as text; anything else is not a value of a text field."""
    while isinstance(value, list) and value:
        value = value[0]
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else None


def _required(fields: Fields, name: str) -> str:
    """Return a title or an abstract, byte for byte; raise ValueError where there is none."""
    value = fields.get(name)
    # Crossref lists its titles; of several abstracts none is the one.
    if isinstance(value, list) and value and (len(value) == 1 or name == "title"):
        value = value[0]
    if not isinstance(value, str) or not value.strip() or (name == "abstract" and is_absent(value)):
        raise ValueError(f"no {name}")
    return value


def one_line(value: str | None) -> str | None:
    """Return text that its format wraps as one line, runs of blanks as one."""
    return " ".join(value.split()) if value else None


def _ids(fields: Fields) -> list[str]:
    """Return the identifiers that a record gives, the best first; else the one of its title."""
    given = text(fields.get("id")) or ""
    of_title = given if _TITLE_ID.fullmatch(given) else paper_id(fields["title"])
    return _published(fields) or [of_title]


def _published(fields: Fields) -> list[str]:
    """Return the published identifiers that a record gives, the best first."""
    given, url, venue, note = (text(fields.get(name)) or "" for name in _PLACES)
    own = _as_kind(given)
    pubmed = _PUBMED.fullmatch(text(fields.get("pmid")) or url) or _PMID_NOTED.search(note)
    doi = _DOI.search(text(fields.get("doi")) or "") or _DOI.fullmatch(given) or _DOI.fullmatch(url)
    told = _DOI_NOTED.search(note)
    noted = _ARXIV_NOTED.search(note) or _ARXIV_NOTED.search(venue)
    found = published_ids(
        arxiv=own.get("arxiv")
        or text(fields.get("arxiv"))
        or _arxiv_in(given, url)
        or (noted and noted[1]),
        doi=own.get("doi") or (doi and doi[0]) or (told and told[1]),
        pmid=own.get("pmid") or (pubmed[1] if pubmed else text(fields.get("pmid"))),
    )
    aliases = names(fields.get("aliases"))
    more = (name for alias in aliases for name in published_ids(**_as_kind(alias)))
    return list(dict.fromkeys([*found, *more]))


def _as_kind(name: str) -> dict[str, str]:
    kind, _, rest = name.partition(":")
    kind = kind.casefold()
    return {kind: rest} if kind in RANKS else {}


def _version(fields: Fields) -> int | None:
    given = fields.get("arxiv_version")
    if isinstance(given, int) and not isinstance(given, bool) and 0 < given < 1000:
        return given
    places = (text(fields.get(name)) or "" for name in ("arxiv", "id", "url"))
    return next(filter(None, map(version_of, places)), None)


def _is_arxiv(name: str) -> bool:
    return name.startswith("arxiv:")


def _is_true(value: object) -> bool:
    return isinstance(value, bool | int | float | str) and str(value).strip().casefold() in _TRUE


def _arxiv_in(given: str, url: str) -> str | None:
    if _ARXIV_NUMBER.fullmatch(given):
        return given
    return next((place for place in (url, given) if _ARXIV_PAGE.search(place)), None)
