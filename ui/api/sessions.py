"""Sessions: the conversations that the server keeps for programs, in memory."""

import secrets
import threading
from collections import OrderedDict

from starlette.exceptions import HTTPException

from ui.conversations.answers import Answered

#: Conversations kept; the one unused for longest goes first.
KEPT = 500
#: Answers kept of each: a question refers to what was said lately.
ANSWERS_KEPT = 20


class Sessions:
    """Conversations by id; whoever knows the id may carry one on. Safe from several threads."""

    def __init__(self, *, kept: int = KEPT) -> None:
        self._kept = kept
        self._given: OrderedDict[str, tuple[Answered, ...]] = OrderedDict()
        self._lock = threading.Lock()

    def open(self) -> str:
        """Begin a conversation and return its id."""
        name = secrets.token_urlsafe(16)
        with self._lock:
            self._given[name] = ()
            while len(self._given) > self._kept:
                self._given.popitem(last=False)
        return name

    def earlier(self, name: str) -> tuple[Answered, ...]:
        """Return the answers of a conversation; raise a 404 where there is none of this id."""
        with self._lock:
            if name not in self._given:
                raise unknown(name)
            self._given.move_to_end(name)
            return self._given[name]

    def add(self, name: str, answered: Answered) -> None:
        """Add an answer to a conversation, unless it has been closed meanwhile."""
        with self._lock:
            if name in self._given:
                self._given[name] = (*self._given[name], answered)[-ANSWERS_KEPT:]

    def close(self, name: str) -> None:
        """Forget a conversation; raise a 404 where there is none of this id."""
        with self._lock:
            if self._given.pop(name, None) is None:
                raise unknown(name)


def unknown(name: str) -> HTTPException:
    """Return the error that says that no session has this id."""
    return HTTPException(404, f"no session {name!r}; open one with POST /api/v1/sessions")
