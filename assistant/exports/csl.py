"""CSL-JSON: references as Zotero, pandoc and every processor of CSL styles read them.

Source: https://docs.citationstyles.org/en/stable/specification.html#appendix-iv-variables
"""

from collections.abc import Iterable, Iterator
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from assistant.exports.reference import Name, Reference, Sort

#: The item types of CSL; a preprint is an "article" that appeared nowhere in particular.
TYPES: dict[Sort, str] = {
    "journal": "article-journal",
    "conference": "paper-conference",
    "preprint": "article",
    "other": "article",
}


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, serialize_by_alias=True, validate_by_name=True)


class CslName(_Part):
    """A name: `family` with what there is beside it, or one that is `literal`."""

    family: str | None = None
    given: str | None = None
    particle: Annotated[str | None, Field(alias="non-dropping-particle")] = None
    suffix: str | None = None
    literal: str | None = None


class CslDate(_Part):
    """A date: one list of a year, a month and a day, or of the first of them."""

    date_parts: Annotated[tuple[tuple[int, ...]], Field(alias="date-parts")]


class CslItem(_Part):
    """One reference; fields that are None are left out."""

    id: str
    type: str
    title: str
    author: tuple[CslName, ...] | None = None
    issued: CslDate | None = None
    container_title: Annotated[str | None, Field(alias="container-title")] = None
    archive: str | None = None
    number: str | None = None
    doi: Annotated[str | None, Field(alias="DOI")] = None
    pmid: Annotated[str | None, Field(alias="PMID")] = None
    url: Annotated[str | None, Field(alias="URL")] = None
    abstract: str | None = None
    keyword: str | None = None
    note: str | None = None


def csl_json(references: Iterable[Reference]) -> Iterator[str]:
    """Yield a JSON list of items, one a line."""
    opening = "[\n"
    for one in references:
        yield opening + _item(one).model_dump_json(exclude_none=True)
        opening = ",\n"
    yield "\n]\n" if opening != "[\n" else "[]\n"


def _item(one: Reference) -> CslItem:
    return CslItem(
        id=one.id,
        type=TYPES[one.sort],
        title=one.title,
        author=tuple(map(_name, one.names)) or None,
        issued=CslDate(date_parts=(one.date,)) if one.date else None,
        container_title=one.venue,
        archive="arXiv" if one.arxiv else None,
        number=f"arXiv:{one.arxiv}" if one.arxiv else None,
        doi=one.doi,
        pmid=one.pmid,
        url=one.url,
        abstract=one.abstract,
        keyword=", ".join(one.categories) or None,
        note=one.note,
    )


def _name(name: Name) -> CslName:
    if not name.given:
        return CslName(literal=" ".join(filter(None, (name.particle, name.family))))
    return CslName(
        family=name.family,
        given=name.given,
        particle=name.particle or None,
        suffix=name.suffix or None,
    )
