"""Records of JSON, from whatever service or program: their fields under Paper's names."""

from collections.abc import Mapping
from typing import Any

from store.readers.fields import Fields, one_line, text
from store.readers.keys import named
from store.readers.names import first_names_first, names

#: Under these keys a record holds what it is about, in daily-papers listings, in Zotero's records,
#: in Crossref's answer to one DOI and in what is taken from Google Scholar.
HELD = ("paper", "data", "message", "bib")
#: The keys under which services hold the records of one answer: OpenAlex, Semantic Scholar,
#: Zotero and Crossref; bioRxiv, Europe PMC, ADS and PLOS, INSPIRE, Scopus, Springer and IEEE.
HOLDERS = (
    "results",
    "data",
    "items",
    "message.items",
    "papers",
    "works",
    "collection",
    "resultList.result",
    "response.docs",
    "hits.hits",
    "search-results.entry",
    "records",
    "articles",
)
#: Under this key a record holds more of itself, in BEIR collections.
MORE = "metadata"


def records_in(value: Any) -> list[Any]:
    """Return the records of a JSON value: those of a service's answer, else it alone."""
    if isinstance(value, Mapping):
        for holder in HOLDERS:
            held: Any = value
            for key in holder.split("."):
                held = held.get(key) if isinstance(held, Mapping) else None
            if isinstance(held, list) and not named(value)["title"]:
                return held
    return [value]


def fields_of(record: Any) -> Fields:
    """Return the fields of one JSON value under Paper's names.

    Raises ValueError where it is no object.
    """
    if not isinstance(record, Mapping):
        raise ValueError(f"expected a JSON object, found {type(record).__name__}")
    wraps = isinstance(record.get("paper"), Mapping)
    for key in HELD:
        if isinstance(held := record.get(key), Mapping) and named(held)["title"]:
            record = {**record, **held}
    if isinstance(more := record.get(MORE), Mapping):
        record = {**more, **record}
    fields = named(record)
    if wraps:
        # Daily papers have arXiv's titles, with its line ends.
        fields["title"] = one_line(text(fields["title"]))
    if "aliases" not in record:
        # What this store wrote itself is read back as it is.
        fields["authors"] = first_names_first(fields["authors"])
    if isinstance(others := record.get("identifier"), list):
        # So ADS names what a paper is called elsewhere.
        marked = (name for name in names(others) if name.startswith("arXiv:"))
        fields["arxiv"] = fields["arxiv"] or next(marked, None)
    if isinstance(index := record.get("abstract_inverted_index"), Mapping):
        fields["abstract"] = fields["abstract"] or _in_order(index)
    return {**fields, **_of_arxiv(record, fields["title"])}


def _of_arxiv(record: Fields, title: Any) -> Fields:
    """Return what arXiv's own metadata say better than others: wrapped titles are one line."""
    told: dict[str, Any] = {}
    if isinstance(people := record.get("authors_parsed"), list) and people:
        # The same authors as in arXiv's own text, but already taken apart.
        told["authors"] = [_arxiv_name(parts) for parts in people]
    if isinstance(history := record.get("versions"), list) and history:
        # The first version says when it came out.
        first, last = history[0], history[-1]
        told["arxiv_version"] = _number(last)
        told["published"] = first.get("created") if isinstance(first, Mapping) else None
        told["title"] = one_line(text(title))
    return told


def _in_order(index: Mapping[str, Any]) -> str:
    """Return the words of an OpenAlex inverted index in their places, with single blanks."""
    words = [
        (place, word)
        for word, places in index.items()
        if isinstance(places, list)
        for place in places
        if isinstance(place, int)
    ]
    return " ".join(word for _, word in sorted(words))


def _arxiv_name(parts: Any) -> str | None:
    """Return a name of arXiv's [last, first, suffix, ...]."""
    if not isinstance(parts, list) or not all(isinstance(part, str) for part in parts):
        return None
    last, first, suffix = (*parts, "", "", "")[:3]
    return " ".join(part for part in (first, last, suffix) if part)


def _number(version: Any) -> int | None:
    """Return 2 of arXiv's {"version": "v2"}."""
    name = version.get("version") if isinstance(version, Mapping) else None
    digits = name.removeprefix("v") if isinstance(name, str) else ""
    return int(digits) if digits.isdecimal() and len(digits) < 4 else None
