"""Adding: files, pasted records and ids become papers, in the background."""

import logging
import secrets
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import BinaryIO

from store.adding import AddReport
from store.corpus import Corpus
from store.errors import AssistantError
from store.fetching import Named, Request, fetched
from store.papers import Paper
from store.readers import Record, Skipped, read_papers

#: The longest upload in bytes, and the files in one.
LONGEST_UPLOAD, MOST_FILES = 50_000_000, 20
#: The most ids in one addition; arXiv takes half a minute for as many.
MOST_IDS = 1000
#: Jobs that may be under way at a time; more only wait for the store or the services.
AT_ONCE = 8
#: Jobs that are remembered, and what a report shows of each sort.
KEPT, SHOWN = 20, 200

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Job:
    """One addition: how far it is, and once it is `done`, what came of it."""

    key: str
    read: int = 0
    committed: int = 0
    done: bool = False
    report: AddReport | None = None
    problems: list[str] = field(default_factory=list)
    papers: dict[str, str] = field(default_factory=dict)

    @property
    def skipped(self) -> list[Skipped]:
        """The first records that were skipped."""
        return self.report.skipped[:SHOWN] if self.report else []


class Adding:
    """Adds papers to a corpus; each job is found again by its key.

    `services` are addresses to ask in the place of the services' own, by name.
    """

    def __init__(self, corpus: Corpus, *, services: dict[str, str] | None = None) -> None:
        self._corpus = corpus
        self._services = services or {}
        self._jobs: dict[str, Job] = {}

    @property
    def is_full(self) -> bool:
        """Whether as many jobs are under way as may be."""
        return sum(not job.done for job in self._jobs.values()) >= AT_ONCE

    def start(self, streams: Sequence[tuple[str, BinaryIO]], *, asked: Named) -> Job:
        """Start adding the papers of streams with their names, and those asked of services.

        The streams are closed at the end.
        """
        job = Job(secrets.token_urlsafe(16))
        self._jobs[job.key] = job
        ended = [key for key, old in self._jobs.items() if old.done]
        for key in ended[: max(0, len(self._jobs) - KEPT)]:
            del self._jobs[key]
        threading.Thread(target=self._run, args=[job, streams, asked], daemon=True).start()
        return job

    def find(self, key: str) -> Job | None:
        """Return the job of a key, or None where it is not remembered."""
        return self._jobs.get(key)

    def _run(self, job: Job, streams: Sequence[tuple[str, BinaryIO]], asked: Named) -> None:
        _skip(job, asked.unknown)
        try:
            if streams:
                with _problems_noted(job):
                    self._add(job, _read(job, streams))
            for name, request in asked.requests.items():
                with _problems_noted(job):
                    self._fetch(job, name, request)
        except Exception:
            _log.exception("Papers could not be added")
            job.problems.append("Something went wrong here; what was added until then is kept.")
        finally:
            for _, stream in streams:
                stream.close()
            job.done = True

    def _fetch(self, job: Job, service: str, request: Request) -> None:
        # The store is written to a page at a time, so that nobody waits for the network with it.
        reached = 0
        for page in fetched(service, request, url=self._services.get(service)):
            try:
                self._add(job, page.records)
            except AssistantError:
                left = request.ids[reached:]
                _skip(job, [Skipped(name, None, "the store could not be changed") for name in left])
                raise
            reached = page.next

    def _add(self, job: Job, records: Iterable[Record]) -> None:
        def note(count: int) -> None:
            job.committed += count

        report = self._corpus.add(_noted(job, records), progress=note)
        job.report = (job.report or AddReport()) + report


@contextmanager
def _problems_noted(job: Job) -> Iterator[None]:
    """Note what fails within, so that the rest is done all the same."""
    try:
        yield
    except AssistantError as error:
        if str(error) not in job.problems:
            job.problems.append(str(error))


def _skip(job: Job, records: Sequence[Skipped]) -> None:
    """Report records that are skipped without asking the store."""
    if records:
        job.read += len(records)
        job.report = (job.report or AddReport()) + AddReport(skipped=[*records])


def _read(job: Job, streams: Sequence[tuple[str, BinaryIO]]) -> Iterator[Record]:
    for name, stream in streams:
        with _problems_noted(job):
            yield from read_papers(stream, name=name)


def _noted(job: Job, records: Iterable[Record]) -> Iterator[Record]:
    for record in records:
        job.read += 1
        if isinstance(record, Paper) and len(job.papers) < SHOWN:
            job.papers.setdefault(record.id, record.title)
        yield record
