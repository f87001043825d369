"""Naming: the papers that a text names by their ids, fetched from where these are given."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from store.errors import AssistantError
from store.fetching.request import Request, numbers_of
from store.fetching.sources import pages
from store.papers import ARXIV_ID
from store.readers import Record, Skipped
from store.readers.record import shortened

#: A paper's id as it stands in a list, with its kind, resolver or the address of its page.
_ARXIV = re.compile(
    r"(?:arxiv:|(?:https?://)?(?:www\.|export\.)?arxiv\.org/(?:abs|pdf|html)/"
    r"|(?:doi:|https?://doi\.org/)?10\.48550/arxiv\.)?"
    # One that arXiv cannot have given would make it refuse all that are asked for together.
    rf"{ARXIV_ID}(?:v\d{{1,3}})?(?:\.pdf)?",
    re.ASCII | re.IGNORECASE,
)
#: A number alone may be a year or a count, unless it has many digits.
_PMID = re.compile(
    r"(?:(?:pmid:|(?:https?://)?pubmed\.ncbi\.nlm\.nih\.gov/)0*([1-9]\d{0,8})|([1-9]\d{4,8}))",
    re.ASCII | re.IGNORECASE,
)
_BETWEEN = re.compile(r"[\s,;]+")
#: A kind that stands apart from its number, and the subject that arXiv writes behind an id.
_KIND = re.compile(r"\b(arxiv|pmid):\s+", re.IGNORECASE)
_SUBJECT = re.compile(r"\[[a-z-]+(?:\.[a-z-]+)?\]", re.IGNORECASE)
#: What an id stands in or ends with in a sentence, and what follows the address of a page.
_AROUND, _QUERY = "()[]<>\"'.:/", re.compile(r"[?#].*")


@dataclass(frozen=True, slots=True)
class Named:
    """What a text names: the requests for its papers, by service, and words that are no ids."""

    requests: Mapping[str, Request]
    unknown: Sequence[Skipped] = ()

    @property
    def count(self) -> int:
        """How many papers are asked for."""
        return sum(len(request.ids) for request in self.requests.values())


def named(text: str) -> Named:
    """Return what to ask of which service for the papers that a text names, each once.

    That is nothing where less than half of its words are ids of arXiv and PubMed: it is no list.
    """
    found: dict[str, dict[str, None]] = {}
    words = _BETWEEN.split(_SUBJECT.sub(" ", _KIND.sub(r"\1:", text)))
    addresses = [_QUERY.sub("", word).strip(_AROUND) for word in words]
    unknown = []
    for word, address in zip(words, addresses, strict=True):
        if match := _ARXIV.fullmatch(address):
            found.setdefault("arxiv", {})["".join(filter(None, match.groups())).lower()] = None
        elif match := _PMID.fullmatch(address):
            found.setdefault("pubmed", {})[match[1] or match[2]] = None
        elif address:
            unknown.append(Skipped(shortened(word), None, "no id of arXiv or PubMed"))
    if not found or 2 * len(unknown) > sum(map(bool, addresses)):
        return Named({})
    requests = {name: Request(ids=tuple(ids), limit=len(ids)) for name, ids in found.items()}
    return Named(requests, unknown)


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
    asked = [name for name in numbers_of(record) if name in missing]
    for name in asked:
        del missing[name]
    if isinstance(record, Skipped) and asked:
        return Skipped(asked[0], None, record.reason)
    return record
