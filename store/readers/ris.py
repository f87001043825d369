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
#: What Ovid has behind the end of a record: what its journal is called for short.
_BEHIND = {"NL"}
#: PubMed's ids as Dimensions has them, "35957633 [PMID]".
_PMID = re.compile(r"(\d+) \[PMID\]")
#: Where databases other than PubMed have its ids: Scopus and Embase.
_ELSEWHERE = {"Scopus": "C2", "Embase": "C5"}
#: PubMed's address of a record, and Ovid's of one of MEDLINE.
_ADDRESS = re.compile(
    r"nlm\.nih\.gov/(?:pubmed/)?(\d{1,8})/?$"
    r"|ovid\.com/.*[?&]D=(?:med|prem)\w*&.*\bAN=(\d{1,8})$"
)
#: What parts several addresses.
_BETWEEN = re.compile(r"(?:;\s{0,9}|\s{1,9}and\s{1,9}|\s{1,9})(?=https?://)")
#: Characters of an address at most.
_LONGEST = 2000
#: A number, where others have one of PubMed Central or a remark.
_NUMBER = re.compile(r"\d{1,8}")


def recognises(head: str) -> bool:
    """Return whether the first line that is not blank begins a record."""
    return _START.match(head.lstrip()) is not None


def read(source: Source) -> Iterator[Record]:
    """Yield the papers in order; a record that holds none is Skipped with its first line."""
    form = _LINE if b"TY  -" in source.head() else _NARROW
    for line, tags in tagged_records(source, form, first=("TY",), last="ER", joint="\n"):
        if tags.keys() != _BEHIND:
            yield record_of(_fields, tags, source, line)


def _fields(tags: Tags) -> dict[str, object]:
    links = (_BETWEEN.split(links) for links in every(tags, "UR", "L2", "LK", "L1"))
    # Web of Science has "<Go to ISI>://..." there.
    addresses = [link for several in links for link in several if not link.startswith("<")]
    return {
        "title": only(tags, "TI", "T1", "CT", "BT"),
        "abstract": only(tags, "AB", "N2"),
        "authors": [first_last(name) for name in every(tags, "AU", "A1")],
        "published": first_date(*every(tags, "DA", "Y1", "PY")),
        "venue": only(tags, "JF", "T2", "JO", "JA", "BT"),
        "url": next(iter(addresses), None),
        "categories": [name.lstrip("*") for name in names(";".join(each_line(tags, "KW")))],
        "arxiv": next((link for link in addresses if "arxiv.org/" in link), None),
        "doi": only(tags, "DO") or only(tags, "M3"),
        "pmid": _pmid(tags, addresses),
        "note": "\n".join(every(tags, "M1", "AN", "N1")),
    }


def _pmid(tags: Tags, addresses: list[str]) -> str | None:
    databases = every(tags, "DB", "DP")
    if elsewhere := next(filter(None, map(_ELSEWHERE.get, databases)), None):
        return next(filter(_NUMBER.fullmatch, every(tags, elsewhere)), None)
    if any(map(_PUBMED.search, databases)) and (own := only(tags, "AN")):
        return own
    short = (address for address in addresses if len(address) <= _LONGEST)
    told = (*map(_PMID.fullmatch, every(tags, "U1")), *map(_ADDRESS.search, short))
    return next((match[match.lastindex or 0] for match in told if match), None)
