"""Client: polite requests to one service over HTTP."""

import time
from collections.abc import Mapping
from types import TracebackType
from typing import Self

import httpx
from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_attempt

from store.errors import FetchError

#: Names the program, as the services ask.
USER_AGENT = "abstract-assistant (+https://pypi.org/project/abstract-assistant/)"
#: Seconds until a service has answered or has failed to.
TIMEOUT = 60.0
#: How often a request is made before it is given up.
ATTEMPTS = 5
#: Seconds to wait at most, whatever a service asks for.
LONGEST_WAIT = 120.0
#: Bytes of an answer at most; a page of records is a hundredth of it.
LONGEST_ANSWER = 128 * 2**20

#: The service is busy or asks to be left alone for a while.
_PASSING = {408, 429, 500, 502, 503, 504}


class Client:
    """Requests to the service at `url`, `pause` seconds apart, made again where they fail.

    The waiting time after a failure begins with `backoff` seconds and doubles, unless the
    service says how long to wait.
    """

    def __init__(self, url: str, *, pause: float, backoff: float = 2.0) -> None:
        self._url = url.rstrip("/")
        self._pause = pause
        self._backoff = backoff
        self._last: float | None = None
        headers = {"User-Agent": USER_AGENT}
        self._http = httpx.Client(headers=headers, timeout=TIMEOUT, follow_redirects=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._http.close()

    def get(self, path: str = "", **parameters: str | int) -> bytes:
        """Return the body that the service answers with; raises FetchError where it does not."""
        attempts = Retrying(
            retry=retry_if_exception(_passes),
            stop=stop_after_attempt(ATTEMPTS),
            wait=self._wait,
            reraise=True,
        )
        try:
            return attempts(self._get, self._url + path, parameters)
        except httpx.HTTPStatusError as error:
            reason = f"it answers {error.response.status_code} {error.response.reason_phrase}"
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            reason = str(error) or type(error).__name__
        raise FetchError(
            f"{self._url} cannot be fetched from: {reason}; "
            "try again later, what it has given is kept"
        )

    def _get(self, address: str, parameters: Mapping[str, str | int]) -> bytes:
        if self._last is not None:
            time.sleep(max(0.0, self._last + self._pause - time.monotonic()))
        try:
            with self._http.stream("GET", address, params=dict(parameters)) as response:
                response.raise_for_status()
                body = b""
                for piece in response.iter_bytes():
                    body += piece
                    if len(body) > LONGEST_ANSWER:
                        raise FetchError(f"{address} answers with more than papers; check the URL")
                return body
        finally:
            self._last = time.monotonic()

    def _wait(self, state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        asked = ""
        if isinstance(error, httpx.HTTPStatusError):
            asked = error.response.headers.get("Retry-After", "")
        seconds = float(asked) if asked.isdecimal() else self._backoff * 2**state.attempt_number / 2
        return min(seconds, LONGEST_WAIT)


def _passes(error: BaseException) -> bool:
    """Return whether a failure may pass when the request is made again."""
    if isinstance(error, httpx.HTTPStatusError):
        return error.response.status_code in _PASSING
    return isinstance(error, httpx.TransportError) and not isinstance(
        error, httpx.UnsupportedProtocol
    )
