"""The formats that are read, and which of them a document is in."""

import re
from collections.abc import Iterator
from itertools import islice
from types import ModuleType
from typing import Protocol, cast

from store.errors import ReadError
from store.readers import (
    bibtex,
    endnote,
    json_document,
    json_lines,
    listing,
    nbib,
    plain,
    ris,
    table,
    web_of_science,
    xml,
)
from store.readers.record import Record, shortened
from store.readers.source import Source


class Format(Protocol):
    """What the module of a format holds."""

    #: What people call the format.
    NAME: str

    def recognises(self, head: str) -> bool: ...  # noqa: D102
    def read(self, source: Source) -> Iterator[Record]: ...  # noqa: D102


#: In the order in which they are asked; the first ones say most clearly what they are.
FORMATS = (
    xml,
    json_document,
    json_lines,
    bibtex,
    ris,
    nbib,
    endnote,
    web_of_science,
    listing,
    table,
    plain,
)

#: Formats in which exports say something of themselves before the first record, and in how many
#: lines at most.
PREFACED = (bibtex, ris, nbib)
PREFACE = 20

#: What other files begin with that people have beside papers' records.
_FOREIGN = {
    b"%PDF": "a PDF; papers are added as records with title and abstract, not as full texts",
    b"\xd0\xcf\x11\xe0": "an old Office file; save it as XLSX or CSV",
    b"{\\rtf": "an RTF text; save it as plain text",
}
#: What tells texts in which services lay records out for people.
_LAID_OUT = {
    # A citation with its number, and "PMID:" at the end.
    re.compile(r"\A\s*\d{1,6}\. (?>[^\n]+\b[12]\d{3}\b)(?s:.*)^PMID: \d", re.MULTILINE): (
        "these are PubMed's abstracts laid out for reading; save them in its format PubMed, which "
        "keeps what is what"
    ),
    re.compile(r"^Record #\d+ of \d+\s+(?:ID|AU|TI): ", re.MULTILINE): (
        "this is the Cochrane Library's plain text; save it as RIS or BibTeX"
    ),
}


def format_of(source: Source, *, suffix: str) -> Format:
    """Return the format of a document: by what it holds, else by the `suffix` of its name.

    Raises ReadError where it is empty, is no text, or is in no format known here.
    """
    start = source.head()
    for mark, what in _FOREIGN.items():
        if start.startswith(mark):
            raise ReadError(source.where, None, f"this is {what}")
    if b"\0" in start:
        raise ReadError(source.where, None, "this is no text; name a file of papers' records")
    head = source.beginning()
    if not head.strip():
        raise ReadError(source.where, None, "this file is empty; nothing was read from it")
    for form, what in _LAID_OUT.items():
        if form.search(head):
            raise ReadError(source.where, None, what)
    if module := next(_candidates(head, suffix), None):
        return cast("Format", module)
    raise _unknown(source, head)


def _candidates(head: str, suffix: str) -> Iterator[ModuleType]:
    """Yield the formats that a document is in, the likeliest first."""
    yield from (module for module in FORMATS if module.recognises(head))
    yield from (module for module in FORMATS if suffix in getattr(module, "SUFFIXES", ()))
    for line_end in islice(re.finditer("\n", head), PREFACE):
        rest = head[line_end.end() :]
        yield from (module for module in PREFACED if module.recognises(rest))


def _unknown(source: Source, head: str) -> ReadError:
    line = 1 + head[: len(head) - len(head.lstrip())].count("\n")
    first = head.strip().partition("\n")[0].strip()
    return ReadError(
        source.where,
        line,
        f"in no known format: {shortened(first)!r}; assistant add --help lists the formats",
    )
