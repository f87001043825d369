"""EndNote's tagged records, which the ACL Anthology has too: "%0 Journal Article" begins one."""

import re
from collections.abc import Iterator

from store.readers.dates import first_date
from store.readers.fields import record_of
from store.readers.names import categories, first_last
from store.readers.record import Record
from store.readers.source import Source
from store.readers.tagged import Tags, each_line, every, only, tagged_records

NAME = "EndNote's tagged records"
SUFFIXES = (".enw",)

_LINE = re.compile(r"%([0-9A-Z@!+*~#$&^<>|(?])(?: (.*))?$", re.DOTALL)
#: Some exports, as those of AIS, begin with the title, and leave out what sort of thing it is.
_START = re.compile(r"%0 \w|%T \S[^\n]*\n%[0-9A-Z] ")


def recognises(head: str) -> bool:
    """Return whether the first line that is not blank begins a record."""
    return _START.match(head.lstrip()) is not None


def read(source: Source) -> Iterator[Record]:
    """Yield the papers in order; a record that holds none is Skipped with its first line."""
    for line, tags in tagged_records(source, _LINE, first=("0", "T"), last=None, joint="\n"):
        yield record_of(_fields, tags, source, line)


def _fields(tags: Tags) -> dict[str, object]:
    # ACM has all of them in one line.
    keywords = each_line(tags, "K")
    return {
        "title": only(tags, "T"),
        "abstract": only(tags, "X"),
        "authors": [first_last(name) for name in every(tags, "A")],
        "published": first_date(*every(tags, "8", "D")),
        "venue": only(tags, "J", "B", "S"),
        "url": only(tags, "U"),
        "categories": keywords if len(keywords) > 1 else categories("".join(keywords)),
        "doi": only(tags, "R"),
    }
