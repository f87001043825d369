"""Naming: the papers that a text names by their ids, fetched from where these are given."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from store.errors import AssistantError
from store.fetching.request import Page, Request, numbers_of
from store.fetching.sources import pages
from store.papers import ARXIV_ID
from store.readers import Record, Skipped
from store.readers.record import shortened

#: A paper's id as it stands in a list, with its kind, resolver or the address of its page.
_ARXIV = re.compile(
    r"(?:arxiv:|(?:https?://)?(?:www\.|export\.)?arxiv\.org/(?:abs|pdf|html)/"
    r"|(?:https?://)?huggingface\.co/papers/"
    r"|(?:doi:|(?:https?://)?(?:dx\.)?doi\.org/)?10\.48550/arxiv\.)?"
    # One that arXiv cannot have given would make it refuse all that are asked for together.
    rf"{ARXIV_ID}(?:v\d{{1,3}})?(?:\.pdf)?",
    re.ASCII | re.IGNORECASE,
)
#: A number alone may be a year or a count, unless it has as many digits as most have of PubMed's.
_PMID = re.compile(
    r"(?:(?:pmid:?|(?:https?://)?pubmed\.ncbi\.nlm\.nih\.gov/"
    r"|(?:https?://)?(?:www\.)?ncbi\.nlm\.nih\.gov/pubmed/)0*([1-9]\d{0,8})|([1-9]\d{6,7}))",
    re.ASCII | re.IGNORECASE,
)
#: One that counts only in a list, of which it is no more than half, where all else is an id.
_SHORT = re.compile(r"[1-9]\d{4,8}", re.ASCII)
_BETWEEN = re.compile(r"[\s,;]+")
#: A kind that stands apart from its number, and what is written behind one: the subject, the
#: formats, the day of a version.
_KIND = re.compile(r"\b(arxiv|pmid)(?::\s+|\s+(?=\d))", re.IGNORECASE)
_BEHIND = re.compile(
    r"\[[a-z][a-z., -]{0,60}\]"
    r"|\b\d{1,2}\s(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}\s\d{4}\b",
    re.IGNORECASE,
)
#: What stands around an id in a list or a sentence, but not braces, which are a record's; and
#: what follows the address of a page.
_AROUND = "()[]<>\"'`“”‘’„«».:/#?*_|•·-–—"
_QUERY = re.compile(r"[?#].*")


@dataclass(frozen=True, slots=True)
class Named:
    """What a text names: the requests for its papers, by service, and words that are no ids."""

    requests: Mapping[str, Request]
    unknown: Sequence[Skipped] = ()

    @property
    def count(self) -> int:
        """How many papers are asked for."""
        return sum(len(request.ids) for request in self.requests.values())


def named(text: str, *, service: str = "") -> Named:
    """Return what to ask of which service for the papers that a text names, each once.

    That is nothing where less than half of its words are ids of arXiv and PubMed: it is no list.
    Where the `service` is given, all are taken for its ids, numbers of few digits too.
    """
    words = _BETWEEN.split(_BEHIND.sub(" ", _KIND.sub(r"\1:", text)))
    cores = [_QUERY.sub("", word.strip(_AROUND)).strip(_AROUND) for word in words]
    read = [(word, core) for word, core in zip(words, cores, strict=True) if core]
    found: dict[str, dict[str, None]] = {}
    others = []
    for word, core in read:
        of, number = _id_of(f"pmid:{core}" if service == "pubmed" and core.isdecimal() else core)
        if number and of == (service or of):
            found.setdefault(of, {})[number] = None
        else:
            others.append((word, core))
    if not service and 2 * len(others) > len(read):
        return Named({})
    if not service and all(_SHORT.fullmatch(core) for _, core in others):
        found.setdefault("pubmed", {}).update((core, None) for _, core in others)
        others = []
    requests = {name: Request(ids=tuple(ids), limit=len(ids)) for name, ids in found.items() if ids}
    reason = f"no id of {service or 'arXiv or PubMed'}"
    return Named(requests, _told((shortened(word) for word, _ in others), reason))


def _id_of(core: str) -> tuple[str, str]:
    """Return the service whose id this is, and the id as it is asked for there, or blanks."""
    if match := _ARXIV.fullmatch(core):
        return "arxiv", "".join(filter(None, match.groups())).lower()
    if match := _PMID.fullmatch(core):
        return "pubmed", match[1] or match[2]
    return "", ""


def fetched(
    service: str, request: Request, *, url: str | None = None, start: int = 0
) -> Iterator[Page]:
    """Yield what a service has of a request, and of each page's ids what it has not.

    `url` is another place that speaks the service's language, `start` the position to go on from.
    Raises AssistantError where the service fails, after a page of the ids that are left.
    """
    failure: AssistantError | None = None
    try:
        for page in pages(service, request, url=url, start=start):
            missing = dict.fromkeys(request.ids[start : min(page.next, request.limit)])
            records = [_answered(record, missing) for record in page.records]
            records += _told(missing, f"{service} gives no paper of this id")
            start = page.next
            yield page._replace(records=records)
    except AssistantError as error:
        failure = error
    left = request.ids[start if failure else request.limit :]
    if left:
        over = f"not asked for; the limit is {request.limit:,} papers"
        yield Page(_told(left, f"{service} did not answer" if failure else over), start)
    if failure:
        raise failure


def _told(names: Iterable[str], reason: str) -> tuple[Skipped, ...]:
    return tuple(Skipped(name, None, reason) for name in names)


def _answered(record: Record, missing: dict[str, None]) -> Record:
    """Take a record's ids from those that are missing; one that is no paper is told by its id."""
    asked = [name for name in numbers_of(record) if name in missing]
    for name in asked:
        del missing[name]
    if isinstance(record, Skipped) and asked:
        return Skipped(asked[0], None, record.reason)
    return record
