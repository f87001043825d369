"""Naming: the papers that a text names by their ids, fetched from where these are given."""

import re
from collections.abc import Iterator

from store.fetching.request import Request
from store.fetching.sources import pages
from store.papers import Paper, published_ids
from store.readers import Record, Skipped

#: A paper's id as it stands in a list, with its kind, resolver or the address of its page.
_ARXIV = re.compile(
    r"(?:arxiv:|(?:https?://)?(?:www\.)?arxiv\.org/(?:abs|pdf|html)/"
    r"|(?:doi:|https?://doi\.org/)?10\.48550/arxiv\.)?"
    r"((?:\d{4}\.\d{4,5}|[a-z-]+(?:\.[a-z]{2})?/\d{7})(?:v\d{1,3})?)(?:\.pdf)?",
    re.IGNORECASE,
)
_PMID = re.compile(
    r"(?:pmid:|(?:https?://)?pubmed\.ncbi\.nlm\.nih\.gov/)?(\d{1,9})/?", re.IGNORECASE
)
_BETWEEN = re.compile(r"[\s,;]+")
#: A kind that stands apart from its number.
_KIND = re.compile(r"\b(arxiv|pmid):\s+", re.IGNORECASE)


def requests_of(text: str) -> dict[str, Request]:
    """Return what to ask of which service for the papers that a text names.

    That is nothing where the text holds anything but ids of arXiv and PubMed.
    """
    found: dict[str, dict[str, None]] = {}
    for word in filter(None, _BETWEEN.split(_KIND.sub(r"\1:", text))):
        if match := _ARXIV.fullmatch(word):
            (name,) = published_ids(arxiv=match[1])
            found.setdefault("arxiv", {})[name.partition(":")[2]] = None
        elif match := _PMID.fullmatch(word):
            found.setdefault("pubmed", {})[match[1]] = None
        else:
            return {}
    return {service: Request(ids=tuple(ids), limit=len(ids)) for service, ids in found.items()}


def fetched(service: str, request: Request, *, url: str | None = None) -> Iterator[Record]:
    """Yield the papers of a request's ids, and at the end which of them the service has not.

    `url` is another place that speaks the service's language. Raises FetchError as `pages` does.
    """
    missing = dict.fromkeys(request.ids)
    for page in pages(service, request, url=url):
        for record in page.records:
            if isinstance(record, Paper):
                for name in (record.id, *record.aliases):
                    missing.pop(name.partition(":")[2], None)
            yield record
    for name in missing:
        yield Skipped(name, None, f"{service} has no paper of this id")
