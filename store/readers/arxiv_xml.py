"""arXiv's XML: answers of its Atom API, its RSS feeds, and harvests by OAI-PMH."""

import re

from lxml import etree

from store.readers.fields import Fields, one_line
from store.readers.names import first_last
from store.readers.record import shortened

_ATOM = "{http://www.w3.org/2005/Atom}"
_ARXIV = "{http://arxiv.org/schemas/atom}"
_OAI = "{http://www.openarchives.org/OAI/2.0/}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_RSS_1 = "{http://purl.org/rss/1.0/}"

#: What stands before the abstract in a feed's description.
_ANNOUNCED = re.compile(r"arXiv:\S+\s+Announce Type: \S+\s+Abstract: ?")
#: Old feeds make links of the authors.
_TAG = re.compile(r"<[^<>]*>")
#: What old feeds put behind a title.
_TITLE_END = re.compile(r" \(arXiv:\S+ \[[\w.-]+\](?: \w+)?\)$")


def _entry(entry: etree._Element) -> Fields:
    """Return the fields of an Atom entry; raises ValueError where it reports an error."""
    address = entry.findtext(f"{_ATOM}id") or ""
    abstract = entry.findtext(f"{_ATOM}summary")
    if "/api/errors" in address:
        raise ValueError(f"arXiv reports an error: {shortened(abstract or '', 120)}")
    # Its API has elements of its own for each of these, its feeds have others.
    authors = [element.text for element in entry.iterfind(f"{_ATOM}author/{_ATOM}name")]
    places = (f"{_ARXIV}journal_ref", f"{_ARXIV}journal_reference")
    links = {link.get("rel"): link.get("href") for link in entry.iterfind(f"{_ATOM}link")}
    return {
        "title": one_line(entry.findtext(f"{_ATOM}title")),
        "abstract": _ANNOUNCED.sub("", abstract or "", count=1),
        "authors": authors or entry.findtext(f"{_DC}creator"),
        "published": None
        if _is_replaced(entry.findtext(f"{_ARXIV}announce_type"))
        else entry.findtext(f"{_ATOM}published"),
        "venue": one_line(next(filter(None, map(entry.findtext, places)), None)),
        "url": links.get("alternate") or address,
        "categories": [element.get("term") for element in entry.iterfind(f"{_ATOM}category")],
        "arxiv": address.removeprefix("oai:"),
        "doi": entry.findtext(f"{_ARXIV}doi") or entry.findtext(f"{_ARXIV}DOI"),
        "comment": entry.findtext(f"{_ARXIV}comment"),
    }


def _item(item: etree._Element) -> Fields:
    """Return the fields of an item of an RSS feed, of version 2 or 1."""
    values = _by_name(item)
    link = _one(values, "link")
    creators = values.get("creator", [])
    return {
        "title": _TITLE_END.sub("", one_line(_one(values, "title")) or ""),
        "abstract": _ANNOUNCED.sub("", _one(values, "description") or "", count=1),
        "authors": [one_line(_TAG.sub("", name)) for name in creators]
        if len(creators) > 1
        else _TAG.sub("", "".join(creators)),
        "published": None
        if _is_replaced(_one(values, "announce_type"))
        else _one(values, "pubDate") or _one(values, "date"),
        "venue": one_line(_one(values, "journal_reference")),
        "url": link,
        "categories": values.get("category", values.get("subject", [])),
        "arxiv": _one(values, "guid") if "arXiv" in (_one(values, "guid") or "") else link,
        "doi": _one(values, "DOI") or _doi_in(values),
    }


def _record(record: etree._Element) -> Fields:
    """Return the fields of an OAI-PMH record in the form arXiv, arXivRaw or oai_dc."""
    header = record.find(f"{_OAI}header")
    if header is not None and header.get("status") == "deleted":
        raise ValueError("marked as deleted")
    held = record.find(f"{_OAI}metadata/*")
    if held is None:
        raise ValueError("no metadata")
    values = _by_name(held)
    identifiers = values.get("identifier", [])
    own = record.findtext(f"{_OAI}header/{_OAI}identifier") or ""
    # In oai_dc what follows the abstract is a comment, and a DOI is one of the identifiers.
    _, *notes = values.get("description", [""])
    comments = [note.removeprefix("Comment:").strip() for note in notes]
    versions = held.findall("{*}version")
    return {
        "title": one_line(_one(values, "title")),
        "abstract": _one(values, "abstract") or _one(values, "description"),
        "authors": _oai_authors(held)
        or _one(values, "authors")
        or [first_last(name) for name in values.get("creator", [])],
        "published": _one(values, "created") or _one(values, "date"),
        "venue": one_line(_one(values, "journal-ref")),
        "url": next((value for value in identifiers if value.startswith("http")), None),
        "categories": _one(values, "categories") or values.get("subject"),
        "arxiv": _one(values, "id") or (own if own.startswith("oai:arXiv.org:") else None),
        "doi": _one(values, "doi") or _doi_in(values),
        "comment": _one(values, "comments") or "; ".join(comments),
        "arxiv_version": len(versions) or None,
    }


def _error(error: etree._Element) -> Fields:
    """Raise ValueError with what the archive reports in place of records."""
    reason = shortened(f"{error.get('code')}: {error.text or ''}", 120)
    raise ValueError(f"the archive reports an error: {reason}")


def _oai_authors(held: etree._Element) -> list[str]:
    people = [_by_name(person) for person in held.iterfind("{*}authors/{*}author")]
    return [
        " ".join(filter(None, (_one(p, "forenames"), _one(p, "keyname"), _one(p, "suffix"))))
        for p in people
    ]


def _by_name(element: etree._Element) -> dict[str, list[str]]:
    """Return the texts of an element's children by their names, name spaces left out."""
    found: dict[str, list[str]] = {}
    for child in element:
        if child.text and child.text.strip():
            found.setdefault(etree.QName(child).localname, []).append(child.text)
        # In arXivRaw each version has its date; the first is when the paper came out.
        for date in child.iterfind("{*}date"):
            found.setdefault("created", []).append(date.text or "")
    return found


def _doi_in(values: dict[str, list[str]]) -> str | None:
    return next((name for name in values.get("identifier", []) if name.startswith("doi:")), None)


def _is_replaced(announced: str | None) -> bool:
    """Return whether a feed announces another version, whose day is not the paper's."""
    return (announced or "").startswith("replace")


def _one(values: dict[str, list[str]], name: str) -> str | None:
    return values[name][0] if name in values else None


RECORDS = {
    f"{_ATOM}entry": _entry,
    "item": _item,
    f"{_RSS_1}item": _item,
    f"{_OAI}record": _record,
    f"{_OAI}error": _error,
}
ROOTS = frozenset(
    [
        f"{_ATOM}feed",
        "rss",
        "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}RDF",
        f"{_OAI}OAI-PMH",
        f"{_OAI}ListRecords",
    ]
)
