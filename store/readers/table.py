"""Tables: CSV and TSV, whose columns are told by their names."""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from store.errors import ReadError
from store.readers.fields import record_of
from store.readers.keys import folded, named
from store.readers.lines import MARK
from store.readers.record import Origin, Record, Skipped, shortened
from store.readers.source import HEAD, Source
from store.readers.web_of_science import TAGS

NAME = "CSV or TSV"
SUFFIXES = (".csv", ".tsv", ".tab")

DELIMITERS = ("\t", ",", ";", "|")
#: Rows of which one names the columns; an export may say before it what it is.
HEADER_ROWS = 20
#: Words by which a column is known where no column has one of the usual names, and words that
#: tell it is another.
_TELLING = {"abstract": ("abstract", "summar"), "title": ("title",)}
_OTHERS = ("journal", "source", "publication", "series", "short", "book", "conference", "graphical")
#: What Python's reader says of a quote that nothing closes.
_OPEN = "unexpected end of data"
#: Words of what it says -> what people may mend.
_WRONG = {
    _OPEN: "a quote opens here that is never closed; no row behind it is read",
    "expected after": "a quote within a quoted cell; write it twice",
    "field larger": f"a cell of more than {csv.field_size_limit():,} characters",
}
#: Characters of a column's name at most.
_LONGEST_NAME = 60


def recognises(head: str) -> bool:
    """Return whether a row near the beginning names a column of titles and one of abstracts."""
    return _delimiter(head) is not None


def read(source: Source) -> Iterator[Record]:
    """Yield a paper a row, in order; a row that holds none is Skipped with its last line.

    Raises ReadError where no columns of titles and of abstracts are named.
    """
    delimiter = _delimiter(source.beginning()) or ","
    unquoted = delimiter == "\t" and _is_unquoted(source)
    rows = csv.reader(
        source.lines(),
        delimiter=delimiter,
        quoting=csv.QUOTE_NONE if unquoted else csv.QUOTE_MINIMAL,
        strict=True,
    )
    yield from records(_numbered(rows, source), source, whole=True)


def records(
    rows: Iterable[tuple[int, Sequence[object]] | Skipped],
    origin: Origin,
    *,
    unit: str = "line",
    whole: bool = False,
) -> Iterator[Record]:
    """Yield the papers of numbered rows; those before the columns' names are left out.

    So is a row of these names again, as in files that were put together. A row longer than the
    names is Skipped where rows must be `whole`: its cells may stand for others. Raises ReadError
    where none of the first HEADER_ROWS rows names the columns.
    """
    header: list[str] | None = None
    written: list[object] = []
    unfit: list[ReadError] = []
    for row in rows:
        if isinstance(row, Skipped):
            yield row
            continue
        number, values = row
        if not any(map(_holds, values)):
            continue
        if header is None:
            try:
                header = columns([str(value or "") for value in values], origin, number)
                written = list(values)
            except ReadError as error:
                unfit.append(error)
                if len(unfit) == HEADER_ROWS:
                    break
        elif _unmarked(values) == written:
            continue
        elif whole and any(map(_holds, values[len(header) :])):
            reason = f"{len(values)} cells under {len(header)} names of columns; quote such cells"
            yield Skipped(origin.where, number, f"{reason} as hold the delimiter", unit)
        else:
            yield record_of(named, cells(header, values), origin, number, unit)
    if header is None and unfit:
        raise unfit[0]


def columns(header: Sequence[str], origin: Origin, number: int) -> list[str]:
    """Return the columns' names, those of titles and abstracts under these very words.

    Raises ReadError where there are no such columns.
    """
    found = list(header)
    if {"TI", "AB"} <= {*found}:
        found = [TAGS.get(name, name) for name in found]
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


def _numbered(rows: Any, source: Source) -> Iterator[tuple[int, list[str]] | Skipped]:
    while True:
        begun = rows.line_num + 1
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            # What is not closed takes in all the rows behind it.
            number = begun if str(error) == _OPEN else rows.line_num
            reason = next((said for sort, said in _WRONG.items() if sort in str(error)), str(error))
            yield Skipped(source.where, number, f"not CSV: {reason}")
        else:
            yield rows.line_num, row


def _holds(cell: object) -> bool:
    return bool(cell.strip() if isinstance(cell, str) else cell)


def _unmarked(values: Sequence[object]) -> list[object]:
    """Return the cells of a row, the first as it is without a mark, which hides its quotes."""
    first, *others = values
    if isinstance(first, str) and first.startswith(MARK):
        first = first.removeprefix(MARK).strip('"')
    return [first, *others]


def _tells(name: str, words: Iterable[str]) -> bool:
    known = folded(name)
    return (
        len(name) <= _LONGEST_NAME
        and any(word in known for word in words)
        and not any(word in known for word in _OTHERS)
    )


def _delimiter(head: str) -> str | None:
    """Return the delimiter with which the earliest row names titles and abstracts, if any."""
    rows = {delimiter: _header_row(head, delimiter) for delimiter in DELIMITERS}
    fit = [delimiter for delimiter in DELIMITERS if rows[delimiter] is not None]
    return min(fit, key=lambda delimiter: rows[delimiter] or 0, default=None)


def _header_row(head: str, delimiter: str) -> int | None:
    """Return which row names titles and abstracts; one that is not the first, by usual names."""
    lines = csv.reader((f"{line}\n" for line in head.lstrip().split("\n")), delimiter=delimiter)
    rows = islice(filter(any, lines), HEADER_ROWS)
    try:
        for number, row in enumerate(rows):
            usual = named(dict.fromkeys([*row, *(TAGS.get(name, "") for name in row)], "known"))
            if (usual["title"] and usual["abstract"]) or (number == 0 and _tell_both(row)):
                return number
    except csv.Error:
        pass
    return None


def _tell_both(row: Sequence[str]) -> bool:
    """Return whether one cell tells of titles and another of abstracts."""
    told = [{place for place, name in enumerate(row) if _tells(name, w)} for w in _TELLING.values()]
    return all(told) and len(set().union(*told)) > 1


def _is_unquoted(source: Source) -> bool:
    """Return whether quotes at the beginning of cells are part of their text."""
    lines = iter([f"{line}\n" for line in source.beginning().split("\n")])
    try:
        for row in csv.reader(lines, delimiter="\t", strict=True):
            if {"TI", "AB"} <= {*row}:
                return True
    except csv.Error:
        # Where the head ends, a cell may be cut off.
        return next(lines, None) is not None or len(source.head()) < HEAD
    return False
