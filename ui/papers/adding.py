"""Adding: files, pasted records and ids become papers, in the background."""

import logging
import secrets
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import BinaryIO

from store.adding import AddReport
from store.corpus import Corpus
from store.errors import AssistantError
from store.fetching import Request, fetched
from store.papers import Paper
from store.readers import Record, Skipped, read_papers

#: The longest upload in bytes, and the files in one.
LONGEST_UPLOAD, MOST_FILES = 50_000_000, 20
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

    def start(
        self, streams: Sequence[tuple[str, BinaryIO]], *, requests: Mapping[str, Request]
    ) -> Job:
        """Start adding the papers of named streams, and those that are asked of services.

        The streams are closed at the end.
        """
        job = Job(secrets.token_urlsafe(16))
        self._jobs[job.key] = job
        for old in list(self._jobs)[:-KEPT]:
            del self._jobs[old]
        threading.Thread(target=self._run, args=[job, streams, requests], daemon=True).start()
        return job

    def find(self, key: str) -> Job | None:
        """Return the job of a key, or None where it is not remembered."""
        return self._jobs.get(key)

    def _run(
        self, job: Job, streams: Sequence[tuple[str, BinaryIO]], requests: Mapping[str, Request]
    ) -> None:
        sources: list[Callable[[], Iterable[Record]]] = [
            *(partial(read_papers, stream, name=name) for name, stream in streams),
            *(
                partial(fetched, name, request, url=self._services.get(name))
                for name, request in requests.items()
            ),
        ]

        def note(count: int) -> None:
            job.committed += count

        try:
            job.report = self._corpus.add(_records(job, sources), progress=note)
        except AssistantError as error:
            job.problems.append(str(error))
        except Exception:
            _log.exception("Papers could not be added")
            job.problems.append("Something went wrong here; what was added until then is kept.")
        finally:
            for _, stream in streams:
                stream.close()
            job.done = True


def _records(job: Job, sources: Sequence[Callable[[], Iterable[Record]]]) -> Iterator[Record]:
    for read in sources:
        try:
            for record in read():
                job.read += 1
                if isinstance(record, Paper) and len(job.papers) < SHOWN:
                    job.papers.setdefault(record.id, record.title)
                yield record
        except AssistantError as error:
            # The others are read all the same.
            job.problems.append(str(error))
