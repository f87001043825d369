"""Watching: which of some papers answer a saved question."""

import logging
from collections.abc import Collection, Iterable
from typing import Any

from assistant.answer import Answer
from assistant.assistant import Assistant
from assistant.query import Filters, filters_of
from store.errors import QuestionError
from store.watching import Watch, Watching

log = logging.getLogger(__name__)

#: Times that a question is asked, each time of the papers that no answer has cited yet.
ROUNDS = 20
#: How often it is asked when it is saved: an answer of now, and those behind it.
ROUNDS_AT_FIRST = 4

Spans = dict[str, list[tuple[int, int, str]]]


def save(
    watching: Watching,
    assistant: Assistant,
    question: str,
    *,
    filters: Filters,
    address: str | None,
) -> Watch:
    """Save a question, with the papers that answer it now; those are no news.

    Raises QuestionError where it cannot be asked, SettingsError where it is saved already.
    """
    last = watching.arrivals.follow(assistant.corpus)
    found = answering(assistant, question, filters, rounds=ROUNDS_AT_FIRST)
    given = filters.model_dump(mode="json", exclude_none=True)
    watch = watching.watches.add(question, filters=given, address=address)
    watching.watches.note(watch, found, checked=last)
    return watch


def catch_up(
    watching: Watching, assistant: Assistant, *, watches: Iterable[Watch] | None = None
) -> None:
    """Find which of the papers that have come since answer each saved question, or each of some.

    None is looked at while the index cannot find it: it would not be looked at again.
    """
    if not assistant.corpus.is_level:
        return
    last = watching.arrivals.follow(assistant.corpus)
    for watch in watching.watches.all() if watches is None else watches:
        if watch.checked < last:
            new = watching.arrivals.between(watch.checked, last)
            try:
                found = answering(assistant, watch.question, _filters(watch), among=new)
            except QuestionError as error:
                # Saved by a version that took it; the others are answered all the same.
                log.warning("The saved question %s cannot be asked: %s", watch.id, error)
                continue
            watching.watches.note(watch, found, checked=last)


def answering(
    assistant: Assistant,
    question: str,
    filters: Filters,
    *,
    among: Collection[str] | None = None,
    rounds: int = ROUNDS,
) -> Spans:
    """Return the papers that answer a question, the best first, each with the quotes that do.

    The question is asked again of those not cited so far, until they do not answer it. `among`
    limits them to these ids.
    """
    left = filters.matching(assistant.corpus)
    if among is not None:
        known = assistant.corpus.select(paper_ids=tuple(among))
        left = known if left is None else left & known
    found: Spans = {}
    for _ in range(rounds):
        narrowed = Filters() if left is None else Filters(paper_ids=tuple(sorted(left)))
        answer = assistant.ask(question, standalone=True, filters=narrowed)
        new = _quoted(answer, besides=found)
        if not new:
            break
        found |= new
        left = (assistant.corpus.select() if left is None else left) - new.keys()
        if not left:
            break
    return found


def _quoted(answer: Answer, *, besides: Collection[str]) -> Spans:
    spans: Spans = {}
    for quote in answer.quotes:
        if quote.paper_id not in besides:
            span = (quote.start, quote.end, quote.text)
            spans.setdefault(quote.paper_id, []).append(span)
    return spans


def _filters(watch: Watch) -> Filters:
    given: dict[str, Any] = dict(watch.filters)
    return filters_of(**given)
