"""Sayings: what each source said of a paper when it was last read.

Of several sources that differ each is heard once: else two of them would overwrite each other
whenever they are added again. A source that says something else than when it was last read has
something new to say, also where that is what it said before. Of records without a source each is
heard once, whoever said it.
"""

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa

from store.batches import SLICE, batches
from store.database import Database
from store.papers import Paper, sha256
from store.schema import aliases, papers

#: What a saying begins with, among the keys that are noted of a paper.
PREFIX = "said:"
#: Hex digits of the hashes of a source's name and of what it said.
SOURCE_DIGITS, CONTENT_DIGITS = 8, 24


@dataclass(frozen=True, slots=True)
class Saying:
    """What a source said in a reading, which is the generation before it; both as hashes.

    Without a source, as in what an older version noted, the source is "".
    """

    source: str
    reading: int
    content: str

    @classmethod
    def of(cls, source: str | None, reading: int, content_hash: str) -> "Saying":
        """Return what is said by a source of that name, by the hash of the record."""
        name = sha256(source)[:SOURCE_DIGITS] if source else ""
        return cls(name, reading, content_hash[:CONTENT_DIGITS])

    @classmethod
    def noted(cls, key: str) -> "Saying":
        """Return the saying that is noted as `key`."""
        *where, content = key.removeprefix(PREFIX).split(":")
        return cls(where[0], int(where[1]), content) if where else cls("", 0, content)

    @property
    def key(self) -> str:
        """The key under which it is noted."""
        where = f"{self.source}:{self.reading}:" if self.source else ""
        return f"{PREFIX}{where}{self.content}"

    def repeats(self, known: Collection["Saying"]) -> bool:
        """Return whether the source said so when it was last read, or if it never was, any did."""
        own = [one for one in known if self.source and one.source == self.source]
        last = max((one.reading for one in own), default=0)
        heard = [one for one in own if one.reading == last] or known
        return any(one.content == self.content for one in heard)


def said(record: Paper, reading: int) -> Saying:
    """Return what a record says."""
    return Saying.of(record.source, reading, record.content_hash)


def sayings(
    database: Database, paper_ids: Collection[str], *, reading: int
) -> dict[str, frozenset[Saying]]:
    """Return what has been said of each of these papers; nothing is noted while none differ.

    `reading` is the present one, in which papers may have been added already.
    """
    found: dict[str, set[Saying]] = {}
    for some in batches(paper_ids, SLICE):
        own = aliases.c.paper_id.in_(some) & aliases.c.alias.startswith(PREFIX)
        for row in database.rows(sa.select(aliases).where(own)):
            found.setdefault(row.paper_id, set()).add(Saying.noted(row.alias))
        columns = (papers.c.id, papers.c.source, papers.c.content_hash, papers.c.generation)
        for row in database.rows(sa.select(*columns).where(papers.c.id.in_(some))):
            since = reading if row.generation > reading else 0
            found.setdefault(row.id, {Saying.of(row.source, since, row.content_hash)})
    return {paper_id: frozenset(one) for paper_id, one in found.items()}
