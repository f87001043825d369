"""Sayings: what each source said of a paper when it was last read.

Of several sources that differ each is heard once: else two of them would overwrite each other
whenever they are added again. A source that says something else than when it was last read has
something new to say, also where that is what it said before. Of records without a source each is
heard once, whoever said it.

A paper is withdrawn while the last word of any source says so of its latest version.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace

import sqlalchemy as sa

from store.batches import SLICE, batches
from store.database import Database
from store.papers import Paper, sha256
from store.schema import aliases, papers

#: What a saying begins with, among the keys that are noted of a paper.
PREFIX = "said:"
#: What parts its content from the version that it calls withdrawn.
WITHDRAWN = "!"
#: Hex digits of the hashes of a source's name and of what it said.
SOURCE_DIGITS, CONTENT_DIGITS = 8, 24


@dataclass(frozen=True, slots=True)
class Saying:
    """What a source said in a reading, which is the generation before it; both as hashes.

    Without a source, as in what an older version noted, the source is "". `withdrawn` is the arXiv
    version that is said to be, 0 where the record names none, and None where it is not.
    """

    source: str
    reading: int
    content: str
    withdrawn: int | None = None

    @classmethod
    def of(
        cls, source: str | None, reading: int, content_hash: str, *, withdrawn: int | None = None
    ) -> "Saying":
        """Return what is said by a source of that name, by the hash of the record."""
        name = sha256(source)[:SOURCE_DIGITS] if source else ""
        return cls(name, reading, content_hash[:CONTENT_DIGITS], withdrawn)

    @classmethod
    def noted(cls, key: str) -> "Saying":
        """Return the saying that is noted as `key`."""
        told, _, version = key.removeprefix(PREFIX).partition(WITHDRAWN)
        *where, content = told.split(":")
        source, reading = (where[0], int(where[1])) if where else ("", 0)
        return cls(source, reading, content, int(version) if version else None)

    @property
    def key(self) -> str:
        """The key under which it is noted."""
        where = f"{self.source}:{self.reading}:" if self.source or self.reading else ""
        mark = "" if self.withdrawn is None else f"{WITHDRAWN}{self.withdrawn}"
        return f"{PREFIX}{where}{self.content}{mark}"

    def repeats(self, known: Collection["Saying"]) -> bool:
        """Return whether the source said so when it was last read, or if it never was, any did."""
        own = [one for one in known if self.source and one.source == self.source]
        last = max((one.reading for one in own), default=0)
        heard = [one for one in own if one.reading == last] or known
        return any(one.content == self.content and self._adds_no_version(one) for one in heard)

    def _adds_no_version(self, known: "Saying") -> bool:
        """Return whether all that this one calls withdrawn is called so by one of its content."""
        if self.withdrawn is None or not known.withdrawn:
            return True
        return 0 < self.withdrawn <= known.withdrawn


def said(record: Paper, reading: int) -> Saying:
    """Return what a record says."""
    withdrawn = (record.arxiv_version or 0) if record.withdrawn else None
    return Saying.of(record.source, reading, record.content_hash, withdrawn=withdrawn)


def is_withdrawn(heard: Collection[Saying], *, version: int | None) -> bool:
    """Return whether a source's last word is that a paper, of this arXiv version, is withdrawn.

    What was said of a version before it does not count any more.
    """
    last: dict[str, int] = {}
    for one in heard:
        last[one.source] = max(one.reading, last.get(one.source, 0))
    return any(
        one.withdrawn is not None
        and not 0 < one.withdrawn < (version or 0)
        and one.reading == last[one.source]
        for one in heard
    )


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
        columns = ("id", "source", "content_hash", "arxiv_version", "withdrawn", "generation")
        query = sa.select(*(papers.c[name] for name in columns))
        for row in database.rows(query.where(papers.c.id.in_(some))):
            since = reading if row.generation > reading else 0
            heard = found.setdefault(row.id, {Saying.of(row.source, since, row.content_hash)})
            # Where an older version did not note who said so, all of them may have.
            if row.withdrawn and all(one.withdrawn is None for one in heard):
                version = row.arxiv_version or 0
                found[row.id] = {replace(one, withdrawn=version) for one in heard}
    return {paper_id: frozenset(one) for paper_id, one in found.items()}
