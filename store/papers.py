"""Paper: one record of the collection, its id and its content hash."""

import hashlib
import json
import re
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict

#: Hex digits of the title hash that name a paper without any published identifier.
TITLE_DIGITS = 12

_ARXIV = re.compile(
    r"(?<!\d)(\d{4}\.\d{4,5}|[a-z-]+(?:\.[a-z]{2})?/\d{7})(?:v\d+)?(?!\d)", re.IGNORECASE
)
#: The DOI that arXiv registers for each of its papers.
_ARXIV_DOI = re.compile(r"10\.48550/arxiv\.(\S+)", re.IGNORECASE)
_DOI = re.compile(r"10\.\d{4,9}/\S+")
_PMID = re.compile(r"\d{1,9}")


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
    year, so none is made up.
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

    @property
    def content_hash(self) -> str:
        """SHA-256, in hex, of everything an answer may show.

        Where a paper was seen (`source`, `listed`) is left out: meeting it again elsewhere is
        no change of content.
        """
        content = self.model_dump(mode="json", exclude={"source", "listed"})
        canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return sha256(canonical)

    def merged_with(self, newer: "Paper") -> "Paper":
        """Return `newer` with what it leaves out filled in from this record."""
        known = {
            name: value
            for name, value in self.model_dump().items()
            if not getattr(newer, name) and value
        }
        known["source"] = self.source or newer.source
        known["listed"] = tuple(dict.fromkeys((*self.listed, *newer.listed)))
        return newer.model_copy(update=known)


def sha256(text: str) -> str:
    """Return the SHA-256 of `text` as UTF-8, in hex."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def paper_id(
    title: str, *, arxiv: str | None = None, doi: str | None = None, pmid: str | None = None
) -> str:
    """Return the id of a paper from its best published identifier, else from its title.

    An arXiv id loses its version, a DOI its resolver and its case. Anything that does not have
    the form of its kind is passed over, so that a wrong field never names a paper.
    """
    if doi and not arxiv and (match := _ARXIV_DOI.search(doi)):
        arxiv = match[1]
    if arxiv and (match := _ARXIV.search(arxiv)):
        return f"arxiv:{match[1].lower()}"
    if doi and (match := _DOI.search(doi)):
        return f"doi:{match[0].lower()}"
    if pmid and (match := _PMID.fullmatch(pmid.strip())):
        return f"pmid:{match[0]}"
    folded = " ".join(title.casefold().split())
    return f"title:{sha256(folded)[:TITLE_DIGITS]}"
