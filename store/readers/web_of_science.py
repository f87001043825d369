"""Web of Science's plain text, also saved as .ciw: "PT J" begins a record, "ER" ends it."""

import re
from collections.abc import Iterator

from store.readers.fields import Fields, record_of
from store.readers.keys import named
from store.readers.names import first_last, names
from store.readers.record import Record
from store.readers.source import Source
from store.readers.tagged import Tags, each_line, only, tagged_records

NAME = "Web of Science's plain text"
SUFFIXES = (".ciw",)

#: Its tags, which also name the columns of its tables -> fields as others name them.
TAGS = {
    "TI": "title",
    "AB": "abstract",
    "AU": "authors",
    "AF": "author_full_names",
    "PD": "publication_date",
    "PY": "year",
    "SO": "venue",
    "DE": "keywords",
    "DI": "doi",
    "PM": "pmid",
}
#: Of which each line is one thing.
_LISTS = ("AU", "AF")

#: What it says of the file, around the records, is left out.
_LINE = re.compile(r"(?!FN |VR |EF)([A-Z][A-Z0-9])(?: (.*))?$", re.DOTALL)
#: A record alone may lack what is said of the file.
_START = re.compile(r"FN [^\n]*\n\s*VR [^\n]*\n|PT [A-Z]\nA[UF] ")
#: How records of MEDLINE in it name themselves.
_MEDLINE = re.compile(r"MEDLINE:(\d+)")


def recognises(head: str) -> bool:
    """Return whether the names of the file and of its version come first, or a record does."""
    return _START.match(head.lstrip()) is not None


def read(source: Source) -> Iterator[Record]:
    """Yield the papers in order; a record that holds none is Skipped with its first line."""
    for line, tags in tagged_records(source, _LINE, first=("PT",), last="ER", joint="\n"):
        yield record_of(_fields, tags, source, line)


def _fields(tags: Tags) -> Fields:
    """Return a record's values under Paper's names; what the format wraps is one line."""
    lines = {tag: each_line(tags, tag) for tag in tags if tag in TAGS}
    # Those of MEDLINE have all authors in one line.
    fields: dict[str, object] = {
        TAGS[tag]: [first_last(name) for name in names(";".join(values))]
        if tag in _LISTS
        else " ".join(values)
        for tag, values in lines.items()
    }
    if number := _MEDLINE.fullmatch(only(tags, "UT") or ""):
        fields.setdefault("pmid", number[1])
    return named(fields)
