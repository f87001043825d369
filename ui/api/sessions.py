"""Sessions: the conversations that the server keeps for programs, in memory."""

import secrets
import threading
from collections import OrderedDict

from starlette.exceptions import HTTPException

from assistant.conversation import Turn

#: Conversations kept; the one unused for longest goes first.
KEPT = 500
#: Turns kept of each: a question refers to what was said lately.
TURNS_KEPT = 20


class Sessions:
    """Conversations by id; whoever knows the id may carry one on. Safe from several threads."""

    def __init__(self, *, kept: int = KEPT) -> None:
        self._kept = kept
        self._turns: OrderedDict[str, tuple[Turn, ...]] = OrderedDict()
        self._lock = threading.Lock()

    def open(self) -> str:
        """Begin a conversation and return its id."""
        name = secrets.token_urlsafe(16)
        with self._lock:
            self._turns[name] = ()
            while len(self._turns) > self._kept:
                self._turns.popitem(last=False)
        return name

    def turns(self, name: str) -> tuple[Turn, ...]:
        """Return the turns of a conversation; raise a 404 where there is none of this id."""
        with self._lock:
            if name not in self._turns:
                raise unknown(name)
            self._turns.move_to_end(name)
            return self._turns[name]

    def add(self, name: str, turn: Turn) -> None:
        """Add a turn to a conversation, unless it has been closed meanwhile."""
        with self._lock:
            if name in self._turns:
                self._turns[name] = (*self._turns[name], turn)[-TURNS_KEPT:]

    def close(self, name: str) -> None:
        """Forget a conversation; raise a 404 where there is none of this id."""
        with self._lock:
            if self._turns.pop(name, None) is None:
                raise unknown(name)


def unknown(name: str) -> HTTPException:
    """Return the error that says that no session has this id."""
    return HTTPException(404, f"no session {name!r}; open one with POST /api/v1/sessions")
