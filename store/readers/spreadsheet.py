"""XLSX: every sheet whose first row names columns of titles and abstracts."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, BinaryIO

from store.errors import MissingExtra, ReadError
from store.readers.fields import named, record_of
from store.readers.record import Origin, Record, Skipped, shortened
from store.readers.table import cells, columns

NAME = "XLSX"

#: The member that only a spreadsheet's archive has.
BOOK = "xl/workbook.xml"


def recognises(file: BinaryIO) -> bool:
    """Return whether a file in which one can go back is a spreadsheet."""
    start = file.read(4)
    file.seek(0)
    return start == b"PK\x03\x04"


def read(file: BinaryIO, origin: Origin) -> Iterator[Record]:
    """Yield a paper a row, sheet by sheet; a row that holds none is Skipped with its number.

    So is a sheet without such columns beside one with them. Raises ReadError where the file is
    damaged or no sheet has such columns, MissingExtra where the library for it is not installed.
    """
    try:
        from openpyxl import load_workbook
    except ImportError as error:
        raise MissingExtra("formats", "openpyxl") from error
    try:
        book = load_workbook(file, read_only=True, data_only=True)
        yield from _sheets(book.worksheets, origin)
    except ReadError:
        raise
    except Exception as error:
        # What openpyxl raises for damaged files is of many kinds.
        raise ReadError(
            origin.where,
            None,
            f"not a whole spreadsheet: {shortened(str(error), 120)}; save it anew",
        ) from error


def _sheets(sheets: Sequence[Any], origin: Origin) -> Iterator[Record]:
    unfit: list[ReadError] = []
    for sheet in sheets:
        where = origin.where if len(sheets) == 1 else f"{origin.where}[{sheet.title}]"
        try:
            yield from _records(sheet.iter_rows(values_only=True), Origin(where, origin.name))
        except ReadError as error:
            unfit.append(error)
    if unfit and len(unfit) == len(sheets):
        raise unfit[0]
    yield from (Skipped(error.path, error.line, error.reason, "row") for error in unfit)


def _records(rows: Iterator[tuple[object, ...]], origin: Origin) -> Iterator[Record]:
    header: list[str] | None = None
    for number, row in enumerate(rows, 1):
        values = [_plain(value) for value in row]
        if not any(values):
            continue
        if header is None:
            header = columns([str(value or "") for value in values], origin, number)
        else:
            fields = named(cells(header, values))
            yield record_of(fields, origin, number, "row")


def _plain(value: object) -> object:
    """Return a cell as text or whole number; a date as ISO 8601."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value.isoformat() if isinstance(value, date) else value
