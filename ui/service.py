"""Service: the assistant as every surface uses it, with answers counted and waiting limited."""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import TypeVar

import anyio

from assistant.answer import Answer
from assistant.assistant import Assistant
from assistant.query import Filters
from store.corpus import Corpus
from store.errors import TimedOut
from store.feedback import Feedback
from ui.access.admission import charge
from ui.conversations.answers import Answered, Answers
from ui.operation.metrics import Metrics

#: Seconds that a program waits for an answer at most.
TIMEOUT = 30.0
#: What is computed at the same time for programs; more only wait for the processor.
AT_ONCE = 4

T = TypeVar("T")

_log = logging.getLogger(__name__)


class Service:
    """Answers for the surfaces; `name` is what the corpus is called.

    `given` is called with each answer, in a thread; `feedback` keeps what people think of them,
    unless None; `examples` are questions that the corpus answers.
    """

    def __init__(
        self,
        assistant: Assistant,
        *,
        name: str,
        metrics: Metrics | None = None,
        timeout: float = TIMEOUT,
        given: Callable[[Answer], None] | None = None,
        feedback: Feedback | None = None,
        examples: Sequence[str] = (),
    ) -> None:
        self.assistant = assistant
        self.answers = Answers(assistant, examples=examples)
        self.feedback = feedback
        self.name = name
        self.metrics = metrics or Metrics()
        self._timeout = timeout
        self._give = given or _forget
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="service")
        self._notes = ThreadPoolExecutor(1, thread_name_prefix="notes")

    @property
    def corpus(self) -> Corpus:
        """What is answered from."""
        return self.assistant.corpus

    async def ask(
        self,
        question: str,
        *,
        surface: str,
        history: Sequence[str] = (),
        earlier: Sequence[Answered] | None = None,
        standalone: bool = False,
        filters: Filters | None = None,
        detailed: bool = False,
    ) -> Answered:
        """Return the answer to `question` after `earlier` ones, or those that `history` makes.

        With `standalone` it leans on none of them. Raises TimedOut where that takes too long, and
        a 429 where who asks may not have so many questions answered as `history` holds.
        """
        charge(len(history))

        def answered() -> Answered:
            before = earlier
            if before is None:
                before = () if standalone else self.answers.recall(history, filters=filters)
            return self.answers.ask(
                question,
                earlier=before,
                standalone=standalone,
                filters=filters,
                detailed=detailed,
            )

        start = time.perf_counter()
        given = await self.run(answered)
        self.note(surface, given.turn.answer, seconds=time.perf_counter() - start)
        return given

    def note(self, surface: str, answer: Answer, *, seconds: float) -> None:
        """Count an answer that a surface gives; nobody waits for that."""
        self._notes.submit(self._noted, answer)
        self.metrics.note_answer(surface, answer, seconds=seconds)

    async def run(self, call: Callable[[], T]) -> T:
        """Return what `call` returns, computed in a thread; raise TimedOut after the timeout.

        What has begun goes on in its thread, which nothing else has before it ends; what has not
        never begins.
        """
        try:
            with anyio.fail_after(self._timeout):
                submitted = self._threads.submit(copy_context().run, call)
                return await asyncio.wrap_future(submitted)
        except TimeoutError as error:
            raise TimedOut(
                f"no answer within {self._timeout:g} seconds; try again in a moment"
            ) from error

    def _noted(self, answer: Answer) -> None:
        try:
            self._give(answer)
        except Exception:
            _log.exception("An answer was not counted")


def _forget(_answer: Answer) -> None:
    """Take no note of an answer that was given."""
