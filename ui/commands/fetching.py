"""The command that fetches papers from a service straight into a store."""

import logging
from pathlib import Path

from store.adding import AddReport
from store.errors import QuestionError
from store.fetching import SOURCES, Request, pages
from store.fetching.position import Position
from ui import terminal
from ui.opening import open_corpus
from ui.settings import settings_for
from ui.terminal.papers import print_added

_log = logging.getLogger(__name__)


def fetch(source: str, request: Request, *, store: Path | None, strict: bool, as_json: bool) -> int:
    """Add what a service has of what is asked for, page by page, and return the exit code.

    Interrupted, the same request goes on after the last page that was added, and then takes what
    has come in before that since.
    """
    terminal.show_messages()
    if source not in SOURCES:
        raise QuestionError(f"no source {source!r}; name one of {', '.join(SOURCES)}")
    if source != "daily-papers" and not (
        request.ids or request.query or request.since or request.until
    ):
        raise QuestionError(f"nothing is asked of {source}; give a query, --id or --since")
    settings = settings_for(store=store)
    url = settings.services.get(source)
    report = AddReport()
    with open_corpus(settings, write=True, create=True) as corpus, terminal.counting("read") as bar:
        task = bar.add_task("fetching", total=None)
        position = Position(settings.store, source, request)
        start = position.start()
        if start:
            _log.info("Interrupted before, this goes on at %d", start)
        for page in pages(source, request, url=url, start=start):
            report += corpus.add(page.records, progress=lambda count: bar.advance(task, count))
            position.reached(page.next)
        # Forgotten first: if what follows is interrupted, all is read again.
        position.finished()
        if start and not request.ids:
            for page in pages(source, request, url=url):
                more = corpus.add(page.records, progress=lambda count: bar.advance(task, count))
                report += more
                if not more.added:
                    break
    print_added(report, as_json=as_json)
    return 1 if strict and report.skipped else 0
