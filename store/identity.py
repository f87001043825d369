"""Identity: which records speak of the same paper.

Records that share a published identifier do. So do records of the same title, unless something
contradicts it: identifiers of one kind that differ, or authors of whom not one is the same.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping

from store.papers import Paper, title_key

_WORD = re.compile(r"[^\W\d_]{2,}")


def keys(paper: Paper) -> frozenset[str]:
    """Return what the paper may be met under: its identifiers, its id and its title."""
    return paper.identifiers | {paper.id, title_key(paper.title)}


def by_name(papers: Iterable[Paper]) -> dict[str, Paper]:
    """Return papers by whatever each of them alone may be met under, and by their ids in any case.

    An id that a paper had before it got a better one is among that, so long as its title stays.
    """
    known = {paper.id: paper for paper in papers}
    met: dict[str, list[Paper]] = {}
    for paper in known.values():
        for key in keys(paper):
            met.setdefault(key, []).append(paper)
    return {key: same[0] for key, same in met.items() if len(same) == 1} | known


def contradict(one: Paper, other: Paper) -> bool:
    """Return whether two papers of the same title are different papers for sure."""
    mine, theirs = _by_kind(one), _by_kind(other)
    if any(mine[kind].isdisjoint(theirs[kind]) for kind in mine.keys() & theirs.keys()):
        return True
    if one.id == other.id or not one.authors or not other.authors:
        return False
    return _words(one.authors).isdisjoint(_words(other.authors))


class Gathering:
    """Papers known and new, brought together one record at a time.

    `papers` are those that may be met, by id; `owners` says under which keys. Afterwards `papers`
    holds them as they have become and `origins` from which ids those have come that a record
    was about: none for a paper that is new. `names` are the keys that those were met under.
    """

    def __init__(self, papers: Mapping[str, Paper], owners: Mapping[str, Collection[str]]) -> None:
        self.papers = dict(papers)
        self.origins: dict[str, frozenset[str]] = {}
        self.names: dict[str, frozenset[str]] = {}
        self._known = frozenset(papers)
        self._owners = {key: set(ids) for key, ids in owners.items()}

    def add(self, record: Paper) -> None:
        """Merge a record with every paper that it is about."""
        same = self._same(record)
        origins = {origin for each in same for origin in self._origins(each)}
        names = keys(record)
        whole = record
        for each in reversed(same):
            whole = self.papers.pop(each).merged_with(whole)
            self.origins.pop(each, None)
            names |= self.names.pop(each, frozenset())
        self.papers[whole.id] = whole
        self.names[whole.id] = names
        self.origins[whole.id] = frozenset(origins)
        if gone := set(same) - {whole.id}:
            for ids in self._owners.values():
                if not ids.isdisjoint(gone):
                    ids.difference_update(gone)
                    ids.add(whole.id)
        for key in keys(record) | keys(whole):
            self._owners.setdefault(key, set()).add(whole.id)

    def _same(self, record: Paper) -> list[str]:
        """Return the ids, sorted, of the papers that a record is about."""
        by_identifier = {*self._owned(record.identifiers), record.id} & self.papers.keys()
        known = [record, *(self.papers[each] for each in by_identifier)]
        by_title = [
            each
            for each in self._owned([title_key(record.title), record.id])
            if each not in by_identifier
            and not any(contradict(self.papers[each], paper) for paper in known)
        ]
        # Two papers of this title are two because they contradict each other.
        return sorted([*by_identifier, *by_title[:1]])

    def _owned(self, wanted: Iterable[str]) -> list[str]:
        return sorted({each for key in wanted for each in self._owners.get(key, ())})

    def _origins(self, paper_id: str) -> frozenset[str]:
        own = frozenset([paper_id]) & self._known
        return self.origins.get(paper_id, own)


def _by_kind(paper: Paper) -> dict[str, set[str]]:
    kinds: dict[str, set[str]] = {}
    for name in paper.identifiers:
        kinds.setdefault(name.partition(":")[0], set()).add(name)
    return kinds


def _words(names: Iterable[str]) -> set[str]:
    """Return the words in names, of two letters or more, without accents and upper case."""
    plain = unicodedata.normalize("NFKD", " ".join(names).casefold())
    letters = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return set(_WORD.findall(letters))
