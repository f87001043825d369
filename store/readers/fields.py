"""Fields: what a record calls its values, and how they become a Paper.

Formats name their fields in many ways; `KEYS` is the one list of names, used for JSON records and
for the columns of tables. Formats with names of their own give their values under Paper's.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import ValidationError

from store.papers import RANKS, Paper, paper_id, published_ids, version_of
from store.readers.dates import iso_date
from store.readers.names import categories, names
from store.readers.record import Origin, Record, Skipped

Fields = Mapping[str, Any]

#: Paper's field -> the names it is read from, best first; upper case, blanks and signs of a name
#: do not count, and a dot leads into an object.
KEYS: Mapping[str, tuple[str, ...]] = {
    "title": ("title", "display_name", "article_title", "paper_title"),
    "abstract": ("abstract", "summary", "text", "abstract_note", "abstract_text"),
    "authors": (
        "authors",
        "author",
        "creators",
        "authorships",
        "author_names",
        "full_author_names",
    ),
    "published": (
        "published",
        "publication_date",
        "published_at",
        "date",
        "issued",
        "created",
        "year",
        "publication_year",
        "update_date",
    ),
    "venue": (
        "venue",
        "journal",
        "journal_ref",
        "journal_title",
        "container_title",
        "publication_title",
        "proceedings_title",
        "source_title",
        "booktitle",
        "primary_location.source.display_name",
    ),
    "url": ("url", "link", "primary_location.landing_page_url"),
    "categories": ("categories", "keywords", "author_keywords", "manual_tags", "keyword", "tags"),
    "source": ("source",),
    "arxiv": ("arxiv", "arxiv_id", "external_ids.arxiv"),
    "doi": ("doi", "external_ids.doi"),
    "pmid": ("pmid", "pubmed_id", "pub_med_id", "ids.pmid", "external_ids.pubmed"),
    "id": ("id", "_id", "paper_id"),
    "listed": ("listed",),
    "aliases": ("aliases",),
    "arxiv_version": ("arxiv_version",),
    "withdrawn": ("withdrawn", "is_retracted"),
    "comment": ("comments", "comment"),
}
_TITLE_ID = re.compile(r"title:[0-9a-f]{12}")
#: How arXiv's authors and editors say that a paper is no longer upheld.
_WITHDRAWN = re.compile(
    r"\W*(?:(?:this|the) (?:arxiv )?(?:paper|article|submission|manuscript|work|preprint) "
    r"(?:has been|was|is) (?:\w+ )?(?:withdrawn|retracted)|(?:paper )?withdrawn\b)",
    re.IGNORECASE,
)
#: How publishers mark a title.
_WITHDRAWN_TITLE = re.compile(r"\W*(?:withdrawn|retracted)(?: article)?\W*:", re.IGNORECASE)
_ARXIV_NUMBER = re.compile(r"(?:\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})(?:v\d+)?")
_PUBMED = re.compile(r"https?://(?:www\.)?(?:pubmed\.ncbi|ncbi)\.nlm\.nih\.gov/(?:pubmed/)?(\d+)/?")


def folded(name: str) -> str:
    """Return a field's name without upper case, blanks and signs."""
    return "".join(filter(str.isalnum, name.casefold()))


def named(record: Fields) -> dict[str, Any]:
    """Return the values of a record under Paper's names, as KEYS tells them."""
    flat = {folded(str(name)): value for name, value in reversed([*record.items()])}
    return {name: _first(flat, keys) for name, keys in _FOLDED.items()}


def record_of(fields: Fields, origin: Origin, number: int, unit: str = "line") -> Record:
    """Return the paper of `fields`, under Paper's names, or a Skipped that says why it is none."""
    try:
        return paper_of(fields, origin.name)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        reason = f"{field}: {first['msg'].removeprefix('Value error, ')}"
    except ValueError as error:
        reason = str(error)
    return Skipped(origin.where, number, reason, unit, ids=tuple(_published(fields)))


def paper_of(fields: Fields, source: str) -> Paper:
    """Return the paper of `fields`; raises ValueError with the reason where they hold none."""
    for required in ("title", "abstract"):
        value = fields.get(required)
        if not isinstance(value, str) or not value.strip():
            raise ValueError(f"no {required}")
    ids = _ids(fields)
    return Paper(
        id=ids[0],
        title=fields["title"],
        abstract=fields["abstract"],
        authors=names(fields.get("authors")),
        published=iso_date(fields.get("published")),
        venue=text(fields.get("venue")),
        url=text(fields.get("url")),
        categories=categories(fields.get("categories")),
        source=text(fields.get("source")) or source,
        listed=names(fields.get("listed")),
        aliases=tuple(sorted(ids[1:])),
        arxiv_version=_version(fields) if any(map(_is_arxiv, ids)) else None,
        withdrawn=_is_true(fields.get("withdrawn")) or _says_withdrawn(fields),
    )


def text(value: object) -> str | None:
    """Return a scalar as text; anything else is not a value of a text field."""
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, list) and len(value) == 1:
        return text(value[0])
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else None


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
    given = text(fields.get("id")) or ""
    kind, _, rest = given.partition(":")
    own = {kind: rest} if kind in RANKS else {}
    url = text(fields.get("url")) or ""
    pubmed = _PUBMED.fullmatch(text(fields.get("pmid")) or url)
    found = published_ids(
        # Listings of arXiv papers commonly give the bare number as the id.
        arxiv=own.get("arxiv") or text(fields.get("arxiv")) or _arxiv_in(given, url),
        doi=own.get("doi") or text(fields.get("doi")) or (url if "doi.org/" in url else None),
        pmid=own.get("pmid") or (pubmed[1] if pubmed else text(fields.get("pmid"))),
    )
    more = [alias for alias in names(fields.get("aliases")) if published_ids(**_as_kind(alias))]
    return list(dict.fromkeys([*found, *more]))


def _as_kind(name: str) -> dict[str, str]:
    kind, _, rest = name.partition(":")
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
    return value is True or (isinstance(value, str) and value.casefold() in {"true", "yes"})


def _says_withdrawn(fields: Fields) -> bool:
    """Return whether the text itself, its title or arXiv's comment says that it is withdrawn."""
    comment = text(fields.get("comment")) or ""
    return (
        _WITHDRAWN.match(fields["abstract"].strip()) is not None
        or _WITHDRAWN.search(comment) is not None
        or _WITHDRAWN_TITLE.match(fields["title"]) is not None
    )


def _arxiv_in(given: str, url: str) -> str | None:
    if "arxiv.org/" in url:
        return url
    return given if _ARXIV_NUMBER.fullmatch(given) else None


def _first(flat: Fields, keys: Iterable[tuple[str, ...]]) -> Any:
    found = (_at(flat, path) for path in keys)
    return next((value for value in found if value not in (None, "", [], {})), None)


def _at(flat: Any, path: tuple[str, ...]) -> Any:
    for depth, name in enumerate(path):
        if not isinstance(flat, Mapping):
            return None
        inner = flat if not depth else {folded(str(key)): value for key, value in flat.items()}
        flat = inner.get(name)
    return flat


_FOLDED = {
    name: tuple(tuple(folded(part) for part in key.split(".")) for key in keys)
    for name, keys in KEYS.items()
}
