"""Lookup: the papers that a text calls by their id, their title or a part of it."""

import re
from collections.abc import Sequence

from store.corpus import Corpus
from store.lexical import printed_name
from store.papers import ARXIV_ID, Paper, paper_id

#: Papers of a title looked through for one that holds the words asked for.
LOOKED_THROUGH = 20
#: Words of the shortest part of a title that is taken for one, unless it is the title's own name.
LEAST_WORDS = 3

_ADDRESS = re.compile(
    r"^(?:https?://)?(?:www\.|dx\.)?(?:arxiv\.org/(?:abs|pdf)/|doi\.org/)", re.IGNORECASE
)
_ARXIV = re.compile(rf"^(?:arxiv:\s*)?{ARXIV_ID}(?:v\d{{1,3}})?$", re.ASCII | re.IGNORECASE)
_DOI = re.compile(r"^(?:doi:\s*)?(10\.\d{4,9}/\S+)$", re.IGNORECASE)
_PMID = re.compile(r"^pmid:?\s*(\d{1,9})$", re.IGNORECASE)
_OWN = re.compile(r"^title:[0-9a-f]{12}$")
_WORD = re.compile(r"[^\W_]+")


def id_in(text: str) -> str | None:
    """Return the id that `text` is, in any of the forms that people type; None if it is none."""
    bare = _ADDRESS.sub("", text.strip()).removesuffix(".pdf")
    if _ARXIV.match(bare):
        return paper_id("", arxiv=bare)
    if match := _DOI.match(bare):
        return paper_id("", doi=match[1])
    if match := _PMID.match(bare):
        return paper_id("", pmid=match[1])
    return bare if _OWN.match(bare) else None


def papers_called(corpus: Corpus, text: str) -> Sequence[Paper]:
    """Return the papers that `text` names, best first: by id, by title, by a part of the title.

    A title's own name ("BASS: ...") is compared letter for letter where one is written so, else
    as all the rest, in which upper and lower case are one.
    """
    if known := id_in(text):
        return tuple(corpus.get([known]).values())
    wanted = _words(text)
    if not wanted:
        return ()
    hits = corpus.search_lexical(text, k=LOOKED_THROUGH)
    ids = dict.fromkeys(
        hit.id for hit in (*corpus.lexical.search_names(text, k=LOOKED_THROUGH), *hits)
    )
    papers = tuple(corpus.get(list(ids)).values())
    for matches in (
        [paper for paper in papers if _words(paper.title) == wanted],
        [paper for paper in papers if printed_name(paper.title) == text.strip()],
        [paper for paper in papers if _words(printed_name(paper.title) or "") == wanted],
        [paper for paper in papers if len(wanted) >= LEAST_WORDS and _holds(paper.title, wanted)],
    ):
        if matches:
            return tuple(matches)
    return ()


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _holds(title: str, wanted: Sequence[str]) -> bool:
    held = _words(title)
    places = range(len(held) - len(wanted) + 1)
    return any(held[at : at + len(wanted)] == wanted for at in places)
