"""Page: what the server holds for one open page of the chat, and how it comes to hold it.

A page says which questions it wants shown; what it shows already stays as it is, and the others
are asked. So to ask, to edit, to ask again, to stop, to open a conversation and to begin a new one
are the same to the server.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.answer import Answer
from store.corpus import Corpus
from ui.conversations.answers import Answers
from ui.conversations.asked import MOST_TURNS, Asked, Order, Record
from ui.conversations.exchange import Exchange, followed_up, put
from ui.conversations.limits import Limits

#: Seconds after which the questions answered so far are shown while others are still asked.
PATIENCE = 0.5

Exchanges = tuple[Exchange, ...]
Note = Callable[[Answer, float], None]
Charge = Callable[[int], None]


@dataclass(slots=True)
class Page:
    """The exchanges that a page shows, and the numbers of its orders; every event sees the same."""

    conversation: str = ""
    exchanges: Exchanges = ()
    ordered: int = 0
    shown: int = 0
    numbered: int = 0

    def next_number(self) -> int:
        """Return a number for an exchange that none of this page has had."""
        self.numbered += 1
        return self.numbered


@dataclass(frozen=True, slots=True)
class Step:
    """What a page shows next: exchanges, the question that is being answered, and the record."""

    exchanges: Exchanges
    record: Record
    waiting: Asked | None = None

    @property
    def failed(self) -> str | None:
        """The question typed last, where it could not be answered."""
        last = self.exchanges[-1] if self.exchanges else None
        if self.waiting or last is None or last.answer or last.asked.then:
            return None
        return last.asked.question


def steps(
    page: Page, order: Order, answers: Answers, *, note: Note, charge: Charge | None = None
) -> Iterator[Step]:
    """Bring a page to show what it ordered, and yield what it shows on the way.

    Ends early where a later order has come. `note` is called with each answer to a new question
    and the seconds that it took; `charge`, which may raise, with how many are asked besides one.
    """
    if order.number <= page.ordered:
        return
    page.ordered = order.number
    shown = _kept(page, order)
    more = len(order.turns) - len(shown) - 1
    if charge and more > 0:
        charge(more)
    record = _record(order, answers.assistant.corpus)
    yielded = float("-inf")
    for asked in order.turns[len(shown) :]:
        if time.monotonic() - yielded > PATIENCE:
            yield Step(shown, _told(record, shown, more=True), waiting=asked)
            yielded = time.monotonic()
        began = time.perf_counter()
        exchange = put(answers, asked, number=page.next_number(), earlier=shown)
        if page.ordered != order.number:
            return
        if exchange.answer and asked.then is None:
            note(exchange.answer, time.perf_counter() - began)
        shown = (*shown, exchange)
    page.conversation, page.exchanges, page.shown = order.conversation, shown, order.number
    yield Step(shown, _told(record, shown))


def suggested(page: Page, answers: Answers) -> Exchanges | None:
    """Return the page's exchanges with questions to ask next, None where there is nothing new."""
    order, shown = page.ordered, page.exchanges
    if page.shown != order or not shown or shown[-1].follow_ups:
        return None
    followed = followed_up(answers, shown[-1])
    # By now the next question may be on its way: its answer must not be written over.
    if not followed.follow_ups or page.ordered != order:
        return None
    page.exchanges = (*shown[:-1], followed)
    return page.exchanges


def _kept(page: Page, order: Order) -> Exchanges:
    """Return the exchanges on the page that the order begins with."""
    kept = _common(page.exchanges, order.turns)
    if len(order.turns) == MOST_TURNS and order.conversation == page.conversation:
        # The oldest may have gone to make room.
        kept = max(kept, _common(page.exchanges[1:], order.turns), key=len)
    if not kept or len(kept) == len(order.turns):
        return kept
    # Only the last has questions to ask next.
    return (*kept[:-1], replace(kept[-1], follow_ups=()))


def _common(exchanges: Exchanges, turns: Sequence[Asked]) -> Exchanges:
    kept = 0
    for exchange, asked in zip(exchanges, turns, strict=False):
        if asked.tell or not exchange.asked.is_like(asked):
            break
        kept += 1
    return exchanges[:kept]


def _record(order: Order, corpus: Corpus) -> Record:
    """Return what the page is told of its order, whatever it shows."""
    limits, problem = Limits.of(order.bar)
    papers = corpus.get(limits.paper)
    if unknown := [one for one in limits.paper if one not in papers]:
        problem = problem or f"paper: there is none with the id {unknown[0]!r}"
        known = tuple(one for one in limits.paper if one in papers)
        limits = limits.model_copy(update={"paper": known})
    return Record(
        number=order.number,
        conversation=order.conversation,
        bar=limits.data(),
        titles={paper_id: paper.title for paper_id, paper in papers.items()},
        problem=problem,
    )


def _told(record: Record, shown: Exchanges, *, more: bool = False) -> Record:
    turns = tuple(exchange.shown for exchange in shown)
    return record.model_copy(update={"turns": turns, "more": more})
