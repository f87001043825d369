"""Service: how much is computed at the same time, and what becomes of what takes too long."""

import threading
from collections.abc import Callable

import anyio
import pytest

from assistant.assistant import Assistant
from store.corpus import Corpus
from store.errors import TimedOut
from ui.service import AT_ONCE, Service


def test_what_nobody_waits_for_any_more_keeps_its_place_until_it_ends(empty: Corpus) -> None:
    service = Service(Assistant(empty), name="none", timeout=0.05)
    may_end, begun = threading.Event(), []

    def slow(number: int) -> Callable[[], None]:
        def call() -> None:
            begun.append(number)
            may_end.wait()

        return call

    async def check() -> None:
        before = threading.active_count()
        for number in range(3 * AT_ONCE):
            with pytest.raises(TimedOut, match=r"within 0\.05 seconds"):
                await service.run(slow(number))
        assert begun == list(range(AT_ONCE))
        assert threading.active_count() == before + AT_ONCE
        may_end.set()

    try:
        anyio.run(check)
    finally:
        may_end.set()
    # The places are free again, and what was given up before it began never began.
    assert anyio.run(Service(Assistant(empty), name="none").run, lambda: 7) == 7
    assert begun == list(range(AT_ONCE))


def test_what_goes_wrong_is_raised_to_who_asked(empty: Corpus) -> None:
    def wrong() -> None:
        raise ValueError("no such thing")

    with pytest.raises(ValueError, match="no such thing"):
        anyio.run(Service(Assistant(empty), name="none").run, wrong)
