"""Paper: one record of the collection, its id and its content hash."""

import hashlib
import json
import re
import unicodedata
from html import unescape
from typing import Annotated
from urllib.parse import unquote

from pydantic import AfterValidator, BaseModel, ConfigDict

#: Hex digits of the title hash that name a paper without any published identifier.
TITLE_DIGITS = 12
#: Digits of a digest that people are shown.
DIGITS_SHOWN = 12
#: The kinds of published identifiers, the one that names a paper best first.
RANKS = ("arxiv", "doi", "pmid")
#: Where a paper was seen and by what else it is known: what `content_hash` leaves out.
WHEREABOUTS = ("source", "listed", "aliases", "arxiv_version")

#: What came before the slash of arXiv's ids until March 2007: https://arxiv.org/archive.
_ARCHIVES = """
    acc-phys adap-org alg-geom ao-sci astro-ph atom-ph bayes-an chao-dyn chem-ph cmp-lg comp-gas
    cond-mat cs dg-ga funct-an gr-qc hep-ex hep-lat hep-ph hep-th math math-ph mtrl-th nlin nucl-ex
    nucl-th patt-sol physics plasm-ph q-alg q-bio quant-ph solv-int supr-con
"""
#: An arXiv id, in groups of which those that match are joined. From 2015 on it has five digits: of
#: four, some table has lost a zero. An old id's class, as in math.GT/0309136, is no part of it.
ARXIV_ID = (
    r"(?:((?:0[7-9]|1[0-4])(?:0[1-9]|1[0-2])\.\d{4}|(?:1[5-9]|[2-9]\d)(?:0[1-9]|1[0-2])\.\d{5})"
    rf"|({'|'.join(_ARCHIVES.split())})(?:\.[a-z-]+)?(/\d{{7}}))"
)
_ARXIV = re.compile(rf"(?<![a-z\d-]){ARXIV_ID}(?:v(\d{{1,3}}))?(?!\d)", re.ASCII | re.IGNORECASE)
#: The DOI that arXiv registers for each of its papers.
_ARXIV_DOI = re.compile(r"10\.48550/arxiv\.(\S+)", re.IGNORECASE)
_DOI = re.compile(r"10\.\d{4,9}/\S+")
#: What sources put into titles that is no part of them: braces, dollar signs and tags.
_MARKUP = re.compile(r"""[{}$]|</?(?:\w{1,8}:)?[A-Za-z]{1,8}(?: [\w:-]+="[^"<>]*")*>""")
#: TeX's accents -> those of Unicode, and the letter that bears one.
_ACCENTS = dict(
    zip(
        "'`^\"~=.uvHckr",
        "\u0301\u0300\u0302\u0308\u0303\u0304\u0307\u0306\u030c\u030b\u0327\u0328\u030a",
        strict=True,
    )
)
_ACCENTED = re.compile(r"\\(['`^\"~=.] ?|[uvHckr](?: |(?=\{)))\{?\\?([A-Za-z])\}?")
_DASH = re.compile(r"[\u2010-\u2015\u2212]")
#: What HTML writes for signs that old DOIs hold. Others, as "&copy", may be part of an address.
_ESCAPED = re.compile(r"&(?:amp|lt|gt|quot|#\d{1,4}|#x[\da-f]{1,4});", re.ASCII | re.IGNORECASE)
#: A table may have read it as a number with decimals.
_PMID = re.compile(r"(?:pmid:?\s*)?0*([1-9]\d{0,8})(?:\.0)?", re.ASCII | re.IGNORECASE)


def _encodable(text: str) -> str:
    # A lone surrogate can be neither stored nor hashed as UTF-8.
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise ValueError(f"holds {text[error.start]!r}, half a character") from error
    return text


def _not_blank(text: str) -> str:
    if not text.strip():
        raise ValueError("is blank")
    return text


Text = Annotated[str, AfterValidator(_encodable)]
NonBlank = Annotated[Text, AfterValidator(_not_blank)]


class Paper(BaseModel):
    """A paper as its source gave it; `title` and `abstract` are kept byte for byte.

    `published` is an ISO 8601 date, possibly only a year or a year and month. `listed` holds the
    days, as printed ("Mar 11"), on which a daily listing showed the paper: such pages name no
    year, so none is made up. `aliases` are the paper's other published identifiers, in the form
    of ids; `arxiv_version` is the version that the text is of, where its source says.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: NonBlank
    title: NonBlank
    abstract: NonBlank
    authors: tuple[Text, ...] = ()
    published: Text | None = None
    venue: Text | None = None
    url: Text | None = None
    categories: tuple[Text, ...] = ()
    source: Text | None = None
    listed: tuple[Text, ...] = ()
    aliases: tuple[Text, ...] = ()
    arxiv_version: int | None = None
    withdrawn: bool = False

    @property
    def content_hash(self) -> str:
        """SHA-256, in hex, of all but the WHEREABOUTS: a paper met again elsewhere is the same."""
        content = self.model_dump(mode="json", exclude=set(WHEREABOUTS))
        # Left out unless it is so, as it was before papers said it.
        if not content["withdrawn"]:
            del content["withdrawn"]
        canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return sha256(canonical)

    def merged_with(self, newer: "Paper", *, again: bool = False) -> "Paper":
        """Return one record of both: `newer`, with what it leaves out filled in from this one.

        A text of a higher arXiv version, or of any where the other names none, is the newer one
        whatever comes later; and so is this one, where the other has been said before and comes
        `again`. The id is the best that either is known by. It is withdrawn if either is, unless
        what each source said last (`store.sayings`) tells otherwise.
        """
        mine, theirs = self.arxiv_version or 0, newer.arxiv_version or 0
        if mine > theirs or (again and mine == theirs):
            older, newest = newer, self
        else:
            older, newest = self, newer
        known = {
            name: value
            for name, value in older.model_dump().items()
            if not getattr(newest, name) and value
        }
        # A date known only by its year or month is filled in as well.
        if (older.published or "").startswith(f"{newest.published}-"):
            known["published"] = older.published
        identifiers = {*self.identifiers, *newer.identifiers}
        known["id"] = min(identifiers or {self.id, newer.id}, key=rank)
        known["aliases"] = tuple(sorted(identifiers - {known["id"]}))
        known["source"] = self.source or newer.source
        known["listed"] = tuple(dict.fromkeys((*self.listed, *newer.listed)))
        return newest.model_copy(update=known)

    @property
    def identifiers(self) -> frozenset[str]:
        """The published identifiers by which the paper is known, in the form of ids."""
        return frozenset(name for name in (self.id, *self.aliases) if not is_title_id(name))


def sha256(text: str) -> str:
    """Return the SHA-256 of `text` as UTF-8, in hex."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def shown_digest(digest: str) -> str:
    """Return what is shown of a digest, in hex: enough to tell two apart by eye."""
    return digest[:DIGITS_SHOWN]


def paper_id(
    title: str, *, arxiv: str | None = None, doi: str | None = None, pmid: str | None = None
) -> str:
    """Return the id of a paper from its best published identifier, else from its title."""
    published = published_ids(arxiv=arxiv, doi=doi, pmid=pmid)
    return published[0] if published else f"title:{sha256(_folded(title))[:TITLE_DIGITS]}"


def published_ids(
    *, arxiv: str | None = None, doi: str | None = None, pmid: str | None = None
) -> tuple[str, ...]:
    """Return published identifiers in the form of ids, the best first.

    An arXiv id loses its version, a DOI its resolver and its case. Anything that does not have
    the form of its kind is passed over, so that a wrong field never names a paper.
    """
    # A change to these forms needs a new LAYOUT: stores keep those of the version that wrote them.
    found = []
    if doi and (match := _ARXIV_DOI.search(doi)):
        arxiv, doi = arxiv or match[1], None
    if arxiv and (match := _ARXIV.search(arxiv)):
        found.append(f"arxiv:{''.join(filter(None, match.groups()[:3])).lower()}")
    # Of the signs in old DOIs, addresses and HTML write some in their own ways.
    if doi and (match := _DOI.search(unquote(_ESCAPED.sub(lambda sign: unescape(sign[0]), doi)))):
        found.append(f"doi:{match[0].lower().rstrip('.,;')}")
    if pmid and (match := _PMID.fullmatch(pmid.strip())):
        found.append(f"pmid:{match[1]}")
    return tuple(found)


def published_form(name: str) -> str:
    """Return an id as `published_ids` writes it now; one that is no published identifier as it is.

    Stores hold some ids in the forms of former versions.
    """
    kind, _, rest = name.partition(":")
    kind = kind.casefold()
    found = published_ids(**{kind: rest}) if kind in RANKS else ()
    return found[0] if found else name


def version_of(arxiv: str) -> int | None:
    """Return the version in an arXiv id or address, if it names one."""
    match = _ARXIV.search(arxiv)
    return int(match[4]) if match and match[4] else None


def title_key(title: str) -> str:
    """Return what papers of the same title share, whatever markup their sources write it in.

    For most titles it is the id of a paper without any published identifier.
    """
    # A change to the keys needs a new LAYOUT: stores note those of the version that wrote them.
    if "\\" in title:
        title = _ACCENTED.sub(lambda match: match[2] + _ACCENTS[match[1].strip()], title)
    composed = unicodedata.normalize("NFKC", unescape(title))
    plain = _DASH.sub("-", _MARKUP.sub("", composed))
    return f"title:{sha256(_folded(plain).rstrip(' .'))[:TITLE_DIGITS]}"


def namesake_id(paper: Paper) -> str:
    """Return the id of a paper without any published identifier whose title another one has."""
    told_by = [_folded(paper.title), *paper.authors, paper.published or "", paper.url or ""]
    return f"title:{sha256(json.dumps(told_by))[:TITLE_DIGITS]}"


def is_title_id(name: str) -> bool:
    """Return whether an id is made of a title, since nothing published names the paper."""
    return name.startswith("title:")


def _folded(title: str) -> str:
    return " ".join(title.casefold().split())


def rank(name: str) -> tuple[int, str]:
    """Return the place of an id among those of one paper, best first."""
    kind = name.partition(":")[0]
    return (RANKS.index(kind) if kind in RANKS else len(RANKS), name)
