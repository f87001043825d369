"""Tables: CSV and TSV, whose columns are told by their names."""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence

from store.errors import ReadError
from store.readers.fields import folded, named, record_of
from store.readers.record import Origin, Record, Skipped, shortened
from store.readers.source import Source

NAME = "CSV or TSV"
SUFFIXES = (".csv", ".tsv", ".tab")

DELIMITERS = ("\t", ",", ";", "|")
#: Words by which a column is known where no column has one of the usual names, and words that
#: tell it is another.
_TELLING = {"abstract": ("abstract", "summary"), "title": ("title",)}
_OTHERS = ("journal", "source", "publication", "series", "short", "book", "conference", "graphical")


def recognises(head: str) -> bool:
    """Return whether the first line names a column of titles and one of abstracts."""
    return _delimiter(head) is not None


def read(source: Source) -> Iterator[Record]:
    """Yield a paper a row, in order; a row that holds none is Skipped with its last line.

    Raises ReadError where no columns of titles and of abstracts are named.
    """
    delimiter = _delimiter(source.head().decode("utf-8", "replace")) or ","
    rows = csv.reader(source.lines(), delimiter=delimiter)
    header: Sequence[str] | None = None
    while True:
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            yield Skipped(source.where, rows.line_num, f"not CSV: {error}")
            continue
        if not any(cell.strip() for cell in row):
            continue
        if header is None:
            header = columns(row, source, rows.line_num)
        else:
            yield record_of(named(cells(header, row)), source, rows.line_num)


def columns(header: Sequence[str], origin: Origin, number: int) -> list[str]:
    """Return the columns' names, those of titles and abstracts under these very words.

    Raises ReadError where there are no such columns.
    """
    found = list(header)
    for field, words in _TELLING.items():
        if named(dict.fromkeys(found, "known"))[field]:
            continue
        telling = [name for name in found if _tells(name, words)]
        if not telling:
            listed = ", ".join(repr(shortened(name, 30)) for name in header[:12])
            raise ReadError(
                origin.where,
                number,
                f"no column is named {field}, among {listed}; name the columns in the first line",
            )
        found[found.index(telling[0])] = field
    return found


def cells(header: Iterable[str], row: Iterable[object]) -> Mapping[str, object]:
    """Return a row's cells by their columns; of columns of one name the first with a value."""
    found: dict[str, object] = {}
    for name, value in zip(header, row, strict=False):
        if value not in (None, "") and name not in found:
            found[name] = value
    return found


def _tells(name: str, words: Iterable[str]) -> bool:
    known = folded(name)
    return any(word in known for word in words) and not any(word in known for word in _OTHERS)


def _delimiter(head: str) -> str | None:
    """Return the delimiter with which the first line names titles and abstracts, if any."""
    line = head.lstrip().partition("\n")[0]
    for delimiter in DELIMITERS:
        if delimiter not in line:
            continue
        try:
            header = next(csv.reader([line], delimiter=delimiter))
        except csv.Error:
            continue
        if all(any(_tells(name, words) for name in header) for words in _TELLING.values()):
            return delimiter
    return None
