"""Naming: the papers that a text names by their ids, fetched from where these are given."""

import re
from collections.abc import Iterator, Sequence

from store.errors import AssistantError
from store.fetching.request import Request
from store.fetching.sources import pages
from store.papers import Paper
from store.readers import Record, Skipped

#: A paper's id as it stands in a list, with its kind, resolver or the address of its page.
_ARXIV = re.compile(
    r"(?:arxiv:|(?:https?://)?(?:www\.)?arxiv\.org/(?:abs|pdf|html)/"
    r"|(?:doi:|https?://doi\.org/)?10\.48550/arxiv\.)?"
    # An old id's class, as in math.GT/0309136, is no part of it.
    r"(?:(\d{4}\.\d{4,5})|([a-z-]+)(?:\.[a-z-]+)?(/\d{7}))(?:v\d{1,3})?(?:\.pdf)?",
    re.ASCII | re.IGNORECASE,
)
_PMID = re.compile(
    r"(?:pmid:|(?:https?://)?pubmed\.ncbi\.nlm\.nih\.gov/)?0*([1-9]\d{0,8})/?",
    re.ASCII | re.IGNORECASE,
)
_BETWEEN = re.compile(r"[\s,;]+")
#: A kind that stands apart from its number.
_KIND = re.compile(r"\b(arxiv|pmid):\s+", re.IGNORECASE)


def requests_of(text: str) -> dict[str, Request]:
    """Return what to ask of which service for the papers that a text names, each once.

    That is nothing where the text holds anything but ids of arXiv and PubMed.
    """
    found: dict[str, dict[str, None]] = {}
    for word in filter(None, _BETWEEN.split(_KIND.sub(r"\1:", text))):
        if match := _ARXIV.fullmatch(word):
            name = "".join(filter(None, match.groups())).lower()
            found.setdefault("arxiv", {})[name] = None
        elif match := _PMID.fullmatch(word):
            found.setdefault("pubmed", {})[match[1]] = None
        else:
            return {}
    return {service: Request(ids=tuple(ids), limit=len(ids)) for service, ids in found.items()}


def fetched(
    service: str, request: Request, *, url: str | None = None
) -> Iterator[Sequence[Record]]:
    """Yield what a service has of a request's ids, page by page, and at the end what it has not.

    `url` is another place that speaks the service's language. Raises AssistantError, after all
    else, where the service fails.
    """
    missing = dict.fromkeys(request.ids)
    reason, failure = f"{service} gives no paper of this id", None
    try:
        for page in pages(service, request, url=url):
            yield [_answered(record, missing) for record in page.records]
    except AssistantError as error:
        reason, failure = f"{service} did not answer", error
    if missing:
        yield [Skipped(name, None, reason) for name in missing]
    if failure:
        raise failure


def _answered(record: Record, missing: dict[str, None]) -> Record:
    """Take a record's ids from those that are missing; one that is no paper is told by its id."""
    ids = (record.id, *record.aliases) if isinstance(record, Paper) else record.ids
    asked = [name for _, _, name in (one.partition(":") for one in ids) if name in missing]
    for name in asked:
        del missing[name]
    if isinstance(record, Skipped) and asked:
        return Skipped(asked[0], None, record.reason)
    return record
