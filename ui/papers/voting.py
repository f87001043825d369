"""Voting: one vote of each browser for a paper."""

import secrets
from datetime import UTC, date, datetime

from fastapi import Request
from fastapi.responses import Response

_COOKIE = "aa-voter"
#: How long a browser is known again, in seconds: a year.
_KNOWN = 365 * 24 * 60 * 60


def voter_of(request: Request) -> str | None:
    """Return what a person is known by: who logged in, else what the browser was given, or None."""
    if who := getattr(request.state, "who", None):
        return f"user:{who}"
    given = request.cookies.get(_COOKIE, "")
    return given if len(given) == len(_new()) else None


def known_voter(request: Request, response: Response) -> str:
    """Return what a person is known by; a new browser is given something to be known by."""
    if (known := voter_of(request)) and known.startswith("user:"):
        return known
    voter = known or _new()
    response.set_cookie(
        _COOKIE,
        voter,
        max_age=_KNOWN,
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )
    return voter


def today() -> date:
    """Return the day on which a vote or a citation is counted, in UTC."""
    return datetime.now(UTC).date()


def _new() -> str:
    return secrets.token_urlsafe(24)
