"""Levelling: feeds brought level with the papers, beside what answers programs."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import anyio

from assistant.assistant import Assistant
from assistant.watching import catch_up
from store.watching import Watching

#: Seconds that whoever reads a feed waits for it to be level, before it comes as it is.
PATIENCE = 10.0


class Levelling:
    """Asks saved questions of the papers that have come since, one question at a time.

    Each is asked up to some tens of times, so it has a thread of its own: those that answer
    programs stay free.
    """

    def __init__(
        self, watching: Watching, assistant: Assistant, *, patience: float = PATIENCE
    ) -> None:
        self._watching = watching
        self._assistant = assistant
        self._patience = patience
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="feeds")

    async def bring(self, watch_id: str | None = None) -> None:
        """Wait, but not for long, until a saved question or else the list of papers is level.

        What has begun goes on, and the next reader finds it done; what has not never begins.
        """
        with anyio.move_on_after(self._patience):
            await asyncio.wrap_future(self._thread.submit(self._level, watch_id))

    def _level(self, watch_id: str | None) -> None:
        # Looked up only now: the reader before may have waited for the same.
        watch = self._watching.watches.find(watch_id) if watch_id else None
        catch_up(self._watching, self._assistant, watches=[watch] if watch else [])
