"""JSON lines: one paper a line, under the field names that exports commonly use."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from store.papers import Paper, paper_id
from store.readers.record import Record, Skipped

#: Paper's field -> the keys it is read from, best first.
KEYS: Mapping[str, tuple[str, ...]] = {
    "title": ("title",),
    "abstract": ("abstract", "summary", "text"),
    "authors": ("authors", "author"),
    "published": ("published", "publication_date", "date", "created", "year"),
    "venue": ("venue", "journal", "journal_ref"),
    "url": ("url", "link"),
    "categories": ("categories", "keywords"),
    "source": ("source",),
    "arxiv": ("arxiv", "arxiv_id"),
    "doi": ("doi",),
    "pmid": ("pmid",),
    "id": ("id", "_id", "paper_id"),
    "listed": ("listed",),
}
#: The prefixes of this project's ids that stand before a published identifier.
PUBLISHED_IDS = ("arxiv", "doi", "pmid")

_TITLE_ID = re.compile(r"title:[0-9a-f]{12}")
#: An ISO 8601 date, or the year or the month of one; a time after it is left off.
_DATE = re.compile(r"(\d{4}(?:-\d{2}(?:-\d{2})?)?)(?:[T ].*)?")
#: arXiv's form of categories, "cs.CL stat.ML".
_ARXIV_CATEGORIES = re.compile(r"[a-z-]+(?:\.[A-Za-z-]+)?(?: [a-z-]+(?:\.[A-Za-z-]+)?)*")
_ARXIV_NUMBER = re.compile(r"\d{4}\.\d{4,5}(?:v\d+)?")


def recognises(first: str) -> bool:
    """Return whether a source's first line that is not blank starts a JSON object."""
    return first.lstrip().startswith("{")


def read(lines: Iterable[str], *, where: Path | str, source: str) -> Iterator[Record]:
    """Yield a paper a line, in order; a line that holds none is Skipped with the reason."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            yield _paper(json.loads(line), source)
        except (json.JSONDecodeError, RecursionError) as error:
            yield Skipped(where, number, f"not JSON: {error}")
        except ValidationError as error:
            first = error.errors()[0]
            field = ".".join(str(part) for part in first["loc"])
            reason = first["msg"].removeprefix("Value error, ")
            yield Skipped(where, number, f"{field}: {reason}")
        except ValueError as error:
            yield Skipped(where, number, str(error))


def _paper(record: object, source: str) -> Paper:
    if not isinstance(record, dict):
        raise ValueError(f"expected one JSON object a line, found {type(record).__name__}")
    nested = record.get("metadata")
    fields = {**nested, **record} if isinstance(nested, dict) else record
    found = {name: _first(fields, keys) for name, keys in KEYS.items()}
    for required in ("title", "abstract"):
        if not isinstance(found[required], str) or not found[required].strip():
            raise ValueError(f"no {required}")
    return Paper(
        id=_id(found),
        title=found["title"],
        abstract=found["abstract"],
        authors=_names(found["authors"]),
        published=_date(found["published"]),
        venue=_text(found["venue"]),
        url=_text(found["url"]),
        categories=_categories(found["categories"]),
        source=_text(found["source"]) or source,
        listed=_names(found["listed"]),
    )


def _id(found: Mapping[str, Any]) -> str:
    given = _text(found["id"]) or ""
    if _TITLE_ID.fullmatch(given):
        return given
    kind, _, rest = given.partition(":")
    own = {kind: rest} if kind in PUBLISHED_IDS else {}
    return paper_id(
        found["title"],
        # Listings of arXiv papers commonly give the bare number as the id.
        arxiv=own.get("arxiv") or _text(found["arxiv"]) or _arxiv_in(given, _text(found["url"])),
        doi=own.get("doi") or _text(found["doi"]),
        pmid=own.get("pmid") or _text(found["pmid"]),
    )


def _arxiv_in(given: str, url: str | None) -> str | None:
    if url and "arxiv.org/" in url:
        return url
    return given if _ARXIV_NUMBER.fullmatch(given) else None


def _first(fields: Mapping[str, Any], keys: Iterable[str]) -> Any:
    return next((fields[key] for key in keys if fields.get(key) not in (None, "", [], {})), None)


def _text(value: object) -> str | None:
    """Return a scalar as text; anything else is not a value of a text field."""
    if isinstance(value, str):
        return value.strip() or None
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else None


def _date(value: object) -> str | None:
    """Return an ISO 8601 date, possibly only its year or month; any other text is no date."""
    match = _DATE.fullmatch(_text(value) or "")
    return match[1] if match else None


def _categories(value: object) -> tuple[str, ...]:
    if not isinstance(value, str):
        return _names(value)
    if _ARXIV_CATEGORIES.fullmatch(value.strip()):
        return tuple(value.split())
    return _names(value.split(";" if ";" in value else ","))


def _names(value: object) -> tuple[str, ...]:
    """Return names from a list of strings or of `{"name": ...}`, or from one separated string."""
    if isinstance(value, str):
        value = _separated(value)
    if not isinstance(value, list):
        return ()
    names = (item.get("name") if isinstance(item, dict) else item for item in value)
    return tuple(name.strip() for name in names if isinstance(name, str) and name.strip())


def _separated(text: str) -> list[str]:
    """Split at semicolons, else at commas and "and"; "Last, First" is one name."""
    if ";" in text:
        return text.split(";")
    both = [part for half in text.split(" and ") for part in half.split(",")]
    last_first = len(both) == 2 and "," in text and not any(" " in part.strip() for part in both)
    if last_first or ("," in text and " and " in text and _all_last_first(text)):
        return text.split(" and ")
    return both


def _all_last_first(text: str) -> bool:
    """Return whether every part between "and"s is a "Last, First" of BibTeX."""
    return all(re.fullmatch(r"[^\s,]+, [^,]+", part.strip()) for part in text.split(" and "))
