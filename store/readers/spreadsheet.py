"""XLSX: every sheet whose first row names columns of titles and abstracts."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, BinaryIO

from store.errors import MissingExtra, ReadError
from store.readers.record import Origin, Record, Skipped, shortened
from store.readers.table import records

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
        # Some exports declare a sheet smaller than it is.
        sheet.reset_dimensions()
        rows = enumerate(sheet.iter_rows(values_only=True), 1)
        plain = ((number, [_plain(value) for value in row]) for number, row in rows)
        try:
            yield from records(plain, Origin(where, origin.name), unit="row")
        except ReadError as error:
            unfit.append(error)
    if unfit and len(unfit) == len(sheets):
        raise unfit[0]
    yield from (Skipped(error.path, error.line, error.reason, "row") for error in unfit)


def _plain(value: object) -> object:
    """Return a cell as text or whole number; a date as ISO 8601."""
    from openpyxl.utils.escape import unescape

    if isinstance(value, str):
        return unescape(value)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value.isoformat() if isinstance(value, date) else value
