"""Identity: which records speak of the same paper.

Records that share a published identifier do, unless a better identifier contradicts it, or title
and authors both do: then one of them bears a wrong identifier, as chapters bear their book's.
Records of the same title do, unless identifiers of one kind differ or not one author is the same;
where both have been published under ids of their own, in other years or at other addresses,
something has to speak for it as well.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping

from store.papers import (
    Paper,
    is_title_id,
    namesake_id,
    paper_id,
    published_form,
    rank,
    title_key,
)
from store.sayings import Saying, is_withdrawn, said

#: Words at the start of two abstracts that tell whether they begin alike.
OPENING = 10

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
    """Return whether two papers that share an identifier are different papers for sure.

    An identifier of a kind that names papers less well than the shared one may differ: a preprint
    has a DOI in each place that it was published in.
    """
    return _other_identifiers(one, other) or (
        _other_authors(one, other) and _other_titles(one, other)
    )


def namesakes(one: Paper, other: Paper) -> bool:
    """Return whether two papers of the same title are different papers, as far as can be told."""
    if _other_identifiers(one, other) or _other_authors(one, other):
        return True
    apart = (one.identifiers and other.identifiers) or _other_whereabouts(one, other)
    return bool(apart) and not _akin(one, other)


class Gathering:
    """Papers known and new, brought together one record at a time.

    `papers` are those that may be met, by id; `owners` says under which keys, and `sayings` what
    was said of them before this `reading`. Afterwards `papers` holds them as they have become and
    `origins` from which ids those have come that a record was about: none for a paper that is new.
    `names` are the keys that those were met under, and what was said of them where that differs.
    """

    def __init__(
        self,
        papers: Mapping[str, Paper],
        owners: Mapping[str, Collection[str]],
        *,
        sayings: Mapping[str, frozenset[Saying]],
        reading: int,
    ) -> None:
        self.papers = dict(papers)
        self.origins: dict[str, frozenset[str]] = {}
        self.names: dict[str, frozenset[str]] = {}
        self._known = frozenset(papers)
        self._sayings = dict(sayings)
        self._reading = reading
        self._owners = {key: set(ids) for key, ids in owners.items()}

    def add(self, record: Paper) -> bool:
        """Merge a record with every paper that it is about; False if it cannot be told apart.

        An identifier that is another paper's is left out of the record. Where another paper has its
        title for an id, it gets one of all that tells it apart; if that is none, it is not taken.
        """
        by_identifier, others = self._identified(record)
        record = self._without_those_of(others, record, by_identifier)
        same = sorted({*by_identifier, *self._titled(record, by_identifier, others)})
        if self._is_of_another(record, same) and is_title_id(record.id):
            record = record.model_copy(update={"id": same[0] if same else namesake_id(record)})
        if self._is_of_another(record, same):
            return False
        record = self._in_the_forms_of(same, record)
        origins = {origin for each in same for origin in self._origins(each)}
        names, now = keys(record), said(record, self._reading)
        before = frozenset[Saying]().union(*(self._sayings.pop(each) for each in same))
        again = now.repeats(before)
        heard = before if again else before | {now}
        # While all say the same, it is the paper's record that tells.
        if len(heard) > 1 and (len(same) > 1 or not again):
            names |= {saying.key for saying in heard}
        whole = record
        for each in reversed(same):
            known = self.papers.pop(each)
            whole = known.merged_with(whole, again=again)
            self.origins.pop(each, None)
            names |= self.names.pop(each, frozenset())
        withdrawn = is_withdrawn(heard, version=whole.arxiv_version)
        whole = whole.model_copy(update={"withdrawn": withdrawn})
        self.papers[whole.id] = whole
        self._sayings[whole.id] = heard
        self.names[whole.id] = names
        self.origins[whole.id] = frozenset(origins)
        if gone := set(same) - {whole.id}:
            for ids in self._owners.values():
                if not ids.isdisjoint(gone):
                    ids.difference_update(gone)
                    ids.add(whole.id)
        for key in names | keys(whole):
            self._owners.setdefault(key, set()).add(whole.id)
        return True

    def _identified(self, record: Paper) -> tuple[list[str], set[str]]:
        """Return the ids of the papers that an identifier rightly names, and of those wrongly."""
        same: list[str] = []
        own = set() if is_title_id(record.id) else {record.id}
        met = {*self._owned(record.identifiers), *own} & self.papers.keys()
        # The paper of the best identifier first: what contradicts it is left out.
        for each in sorted(met, key=lambda each: self._shared(record, each)):
            paper = self.papers[each]
            if not any(contradict(paper, one) for one in (record, *self._of(same))):
                same.append(each)
        return same, met.difference(same)

    def _without_those_of(
        self, others: Collection[str], record: Paper, same: Collection[str]
    ) -> Paper:
        """Return the record without the identifiers that other papers have, and none of these."""
        wrong = {
            name
            for name in record.identifiers
            if not (met := {*self._owners.get(name, ()), name}).isdisjoint(others)
            and met.isdisjoint(same)
        }
        if not wrong:
            return record
        own = sorted(record.identifiers - wrong, key=rank) or [paper_id(record.title)]
        return record.model_copy(update={"id": own[0], "aliases": tuple(sorted(own[1:]))})

    def _in_the_forms_of(self, same: Iterable[str], record: Paper) -> Paper:
        """Return the record with its identifiers written as those of these papers are.

        Those of a former version stay: the record says what it said to it, and none is renamed.
        """
        held = {name for paper in self._of(same) for name in paper.identifiers}
        forms = {published_form(name): name for name in sorted(held)}
        names = (record.id, *record.aliases)
        own = [name if name in held else forms.get(published_form(name), name) for name in names]
        if own == [*names]:
            return record
        return record.model_copy(update={"id": own[0], "aliases": tuple(sorted(own[1:]))})

    def _titled(
        self, record: Paper, same: Collection[str], others: Collection[str]
    ) -> Collection[str]:
        """Return the id of the paper of the record's title that it is about, if there is one."""
        found = [
            each
            for each in self._owned([title_key(record.title), record.id])
            if each not in same
            and each not in others
            and not namesakes(self.papers[each], record)
            and not any(
                _other_identifiers(self.papers[each], one) or _other_authors(self.papers[each], one)
                for one in self._of(same)
            )
        ]
        # Two papers of this title are two because nothing says that they are one.
        return sorted(found, key=lambda each: not _akin(self.papers[each], record))[:1]

    def _is_of_another(self, record: Paper, same: Collection[str]) -> bool:
        """Return whether the record's id is that of a paper that it is not about."""
        return record.id in self.papers and record.id not in same

    def _of(self, paper_ids: Iterable[str]) -> list[Paper]:
        return [self.papers[each] for each in paper_ids]

    def _shared(self, record: Paper, known: str) -> tuple[int, str]:
        """Return the rank of the best name that a record shares with a paper."""
        names = keys(record)
        return min(
            rank(name) for name in names if known == name or known in self._owners.get(name, ())
        )

    def _owned(self, wanted: Iterable[str]) -> list[str]:
        return sorted({each for key in wanted for each in self._owners.get(key, ())})

    def _origins(self, paper_id: str) -> frozenset[str]:
        own = frozenset([paper_id]) & self._known
        return self.origins.get(paper_id, own)


def _other_identifiers(one: Paper, other: Paper) -> bool:
    """Return whether the best kind of identifier that both have differs."""
    mine, theirs = _by_kind(one), _by_kind(other)
    both = sorted(mine.keys() & theirs.keys(), key=lambda kind: rank(f"{kind}:"))
    return bool(both) and mine[both[0]].isdisjoint(theirs[both[0]])


def _other_authors(one: Paper, other: Paper) -> bool:
    """Return whether both name authors, and not one is the same."""
    mine, theirs = _words(one.authors), _words(other.authors)
    return bool(mine and theirs) and mine.isdisjoint(theirs)


def _other_whereabouts(one: Paper, other: Paper) -> bool:
    """Return whether both name a year of appearance, or an address, and these differ."""
    years = {(each.published or "")[:4] for each in (one, other)} - {""}
    addresses = {each.url or "" for each in (one, other)} - {""}
    return len(years) > 1 or len(addresses) > 1


def _other_titles(one: Paper, other: Paper) -> bool:
    """Return whether each title has a word that the other has not."""
    mine, theirs = _words([one.title]), _words([other.title])
    return not (mine <= theirs or theirs <= mine)


def _akin(one: Paper, other: Paper) -> bool:
    """Return whether two papers share an author, or have abstracts that begin alike."""
    if not _words(one.authors).isdisjoint(_words(other.authors)):
        return True
    mine, theirs = (_WORD.findall(_plain(each.abstract))[:OPENING] for each in (one, other))
    shorter = min(len(mine), len(theirs))
    return shorter > 0 and mine[:shorter] == theirs[:shorter]


def _by_kind(paper: Paper) -> dict[str, set[str]]:
    kinds: dict[str, set[str]] = {}
    # In one form, whichever version wrote them.
    for name in map(published_form, paper.identifiers):
        kinds.setdefault(name.partition(":")[0], set()).add(name)
    return kinds


def _words(texts: Iterable[str]) -> set[str]:
    """Return the words in texts, of two letters or more, without accents and upper case."""
    return set(_WORD.findall(_plain(" ".join(texts))))


def _plain(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in letters if not unicodedata.combining(sign))
