"""RIS: the records of reference managers, from "TY  - " to "ER  - ".

A value is all that stands behind its tag; one of several lines keeps its line ends.
"""

import re
from collections.abc import Iterator

from store.readers.dates import first_date
from store.readers.fields import record_of
from store.readers.names import first_last, names
from store.readers.record import Record
from store.readers.source import Source
from store.readers.tagged import Tags, each_line, every, only, tagged_records

NAME = "RIS"
SUFFIXES = (".ris",)

_LINE = re.compile(r"([A-Z][A-Z0-9])  -(?: (.*))?$", re.DOTALL)
#: The lines of exports that leave one blank where two belong.
_NARROW = re.compile(r"([A-Z][A-Z0-9]) -(?: (.*))?$", re.DOTALL)
_START = re.compile(r"TY {1,2}- ?\w*")
_PUBMED = re.compile(r"pubmed|medline|nlm", re.IGNORECASE)


def recognises(head: str) -> bool:
    """Return whether the first line that is not blank begins a record."""
    return _START.match(head.lstrip()) is not None


def read(source: Source) -> Iterator[Record]:
    """Yield the papers in order; a record that holds none is Skipped with its first line."""
    form = _LINE if b"TY  -" in source.head() else _NARROW
    for line, tags in tagged_records(source, form, first="TY", last="ER", joint="\n"):
        yield record_of(_fields, tags, source, line)


def _fields(tags: Tags) -> dict[str, object]:
    pubmed = _PUBMED.search(only(tags, "DB", "DP") or "") is not None
    return {
        "title": only(tags, "TI", "T1", "CT", "BT"),
        "abstract": only(tags, "AB", "N2"),
        "authors": [first_last(name) for name in every(tags, "AU", "A1")],
        "published": first_date(*every(tags, "DA", "Y1", "PY")),
        "venue": only(tags, "JF", "T2", "JO", "JA", "BT"),
        "url": only(tags, "UR", "L2", "LK"),
        "categories": names(";".join(each_line(tags, "KW"))),
        "doi": only(tags, "DO") or only(tags, "M3"),
        "pmid": only(tags, "AN") if pubmed else None,
        "note": "\n".join(every(tags, "M1", "AN", "N1")),
    }
