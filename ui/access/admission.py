"""Admission: who may send which request, and how many.

Programs show a key, once any has been made for the store; people log in to the chat, where a login
is set. With neither, whoever reaches the server may read, and nobody may write.
"""

import re
import time
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cached_property, partial

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Receive, Scope, Send

from store.errors import AssistantError
from ui.access.keys import Key, Keys
from ui.access.login import Login
from ui.problems import is_for_programs, refused

#: What anybody may read: that the server is up, and how it is spoken to and embedded.
OPEN = frozenset(
    {"/health", "/ready", "/api/v1/health", "/api/v1/ready", "/openapi.json", "/embed.js"}
)
#: The page that describes the API, and what it loads below it.
DOCS = "/docs"
#: What leads out of the digest starts with this; the rest is the person's own token.
UNSUBSCRIBE = "/unsubscribe/"
#: What the chat's own page calls, so that its login opens it, or nothing where there is none.
OF_THE_CHAT = frozenset({"/api/v1/export", "/api/v1/facets", "/api/v1/feedback"})
#: What people read and the server makes anew each time, in searches and lookups.
MADE = re.compile(r"/feeds/.+|/papers|/paper/.+")
#: Keys and logins that may be wrong, from one address.
WRONG = parse("20/minute")

_charged: ContextVar[Callable[[int], None] | None] = ContextVar("charged", default=None)


@dataclass(frozen=True)
class Rules:
    """Who is let in: the store's keys, the chat's login, and requests each may send."""

    keys: Keys | None = None
    login: Login | None = None
    rate: RateLimitItem | None = None

    @property
    def closed(self) -> bool:
        """Whether programs have to say who they are."""
        return self.login is not None or bool(self.keys and self.keys.made)

    @cached_property
    def limiter(self) -> MovingWindowRateLimiter:
        """What counts the requests, in memory."""
        return MovingWindowRateLimiter(MemoryStorage())


def charge(requests: int) -> None:
    """Count the request that is being answered as so many more; raise a 429 if that is too many."""
    counted = _charged.get()
    if counted and requests:
        counted(requests)


class Admission:
    """Passes on the requests that the rules allow, and refuses the others."""

    def __init__(self, app: ASGIApp, *, rules: Rules) -> None:
        self.app = app
        self._rules = rules

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, with who sent it in its state, or refuse it."""
        path = scope.get("path", "")
        if scope["type"] in ("http", "websocket") and not is_open(path):
            try:
                await self._admit(scope, path)
            except HTTPException as error:
                response = refused(path, error.status_code, error.detail, headers=error.headers)
                await response(scope, receive, send)
                return
            except AssistantError as error:
                await refused(path, 503, str(error))(scope, receive, send)
                return
        await self.app(scope, receive, send)

    async def _admit(self, scope: Scope, path: str) -> None:
        headers = Headers(scope=scope)
        address = (scope.get("client") or ("unknown", 0))[0]
        self._stop_guessing(address)
        key = self._key(headers, address)
        user = await self._rules.login.user(headers) if self._rules.login else None
        if user is None and key is None and headers.get("authorization") and self._rules.login:
            self._note_wrong(address)
        for_programs = is_for_programs(path) and path not in OF_THE_CHAT
        if for_programs:
            self._require_key(scope, path, key, user)
        elif self._rules.login and user is None and (key is None or path not in OF_THE_CHAT):
            raise self._unknown()
        who = key.name if key else user
        scope.setdefault("state", {})["who"] = who
        if for_programs or scope.get("method") == "POST" or MADE.fullmatch(path):
            count = partial(self._count, f"key:{key.prefix}" if key else f"from:{user or address}")
            count(1)
            _charged.set(count)
            # For what is answered once the request is over, as the chat is.
            scope["state"]["charge"] = count

    def _key(self, headers: Headers, address: str) -> Key | None:
        scheme, _, given = headers.get("authorization", "").partition(" ")
        # Without keys any will do: OpenAI's clients always send one.
        keys = self._rules.keys
        if scheme.lower() != "bearer" or not keys or not keys.made:
            return None
        key = keys.find(given.strip())
        if key is None:
            self._note_wrong(address)
            raise HTTPException(
                401, "This key is not known here.", headers={"WWW-Authenticate": "Bearer"}
            )
        return key

    def _require_key(self, scope: Scope, path: str, key: Key | None, user: str | None) -> None:
        if self._rules.closed and key is None and user is None:
            raise HTTPException(
                401,
                "Send a key: Authorization: Bearer KEY; who runs this makes one with: "
                "assistant keys add NAME",
                headers={"WWW-Authenticate": "Bearer"},
            )
        if _writes(scope, path) and (key is None or "write" not in key.scopes):
            raise HTTPException(
                403,
                "This needs a key that may write; who runs this makes one with: "
                "assistant keys add NAME --write",
            )

    def _unknown(self) -> HTTPException:
        challenge = self._rules.login.challenge if self._rules.login else None
        headers = {"WWW-Authenticate": challenge} if challenge else None
        return HTTPException(401, "Log in first.", headers=headers)

    def _count(self, who: str, requests: int) -> None:
        rate, limiter = self._rules.rate, self._rules.limiter
        if rate and not limiter.hit(rate, who, cost=requests):
            self._slow_down(rate, who)

    def _note_wrong(self, address: str) -> None:
        self._rules.limiter.hit(WRONG, f"wrong:{address}")

    def _stop_guessing(self, address: str) -> None:
        if not self._rules.limiter.test(WRONG, f"wrong:{address}"):
            self._slow_down(WRONG, f"wrong:{address}")

    def _slow_down(self, rate: RateLimitItem, who: str) -> None:
        reset = self._rules.limiter.get_window_stats(rate, who).reset_time
        seconds = max(1, round(reset - time.time() + 0.5))
        headers = {"Retry-After": str(seconds)}
        raise HTTPException(429, f"More than {rate}; wait {seconds} seconds.", headers=headers)


def is_open(path: str) -> bool:
    """Return whether a path asks nobody who they are."""
    return path in OPEN or path == DOCS or path.startswith((f"{DOCS}/", UNSUBSCRIBE))


def _writes(scope: Scope, path: str) -> bool:
    reading = scope.get("method") in ("GET", "HEAD", "OPTIONS")
    return path.startswith("/api/v1/papers") and not reading
