"""RIS: references as EndNote, Mendeley and library catalogues read them."""

from collections.abc import Iterable, Iterator

import rispy

from assistant.exports.reference import Name, Reference, Sort

#: RIS's types of reference: journal article, conference paper, unpublished work, generic.
TYPES: dict[Sort, str] = {
    "journal": "JOUR",
    "conference": "CPAPER",
    "preprint": "UNPB",
    "other": "GEN",
}


class _Writer(rispy.RisWriter):  # type: ignore[misc]
    # The library would number the references on lines of their own, which are no part of RIS.
    def set_header(self, count: int) -> str:
        return ""


def ris(references: Iterable[Reference]) -> Iterator[str]:
    """Yield each reference, from its type to its end."""
    for one in references:
        yield rispy.dumps([_record(one)], implementation=_Writer)


def _record(one: Reference) -> dict[str, object]:
    record = {
        "type_of_reference": TYPES[one.sort],
        "id": one.key,
        "title": one.title,
        "authors": [_name(name) for name in one.names],
        "year": f"{one.date[0]:04}" if one.date else None,
        "date": _date(one.date) if one.date else None,
        "secondary_title": one.venue,
        "name_of_database": "arXiv" if one.arxiv else "PubMed" if one.pmid else None,
        "accession_number": one.arxiv or one.pmid,
        "doi": one.doi,
        "urls": [one.url] if one.url else None,
        "keywords": list(one.categories),
        "notes": [one.note] if one.note else None,
        "abstract": one.abstract,
    }
    return {name: value for name, value in record.items() if value}


def _date(date: tuple[int, ...]) -> str:
    """Return YYYY/MM/DD/, with nothing where a part is not known."""
    parts = [f"{date[0]:04}", *(f"{part:02}" for part in date[1:])]
    return "/".join([*parts, "", "", ""][:4])


def _name(name: Name) -> str:
    """Return "von Family, Given, Suffix", as far as there is of them."""
    family = " ".join(filter(None, (name.particle, name.family)))
    if name.suffix:
        return f"{family}, {name.given}, {name.suffix}"
    return f"{family}, {name.given}" if name.given else family
