"""Voting: one vote of each browser for a paper."""

import secrets
from datetime import UTC, date, datetime

from fastapi import Request
from fastapi.responses import Response

_COOKIE = "aa-voter"
#: How long a browser is known again, in seconds: a year.
_KNOWN = 365 * 24 * 60 * 60


def voter_of(request: Request) -> str | None:
    """Return what this browser is known by, or None where it has not voted yet."""
    given = request.cookies.get(_COOKIE, "")
    return given if len(given) == len(_new()) else None


def known_voter(request: Request, response: Response) -> str:
    """Return what this browser is known by; a new one is given something to be known by."""
    voter = voter_of(request) or _new()
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
