"""The command that fetches papers from a service straight into a store."""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from store.adding import AddReport
from store.errors import AssistantError, QuestionError
from store.fetching import SOURCES, Request, fetched, named, pages
from store.fetching.daily_papers import BY_DATE
from store.fetching.position import Position
from store.readers import Record, Skipped
from ui import terminal
from ui.opening import open_corpus
from ui.settings import settings_for
from ui.terminal.papers import print_added

#: The service that is asked by dates alone.
DAILY = "daily-papers"
#: An id of each other.
EXAMPLES = {"arxiv": "2403.05530", "pubmed": "38123456"}

_log = logging.getLogger(__name__)


def fetch(source: str, request: Request, *, store: Path | None, strict: bool, as_json: bool) -> int:
    """Add what a service has of what is asked for, page by page, and return the exit code.

    Interrupted, the same request goes on after the last page that was added, and then takes what
    has come in before that since. Ids that are none, or that the service does not give, are
    skipped.
    """
    terminal.show_messages()
    request, unknown = _checked(source, request)
    settings = settings_for(store=store)
    report = AddReport(skipped=[*unknown])
    failures: list[AssistantError] = []
    with open_corpus(settings, write=True, create=True) as corpus, terminal.counting("read") as bar:
        task = bar.add_task("fetching", total=None)

        def add(records: Sequence[Record]) -> AddReport:
            return corpus.add(records, progress=lambda count: bar.advance(task, count))

        position = Position(settings.store, source, request)
        try:
            for done in _added(add, source, request, position, url=settings.services.get(source)):
                report += done
        except AssistantError as error:
            # What was added before is told all the same.
            failures.append(error)
    print_added(report, as_json=as_json, unreadable=failures)
    if failures:
        return 2
    return 1 if strict and report.skipped else 0


def _added(
    add: Callable[[Sequence[Record]], AddReport],
    source: str,
    request: Request,
    position: Position,
    *,
    url: str | None,
) -> Iterator[AddReport]:
    """Add the pages from where the request was interrupted, and yield what came of each."""
    start = position.start()
    if start:
        _log.info("Interrupted before, this goes on at %d", start)
    whole = True
    for page in fetched(source, request, url=url, start=start):
        done = add(page.records)
        # Interrupted, it goes on where papers were left out.
        whole = whole and page.whole
        if whole:
            position.reached(page.next)
        yield done
    # Forgotten first: if what follows is interrupted, all is read again.
    position.finished()
    if start and not request.ids:
        for page in pages(source, request, url=url):
            more = add(page.records)
            yield more
            if not more.added:
                break


def _checked(source: str, request: Request) -> tuple[Request, Sequence[Skipped]]:
    """Return a request with its ids as the service has them, and what is no id of it."""
    if source not in SOURCES:
        raise QuestionError(f"no source {source!r}; name one of {', '.join(SOURCES)}")
    if source == DAILY:
        if request.ids or request.query:
            raise QuestionError(BY_DATE)
        return request, ()
    if request.ids:
        return _named(source, request)
    if not (request.query or request.since or request.until):
        raise QuestionError(f"nothing is asked of {source}; give a query, --id or --since")
    return request, ()


def _named(source: str, request: Request) -> tuple[Request, Sequence[Skipped]]:
    asked = named(" ".join(request.ids), service=source)
    if source not in asked.requests:
        raise QuestionError(
            f"{request.ids[0]!r} is no id of {source}; give --id such as {EXAMPLES[source]}"
        )
    return replace(request, ids=asked.requests[source].ids), asked.unknown
