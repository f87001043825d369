"""A JSON document: an array of records, or an object that holds one, as services answer."""

import json
import re
from collections.abc import Iterator
from typing import Any

import ijson

from store.errors import ReadError
from store.readers.fields import record_of
from store.readers.json_records import fields_of
from store.readers.record import Record, Skipped
from store.readers.source import Source

NAME = "JSON"

#: The keys under which services hold the records of one answer: OpenAlex, Semantic Scholar,
#: Zotero and Crossref.
HOLDERS = ("results", "data", "items", "message.items", "papers", "works")

_PLACES = frozenset(["item", *(f"{key}.item" for key in HOLDERS)])
_HELD = re.compile(r'"(?:results|data|items|papers|works)"\s*:\s*\[')


def recognises(head: str) -> bool:
    """Return whether a document starts as an array, or as an object of several lines or records."""
    start = head.lstrip()
    if start.startswith("["):
        return True
    first, _, rest = start.partition("\n")
    if not first.startswith("{") or rest.lstrip().startswith("{"):
        return False
    return first.strip() == "{" or _HELD.search(start) is not None


def read(source: Source) -> Iterator[Record]:
    """Yield the papers in order; a record that holds none is Skipped with its number.

    Raises ReadError where the document ends early or is not JSON; what stands before is read.
    """
    number = 0
    try:
        for number, record in enumerate(_records(source), 1):
            try:
                fields = fields_of(record)
            except ValueError as error:
                yield Skipped(source.where, number, str(error), "record")
            else:
                yield record_of(fields, source, number, "record")
    except (ijson.JSONError, ValueError, RecursionError) as error:
        reason = " ".join(str(error).split())[:80]
        raise ReadError(source.where, None, f"not JSON after record {number}: {reason}") from error


def _records(source: Source) -> Iterator[Any]:
    head = source.head().decode("utf-8", "replace").lstrip()
    if head.startswith("[") or _HELD.search(head):
        return _held(source)
    return iter([json.loads(source.read())])


def _held(source: Source) -> Iterator[Any]:
    """Yield the values in the document's array one by one."""
    builder: ijson.ObjectBuilder | None = None
    depth = 0
    for prefix, event, value in ijson.parse(source, use_float=True):
        if builder is None:
            # The end of the array itself stands under the array's own prefix.
            if prefix not in _PLACES:
                continue
            builder = ijson.ObjectBuilder()
        builder.event(event, value)
        depth += event in ("start_map", "start_array")
        depth -= event in ("end_map", "end_array")
        if depth == 0:
            source.begin_record()
            yield builder.value
            builder = None
