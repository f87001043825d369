"""Runs: a compiled graph's inferences, one with all cores, or several at once with a part each."""

import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import numpy as np
from numpy.typing import NDArray

log = logging.getLogger(__name__)

#: Tokens up to which several cores are no faster than one, and only busier: about a question.
SMALL = 64
#: An input's numbers by its name, each of shape (inputs, tokens).
Feed = Mapping[str, NDArray[np.int64]]
Numbers = NDArray[np.float32]
Infer = Callable[[Feed], Numbers]


class Runs:
    """Runs the graph in a file; safe to call from several threads.

    Who is alone has all cores. Those who come meanwhile have a part of them each, at the same time:
    each waits a little longer, and all together take two thirds of the processor's time. Their
    numbers are the same bit for bit, which is checked; where they are not, callers take turns.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        (self._alone,) = _compiled(file, "LATENCY", most=1)
        self._turn = threading.Lock()
        self._counting = threading.Lock()
        self._running = 0
        # Made when first needed: a command that asks one question never needs it.
        self._beside: SimpleQueue[Infer] | None = None
        self._made = False

    def __call__(self, feed: Feed) -> Numbers:
        """Return the graph's one output, shape (inputs, dimension)."""
        with self._one_more() as first:
            small = max(numbers.size for numbers in feed.values()) <= SMALL
            beside = (self._beside if small else None) if first else self._for_several(feed)
            if beside is None:
                with self._turn:
                    return self._alone(feed)
            infer = beside.get()
            try:
                return infer(feed)
            finally:
                beside.put(infer)

    @contextmanager
    def _one_more(self) -> Iterator[bool]:
        """Count a caller while it runs; give whether there was none before it."""
        with self._counting:
            first = self._running == 0
            self._running += 1
        try:
            yield first
        finally:
            with self._counting:
                self._running -= 1

    def _for_several(self, feed: Feed) -> SimpleQueue[Infer] | None:
        """Return what runs several at once; None where its numbers for `feed` are not the same."""
        if not self._made:
            with self._turn:
                if not self._made:
                    self._beside = self._checked(_compiled(self._file, "THROUGHPUT"), feed)
                    self._made = True
        return self._beside

    def _checked(self, several: list[Infer], feed: Feed) -> SimpleQueue[Infer] | None:
        expected = self._alone(feed)
        if len(several) < 2 or not np.array_equal(several[0](feed), expected):
            log.debug("%s is run by one caller at a time", self._file)
            return None
        queue: SimpleQueue[Infer] = SimpleQueue()
        for infer in several:
            queue.put(infer)
        return queue


def _compiled(file: Path, hint: str, *, most: int | None = None) -> list[Infer]:
    """Return what runs the graph, each for one caller at a time, with that performance hint."""
    import openvino

    # The processor's own preferred precision (bfloat16 where it has it) is three times as fast as
    # float32 and keeps cosines within .0001.
    graph = openvino.Core().compile_model(str(file), "CPU", {"PERFORMANCE_HINT": hint})
    number = most or int(graph.get_property("OPTIMAL_NUMBER_OF_INFER_REQUESTS"))
    return [_infer(graph.create_infer_request()) for _ in range(number)]


def _infer(request: Any) -> Infer:
    def infer(feed: Feed) -> Numbers:
        # Copied: the next inference writes over it.
        found: Numbers = np.array(request.infer(feed)[0], dtype=np.float32)
        return found

    return infer
