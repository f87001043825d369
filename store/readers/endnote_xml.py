"""EndNote's XML, which other reference managers write too: <xml><records><record>."""

from lxml import etree

from store.readers.dates import first_date
from store.readers.fields import Fields, one_line
from store.readers.names import first_last

#: How it calls PubMed, of which it then has the id.
_PUBMED = frozenset({"nlm", "medline", "pubmed"})


def _record(record: etree._Element) -> Fields:
    """Return the fields of a record; what is set in several styles is one text."""
    names = (_one(record, f"remote-database-{part}") for part in ("provider", "name"))
    pubmed = any(name is not None and name.casefold() in _PUBMED for name in names)
    links = [link for link in _all(record, "urls//url") if link.startswith("http")]
    venues = ("periodical/full-title", "titles/secondary-title", "alt-periodical/full-title")
    return {
        "title": one_line(_one(record, "titles/title")),
        "abstract": _one(record, "abstract"),
        "authors": [first_last(name) for name in _all(record, "contributors/authors/author")],
        "published": first_date(*_all(record, "dates/pub-dates/date"), _one(record, "dates/year")),
        "venue": next(filter(None, (one_line(_one(record, place)) for place in venues)), None),
        "url": next(iter(links), None),
        "categories": _all(record, "keywords/keyword"),
        "doi": _one(record, "electronic-resource-num"),
        "pmid": _one(record, "accession-num") if pubmed else None,
        "arxiv": next((link for link in links if "arxiv.org/" in link), None),
        "note": _one(record, "notes"),
    }


def _all(record: etree._Element, place: str) -> list[str]:
    """Return the texts at a place, without the blanks around them that lay the document out."""
    texts = ("".join(map(str, element.itertext())).strip() for element in record.iterfind(place))
    return [text for text in texts if text]


def _one(record: etree._Element, place: str) -> str | None:
    return next(iter(_all(record, place)), None)


RECORDS = {"record": _record}
ROOTS = frozenset(["xml", "records"])
