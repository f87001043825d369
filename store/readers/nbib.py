"""PubMed's text form, also called MEDLINE and saved as .nbib: "PMID- " begins a record.

The format folds a long value at blanks and indents what follows; unfolded, it is one line.
"""

import re
from collections.abc import Iterator

from store.readers.dates import first_date
from store.readers.fields import is_absent, record_of
from store.readers.names import first_last
from store.readers.pubmed_xml import RETRACTED
from store.readers.record import Record
from store.readers.source import Source
from store.readers.tagged import Tags, every, only, tagged_records

NAME = "PubMed's nbib"
SUFFIXES = (".nbib",)

_LINE = re.compile(r"([A-Z]{2,4}) {0,2}- (.*)$", re.DOTALL)
_START = re.compile(r"PMID ?- ?\d")
_DOI = re.compile(r"(10\.\S+) \[doi\]")


def recognises(head: str) -> bool:
    """Return whether the first line that is not blank begins a record."""
    return _START.match(head.lstrip()) is not None


def read(source: Source) -> Iterator[Record]:
    """Yield the papers in order; a record that holds none is Skipped with its first line."""
    for line, tags in tagged_records(source, _LINE, first=("PMID",), last=None, joint=" "):
        yield record_of(_fields, tags, source, line)


def _fields(tags: Tags) -> dict[str, object]:
    pmid = only(tags, "PMID")
    titles = (title for tag in ("TI", "BTI", "TT") for title in every(tags, tag))
    dois = (_DOI.search(value) for value in every(tags, "LID", "AID"))
    return {
        "title": next((title for title in titles if not is_absent(title)), None),
        "abstract": only(tags, "AB", "OAB"),
        "authors": [*map(first_last, every(tags, "FAU") or every(tags, "AU")), *every(tags, "CN")],
        "published": first_date(*every(tags, "DP", "DEP")),
        "venue": only(tags, "JT", "TA", "BTI"),
        "url": f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/" if pmid else None,
        "categories": [heading.partition("/")[0].lstrip("*") for heading in every(tags, "MH")]
        or every(tags, "OT"),
        "doi": next((match[1] for match in dois if match), None),
        "pmid": pmid,
        "withdrawn": RETRACTED in every(tags, "PT"),
    }
