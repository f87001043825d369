"""Batches of a stream."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

#: Values bound in one SQL statement; SQLite's own limit is 32,766, older builds' 999.
SLICE = 900

Item = TypeVar("Item")


def batches(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """Yield the items in lists of `size`, the last one shorter; none is empty."""
    stream = iter(items)
    while batch := list(islice(stream, size)):
        yield batch
