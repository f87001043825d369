"""Keys: what records call their values.

Formats name their fields in many ways; `KEYS` is the one list of names, used for JSON records and
for the columns of tables. Formats with names of their own give their values under Paper's.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import unquote

from store.readers.dates import first_date
from store.readers.fields import Fields, text

#: Paper's field -> the names it is read from, best first; upper case, blanks and signs of a name
#: do not count, and a dot leads into an object.
KEYS: Mapping[str, tuple[str, ...]] = {
    "title": (
        "title",
        "display_name",
        "article_title",
        "paper_title",
        "dc_title",
        "titles.title",
    ),
    "abstract": (
        "abstract",
        "summary",
        "text",
        "abstract_note",
        "abstract_text",
        "dc_description_abstract",
        "dc_description",
        "abstracts.value",
    ),
    "authors": (
        "author_full_names",
        "full_author_names",
        "authors.authors",
        "authors",
        "author",
        "creators",
        "authorships",
        "author_names",
        "author_list.author",
        "author_string",
        "dc_contributor_author",
        "dc_creator",
    ),
    "published": (
        "published",
        "publication_date",
        "published_at",
        "publish_time",
        "date_published",
        "date",
        "issued",
        "year",
        "publication_year",
        "first_publication_date",
        "prism_cover_date",
        "dc_date_issued",
        "earliest_date",
        "date_of_publication",
        "pubdate",
        "published_year",
        "pub_year",
        "created",
        "update_date",
    ),
    "venue": (
        "venue",
        "journal",
        "journal_ref",
        "journal_title",
        "journal.name",
        "container_title",
        "publication_title",
        "proceedings_title",
        "source_title",
        "booktitle",
        "primary_location.source.display_name",
        "publication_venue.name",
        "publication_name",
        "pub",
        "pubtitle",
        "prism_publication_name",
        "journal_info.journal.title",
        "publication_info.journal_title",
    ),
    "url": ("url", "link", "document_url", "primary_location.landing_page_url"),
    "categories": (
        "categories",
        "keywords",
        "author_keywords",
        "manual_tags",
        "keyword",
        "tags",
        "mesh_terms",
        "fields_of_study",
        "category",
        "subject",
        "terms",
        "keyword_list.keyword",
        "subject_terms",
    ),
    "source": ("source",),
    "arxiv": ("arxiv", "arxiv_id", "external_ids.arxiv", "arxiv_eprints.value"),
    "doi": ("doi", "external_ids.doi", "prism_doi", "digital_object_identifier", "dois.value"),
    "pmid": (
        "pmid",
        "pubmed_id",
        "pub_med_id",
        "ids.pmid",
        "external_ids.pubmed",
        "medline_pmid",
    ),
    "id": ("id", "_id", "paper_id", "entry_id"),
    "listed": ("listed",),
    "aliases": ("aliases",),
    "arxiv_version": ("arxiv_version",),
    "withdrawn": ("withdrawn", "is_retracted"),
    "comment": ("comments", "comment"),
    "note": ("extra", "note"),
}
#: What Embase's tables say of where a paper came out: in one text, and a DOI in an address.
_CITED = re.compile(r"(.+?) \([12]\d{3}\).*\bDate of Publication: (.+)", re.DOTALL)
#: Characters of that text at most.
_LONGEST = 2000
_RESOLVED = re.compile(r"\bid=doi:(10\.[^&\s]+)")


def folded(name: str) -> str:
    """Return a field's name without upper case, blanks and signs."""
    return "".join(filter(str.isalnum, name.casefold()))


def named(record: Fields) -> dict[str, Any]:
    """Return the values of a record under Paper's names, as KEYS tells them."""
    flat = {folded(str(name)): value for name, value in reversed([*record.items()])}
    fields = {name: next(_values(flat, keys), None) for name, keys in _FOLDED.items()}
    fields["published"] = first_date(*_values(flat, _FOLDED["published"]))
    fields["venue"] = next(filter(None, map(text, _values(flat, _FOLDED["venue"]))), None)
    source = text(flat.get("source")) or ""
    if len(source) <= _LONGEST and (cited := _CITED.fullmatch(source)):
        fields["venue"] = fields["venue"] or cited[1]
        fields["published"] = fields["published"] or first_date(cited[2])
        fields["source"] = None
    elif "articleurl" in flat:
        # So Publish or Perish calls the journal.
        fields["venue"] = fields["venue"] or source
        fields["source"] = None
    elif "authorstring" in flat:
        # To Europe PMC it is a letter or three for a database.
        fields["source"] = None
    if resolved := _RESOLVED.search(text(flat.get("openurllink")) or ""):
        fields["doi"] = fields["doi"] or unquote(resolved[1])
    return fields


def _values(flat: Fields, keys: Iterable[tuple[str, ...]]) -> Iterator[Any]:
    """Yield what a record has under each of its field's names; of several objects, in the first."""
    for name, *inner in keys:
        value = flat.get(name)
        if value is None:
            continue
        for part in inner:
            value = _within(value, part)
        if value not in (None, "", [], {}):
            yield value


def _within(value: Any, name: str) -> Any:
    if isinstance(value, list) and value:
        value = value[0]
    if not isinstance(value, Mapping):
        return None
    return next((held for key, held in value.items() if folded(str(key)) == name), None)


_FOLDED = {
    name: tuple(tuple(folded(part) for part in key.split(".")) for key in keys)
    for name, keys in KEYS.items()
}
