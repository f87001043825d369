"""JSON lines: a paper or a service's answer a line, under the field names of common exports."""

import json
from collections.abc import Iterator

from store.errors import ReadError
from store.readers.fields import record_of
from store.readers.json_records import fields_of, records_in
from store.readers.lines import MARK
from store.readers.record import Record, Skipped
from store.readers.source import Source

NAME = "JSON lines"


def recognises(head: str) -> bool:
    """Return whether the first line that is not blank starts an object."""
    return head.lstrip().startswith("{")


def read(source: Source) -> Iterator[Record]:
    """Yield the papers in order; a line that holds none is Skipped with the reason."""
    for number, line in enumerate(source.lines_or_errors(), 1):
        if isinstance(line, ReadError):
            yield Skipped(source.where, number, line.reason)
            continue
        line = line.removeprefix(MARK)
        if not line.strip():
            continue
        try:
            records = records_in(json.loads(line))
        except (json.JSONDecodeError, RecursionError) as error:
            yield Skipped(source.where, number, f"not JSON: {error}")
        except ValueError as error:
            yield Skipped(source.where, number, str(error))
        else:
            yield from (record_of(fields_of, record, source, number) for record in records)
