"""Atom: a feed as RFC 4287 has it."""

import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree import ElementTree as Xml

#: What no XML 1.0 document can hold.
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ATOM = "http://www.w3.org/2005/Atom"
MEDIA_TYPE = "application/atom+xml; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Entry:
    """One paper of a feed; `name` makes its id, `content` is HTML, `updated` ISO 8601."""

    name: str
    title: str
    address: str
    updated: str
    authors: Sequence[str]
    categories: Sequence[str]
    content: str


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed and where it is found; `page` is what it is the feed of."""

    name: str
    title: str
    address: str
    page: str
    updated: str
    entries: Sequence[Entry]

    def xml(self) -> bytes:
        """Return the document. The same entries always make the same bytes."""
        feed = Xml.Element("feed", {"xmlns": _ATOM})
        _add(feed, "id", _urn(self.name))
        _add(feed, "title", self.title)
        _add(feed, "updated", self.updated)
        _add(feed, "link", rel="self", type="application/atom+xml", href=self.address)
        _add(feed, "link", rel="alternate", type="text/html", href=self.page)
        # Of an entry without authors the feed's own is taken, and there must be one.
        _add(_add(feed, "author"), "name", self.title)
        for entry in self.entries:
            self._add_entry(feed, entry)
        document: bytes = Xml.tostring(feed, encoding="utf-8", xml_declaration=True)
        return document

    def _add_entry(self, feed: Xml.Element, entry: Entry) -> None:
        element = _add(feed, "entry")
        _add(element, "id", _urn(f"{self.name}/{entry.name}"))
        _add(element, "title", entry.title)
        _add(element, "updated", entry.updated)
        _add(element, "link", rel="alternate", type="text/html", href=entry.address)
        for author in entry.authors:
            _add(_add(element, "author"), "name", author)
        for category in entry.categories:
            _add(element, "category", term=category)
        _add(element, "content", entry.content, type="html")


def _add(parent: Xml.Element, tag: str, text: str = "", **attributes: str) -> Xml.Element:
    child = Xml.SubElement(parent, tag, {name: _xml(value) for name, value in attributes.items()})
    child.text = _xml(text) or None
    return child


def _xml(text: str) -> str:
    return _NO_XML.sub("\ufffd", text)


def _urn(name: str) -> str:
    """Return an id that stays the same wherever the feed is served from."""
    return uuid.uuid5(uuid.NAMESPACE_OID, f"abstract-assistant:{name}").urn
