"""Request: which papers a source is asked for; Page: what it answers at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from store.readers import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Papers by `ids`, or by `query` and by dates, both ends included; at most `limit`."""

    ids: tuple[str, ...] = ()
    query: str = ""
    since: str = ""
    until: str = ""
    limit: int = 1000


class Page(NamedTuple):
    """Records in the order of the source, and the position from which the next page begins."""

    records: Sequence[Record]
    next: int
