"""Links: the web addresses that a text holds, and where each leads."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

#: An address with its scheme or "www.", or one of a place where code and data are kept.
_ADDRESS = re.compile(
    r"(?:https?://|(?<![\w.@/-])(?:www\.|(?:[\w-]+\.)*(?:github\.(?:com|io)|gitlab\.com"
    r"|huggingface\.co|hf\.co|zenodo\.org)/))"
    # A backslash only where LaTeX escapes a character of the address with it.
    r"(?:\\(?=[_%#&~])|[^\s\\<>\"“”‘’`{}|^\[\]$])+",
    re.IGNORECASE,
)
#: The next sentence, glued to the full stop that closes the one with the address.
_GLUED = re.compile(
    r"\.(?:We|Our|The|This|These|It|In|To|For|Also|Code|Data|Demo|Models?|Project|Blog|Videos?"
    r"|Experiments?|Keywords?)$"
)
_ESCAPE = re.compile(r"\\([_%#&~])")


@dataclass(frozen=True, slots=True)
class Address:
    """An address exactly as it stands at `text[start:end]`, and the `href` that it leads to."""

    text: str
    start: int
    end: int
    href: str


def links_in(text: str) -> Iterator[Address]:
    """Yield the addresses in `text`, in order, without what is glued to them."""
    for match in _ADDRESS.finditer(text):
        found = _unglued(match[0])
        if href := _href(found):
            yield Address(found, match.start(), match.start() + len(found), href)


def web_address(url: str | None) -> str | None:
    """Return `url` where it is one over http or https, else None."""
    return url if url and url.startswith(("http://", "https://")) else None


def _unglued(address: str) -> str:
    """Return an address without the punctuation, and the sentence, that follow it."""
    before = None
    while address != before:
        before = address
        address = _GLUED.sub("", address.rstrip(".,;:!?'*\\"))
        if address.endswith(")") and address.count(")") > address.count("("):
            address = address[:-1]
    return address


def _href(address: str) -> str | None:
    """Return where an address leads, over http or https; None where that is nowhere."""
    plain = _ESCAPE.sub(r"\1", address)
    href = plain if "://" in plain else f"https://{plain}"
    try:
        host = urlsplit(href).hostname
    except ValueError:
        return None
    return href if host and "." in host.strip(".") else None
