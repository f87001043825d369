"""Verbatim: a text such that a browser shows exactly it."""

import re

_ACTIVE = re.compile(r"[\x00-\x1f\x21-\x2f\x3a-\x40\x5b-\x60\x7b-\x7f\ud800-\udfff]")


def verbatim(text: str) -> str:
    """Return `text` such that a browser shows exactly it, through Markdown, LaTeX and HTML.

    Each ASCII character other than a letter, a digit or a blank becomes a numeric entity. Half a
    surrogate pair, which no page can carry, becomes U+FFFD.
    """
    return _ACTIVE.sub(_entity, text)


def _entity(match: re.Match[str]) -> str:
    character = match[0]
    if "\ud800" <= character <= "\udfff":
        return "\ufffd"
    return f"&#{ord(character)};"
