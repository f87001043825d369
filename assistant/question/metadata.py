"""Metadata: what a question for papers says of their authors, venue and date, read as filters."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from assistant.query import Filters
from assistant.question.dates import Dates, date_at, dates_at
from store.corpus import Corpus
from store.lexical import terms

#: Words of the longest name of an author or a venue that is looked for.
LONGEST_NAME = 12
#: Venues that are known by their names, those of most papers.
VENUES = 10_000

#: What papers are asked for as; some words only where their authors follow.
_PAPERS = (
    r"(?:papers?|articles?|publications?|preprints?|abstracts?"
    r"|(?:works?|stud(?:y|ies)|research)(?= by\b))"
)
#: What opens a question for papers before it says which.
_OPENING = (
    r"(?:(?:please|which|what|any|all|are|is|there|do|you|have|got|list|show|find|give|recommend"
    r"|me|us|how many|the|newest|latest|recent|new|other|more)\s+)*"
)
_PUBLISHED = (
    r"(?:publish|writ|wrot|author|releas|present|post|appear|accept|submitt?|dat|propos|introduc)"
    r"(?:ed|e|en|ten|ing)?"
)
_ASKED = re.compile(
    rf"^(?P<opening>{_OPENING})(?P<ahead>(?:\S+\s+){{0,8}}?)(?P<papers>{_PAPERS})"
    r"(?P<behind>(?:\s.*)?)$",
    re.IGNORECASE,
)
#: "What did Lee et al. publish in 2023?"
_DID = re.compile(
    rf"^(?:what|which {_PAPERS})\s+(?:did|do|does|has|have)\s+(?P<name>\S+(?:\s+\S+){{0,7}}?)\s+"
    rf"{_PUBLISHED}(?P<behind>(?:\s.*)?)$",
    re.IGNORECASE,
)
_VERB = re.compile(
    r"(?:(?:that|which)\s+)?(?:(?:were|was|are|is|have been|has been)\s+)?"
    rf"(?:{_PUBLISHED}\s+)?",
    re.IGNORECASE,
)
_OWNED = re.compile(r"(?P<name>.+?)['’]s?(?:\s+(?P<behind>.*))?$")
_AND_OTHERS = re.compile(
    r"(?:et al\b\.?|(?:and|&) (?:(?:his|her|their|the) )?(?:colleagues|others|co-?authors|team))"
    r"[\s,]*",
    re.IGNORECASE,
)
#: What stands before a venue, and before a category.
_AT, _UNDER = ("at", "in", "from", "by"), ("at", "in", "from", "of", "under")
#: The code of a category, as arXiv has them.
_CODE = re.compile(r"[a-z]+(?:-[a-z]+)*[.-][a-z-]+", re.IGNORECASE)
_YEAR = re.compile(r"(?:19|20)\d\d")
_BREAK = re.compile(r"(?<=\s)(?=\S)")


@dataclass(frozen=True, slots=True)
class Metadata:
    """The `filters` that a question sets in words, and the question as it is without those."""

    filters: Filters
    rest: str


def metadata_in(corpus: Corpus, question: str) -> Metadata | None:
    """Return what `question` says of the authors, the venue and the date of the papers it wants.

    None where it asks for no papers so, or names nobody and nothing that the papers' records hold.
    """
    text = " ".join(question.split()).rstrip(" ?.!")
    if did := _DID.match(text):
        text = f"papers by {did['name']}{did['behind']}"
    asked = _ASKED.match(text)
    if asked is None:
        return None
    records = _Records(corpus)
    first, ahead = records.ahead(asked["ahead"].strip())
    second, behind = records.behind(asked["behind"].strip())
    fields = {**second, **first}
    if not fields:
        return None
    rest = (asked["opening"].strip(), ahead, asked["papers"], behind)
    return Metadata(Filters(**fields), " ".join(filter(None, rest)))


@dataclass(frozen=True, slots=True)
class _Phrase:
    """The `fields` of Filters that some words say, and the words `behind` them.

    Such as "in 2020" behind a topic may belong to it: that is not `sure`.
    """

    fields: dict[str, Any]
    behind: str
    sure: bool = True


@dataclass(frozen=True)
class _Records:
    """Reads phrases against what the records of a corpus hold."""

    corpus: Corpus

    def ahead(self, text: str) -> tuple[dict[str, Any], str]:
        """Read what stands before "papers": "ACL 2024", "March 2024", "Noam Shazeer's"."""
        fields: dict[str, Any] = {}
        owned = _OWNED.match(text)
        if owned and self._is_author(owned["name"]):
            fields, text = {"authors": (owned["name"],)}, owned["behind"] or ""
        while read := (
            self._venue(text, named=True) or self._category(text) or self._dated(date_at(text))
        ):
            fields, text = {**read.fields, **fields}, read.behind
        return fields, text

    def behind(self, text: str) -> tuple[dict[str, Any], str]:
        """Read what stands behind "papers", at once, or after the topic up to the end."""
        fields, _, text = self._phrases(text)
        for place in (match.start() for match in _BREAK.finditer(text)):
            last, sure, left = self._phrases(text[place:])
            if last and sure and not left:
                return {**last, **fields}, text[:place].strip(" ,")
        return fields, text

    def _phrases(self, text: str) -> tuple[dict[str, Any], bool, str]:
        """Read as many phrases as stand on end, and whether the first of them is sure."""
        fields: dict[str, Any] = {}
        sure = True
        while read := self._phrase(text):
            sure = sure if fields else read.sure
            fields, text = {**read.fields, **fields}, read.behind.lstrip(" ,")
        return fields, sure, text

    def _phrase(self, text: str) -> _Phrase | None:
        """Read one of "by Noam Shazeer", "published in March 2024", "since 2020", "at ACL 2024"."""
        verb = match[0] if (match := _VERB.match(text)) else ""
        bare = text.removeprefix(verb)
        word, _, rest = bare.partition(" ")
        way = word.lower()
        if read := self._dated(dates_at(bare)):
            return _Phrase(read.fields, read.behind, bool(verb) or way not in ("in", "of"))
        if way == "by" and (read := self._author(rest)):
            return read
        if way in _UNDER and (read := self._category(rest)):
            return read
        if way in _AT:
            return self._venue(rest, named=not verb and way != "at")
        return None

    def _author(self, text: str) -> _Phrase | None:
        for name, behind in _openings(text):
            if self._is_author(name):
                others = _AND_OTHERS.match(behind)
                left = behind[others.end() :] if others else behind
                return _Phrase({"authors": (name,)}, left)
        return None

    def _is_author(self, name: str) -> bool:
        # Some records name "the" or "to" as one of the authors.
        return bool(terms(name)) and bool(self.corpus.select(authors=(name,)))

    def _dated(self, dates: Dates | None) -> _Phrase | None:
        if dates is None or not self.corpus.values("published", k=1)[1]:
            return None
        given = {"since": dates.since, "until": dates.until}
        return _Phrase({name: day for name, day in given.items() if day}, dates.behind)

    def _venue(self, text: str, *, named: bool) -> _Phrase | None:
        """Read a venue; where it must be `named`, a word that is any word counts only in capitals.

        A year behind it belongs to the venue where the records write it so, else it is a date.
        """
        for name, behind in _openings(text.removeprefix("the ")):
            is_name = " " in name or name != name.lower() or _YEAR.match(behind)
            if (is_name or not named) and (venues := self._venues.get(_key(name))):
                return _Phrase({"venues": tuple(venues)}, behind)
        return None

    def _category(self, text: str) -> _Phrase | None:
        """Read a category by its code, which no word of a topic is: "cs.CL", "q-bio"."""
        code, _, behind = text.partition(" ")
        code = code.rstrip(",")
        known = _CODE.fullmatch(code) and self.corpus.select(categories=(code,))
        return _Phrase({"categories": (code,)}, behind) if known else None

    @cached_property
    def _venues(self) -> dict[str, list[str]]:
        """The venues by their names, and by their names without the year."""
        venues: dict[str, list[str]] = {}
        for venue in sorted(self.corpus.values("venue", k=VENUES)[0]):
            for key in {_key(venue), _YEAR.sub("", _key(venue))} - {""}:
                venues.setdefault(key, []).append(venue)
        return venues


def _openings(text: str) -> Iterator[tuple[str, str]]:
    """Yield the first words of `text`, as many as a name may have, and the rest; longest first."""
    words = text.split()
    for length in range(min(len(words), LONGEST_NAME), 0, -1):
        yield " ".join(words[:length]).rstrip(","), " ".join(words[length:])


def _key(venue: str) -> str:
    """Return the letters and digits of a name: "ACL 2022" and "acl2022" are one venue."""
    return "".join(filter(str.isalnum, venue.casefold()))
