"""JSON documents: an array of records, an object that holds one, or objects one after another."""

import re
from collections.abc import Iterator
from typing import Any

import ijson

from store.errors import ReadError
from store.readers.fields import record_of
from store.readers.finite import Finite
from store.readers.json_records import HOLDERS, fields_of
from store.readers.record import Record, shortened
from store.readers.source import Source

NAME = "JSON"

#: How deep arrays and objects may lie in each other, and how deep the records do.
DEEPEST = 100
LONGEST_PLACE = 3

_PLACES = frozenset(["item", *(f"{key}.item" for key in HOLDERS)])
#: What stands before the first record of such an object, whose own keys may be named alike.
_HELD = re.compile(
    "|".join(
        rf'"{inner}"\s*:\s*\[' if not outer else rf'"{outer}"\s*:\s*{{.{{,2000}}?"{inner}"\s*:\s*\['
        for outer, _, inner in (key.rpartition(".") for key in HOLDERS)
    ),
    re.DOTALL,
)


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

    Raises ReadError where a document ends early or is not JSON; what stands before is read.
    """
    number = 0
    try:
        for number, record in enumerate(_records(source), 1):
            yield record_of(fields_of, record, source, number, "record")
    except (ijson.JSONError, ValueError, RecursionError) as error:
        reason = shortened(str(error), 80)
        raise ReadError(source.where, None, f"not JSON after record {number}: {reason}") from error


def _records(source: Source) -> Iterator[Any]:
    """Yield the values in the document's array, or the objects that it is, one by one."""
    head = source.head().decode("utf-8", "replace").lstrip()
    places = _PLACES if head.startswith("[") or _HELD.search(head) else {""}
    builder: ijson.ObjectBuilder | None = None
    begun = 0
    # Of each array and object that is open, which of its values comes next.
    path: list[str] = []
    for event, value in ijson.basic_parse(Finite(source), use_float=True, multiple_values=True):
        if event.startswith("end"):
            path.pop()
        elif event == "map_key":
            path[-1] = value
        elif builder is None and len(path) <= LONGEST_PLACE and ".".join(path) in places:
            builder, begun = ijson.ObjectBuilder(), len(path)
        if builder is not None:
            builder.event(event, value)
        if event.startswith("start"):
            path.append("item" if event == "start_array" else "")
            if len(path) > DEEPEST:
                reason = f"arrays and objects lie more than {DEEPEST} deep in each other"
                raise ReadError(source.where, None, reason)
        if builder is not None and len(path) == begun and event != "map_key":
            source.begin_record()
            yield builder.value
            builder = None
