"""XLSX: every sheet whose first row names columns of titles and abstracts."""

import zipfile
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

from store.errors import MissingExtra, ReadError
from store.readers.lines import LONGEST_RECORD, too_long
from store.readers.record import Origin, Record, Skipped, shortened
from store.readers.table import records

NAME = "XLSX"

#: The member that only a spreadsheet's archive has.
BOOK = "xl/workbook.xml"
#: Bytes of one member at most: texts that cells share are held in memory, all of them.
LARGEST_MEMBER = 512 * 2**20
#: Rows without a value in one file at most, those among them that no sheet writes but only counts;
#: full sheets have 2**20 rows.
EMPTY_ROWS = 2**21
#: Cells of a row that are looked at.
COLUMNS = 1000


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
        _require_bounded(file, origin)
        book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
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


def _require_bounded(file: BinaryIO, origin: Origin) -> None:
    with zipfile.ZipFile(file) as archive:
        large = [one.filename for one in archive.infolist() if one.file_size > LARGEST_MEMBER]
    if large:
        limit = f"more than {LARGEST_MEMBER // 2**20} MB"
        reason = f"{shortened(large[0])} in it unpacks to {limit}; save the sheets as CSV"
        raise ReadError(origin.where, None, reason)


def _sheets(sheets: Sequence[Any], origin: Origin) -> Iterator[Record]:
    unfit: list[ReadError] = []
    empty = iter(range(EMPTY_ROWS))
    for sheet in sheets:
        where = origin.where if len(sheets) == 1 else f"{origin.where}[{sheet.title}]"
        try:
            yield from records(_rows(sheet, where, empty), Origin(where, origin.name), unit="row")
        except ReadError as error:
            unfit.append(error)
    if unfit and len(unfit) == len(sheets):
        raise unfit[0]
    yield from (Skipped(error.path, error.line, error.reason, "row") for error in unfit)


def _rows(
    sheet: Any, where: Path | str, empty: Iterator[int]
) -> Iterator[tuple[int, list[object]] | Skipped]:
    """Yield a sheet's rows with their numbers; raises ValueError once none may be `empty`."""
    # Some exports declare a sheet smaller than it is.
    sheet.reset_dimensions()
    for number, row in enumerate(sheet.iter_rows(values_only=True), 1):
        if not any(row):
            if next(empty, None) is None:
                raise ValueError(f"more than {EMPTY_ROWS:,} rows are empty")
        elif sum(len(value) for value in row if isinstance(value, str)) > LONGEST_RECORD:
            yield Skipped(where, number, too_long(where, number).reason, "row")
        else:
            yield number, [_plain(value) for value in row[:COLUMNS]]


def _plain(value: object) -> object:
    """Return a cell as text or whole number; a date as ISO 8601."""
    from openpyxl.utils.escape import unescape

    if isinstance(value, str):
        return unescape(value)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value.isoformat() if isinstance(value, date) else value
