"""JSON lines: one paper a line, under the field names that exports commonly use."""

import json
from collections.abc import Iterator

from store.readers.fields import record_of
from store.readers.json_records import fields_of
from store.readers.record import Record, Skipped
from store.readers.source import Source

NAME = "JSON lines"


def recognises(head: str) -> bool:
    """Return whether the first line that is not blank starts an object."""
    return head.lstrip().startswith("{")


def read(source: Source) -> Iterator[Record]:
    """Yield a paper a line, in order; a line that holds none is Skipped with the reason."""
    for number, line in enumerate(source.lines(), 1):
        if not line.strip():
            continue
        try:
            fields = fields_of(json.loads(line))
        except (json.JSONDecodeError, RecursionError) as error:
            yield Skipped(source.where, number, f"not JSON: {error}")
        except ValueError as error:
            yield Skipped(source.where, number, str(error))
        else:
            yield record_of(fields, source, number)
