"""Plain text: a title on a line of its own, a blank line, the abstract; then the next one."""

import re
from collections.abc import Iterator

from store.readers.fields import Fields, record_of
from store.readers.lines import LONGEST_RECORD, MARK
from store.readers.listing import LONGEST_TITLE
from store.readers.record import Record, Skipped
from store.readers.source import Source

NAME = "plain text, a title, a blank line, an abstract"

#: Characters of an abstract at least, so that no letter or note is taken for one.
SHORTEST_ABSTRACT = 120

_START = re.compile(rf"\s*([^\n]{{1,{LONGEST_TITLE}}})\n[ \t\r]*\n\s*((?:[^\n]*\S[^\n]*(?:\n|$))+)")


def recognises(head: str) -> bool:
    """Return whether a title and an abstract come first, and the abstract ends like one."""
    match = _START.match(head)
    return match is not None and _wrong(match[1], match[2]) is None


def read(source: Source) -> Iterator[Record]:
    """Yield the papers in order; what is no title with its abstract is Skipped with its line."""
    paragraphs = _paragraphs(source)
    for number, title in paragraphs:
        _, abstract = next(paragraphs, (0, ""))
        if reason := _wrong(title, abstract):
            yield Skipped(source.where, number, reason)
            return
        yield record_of(_fields, (title, abstract), source, number)


def _fields(paragraphs: tuple[str, str]) -> Fields:
    title, abstract = paragraphs
    return {"title": title.removeprefix(MARK).strip(), "abstract": abstract}


def _wrong(title: str, abstract: str) -> str | None:
    """Return why these are no title and abstract, or None."""
    if {"\n", "\r"} & {*title.strip()} or len(title) > LONGEST_TITLE:
        return "expected a title on one line; the rest of the file is left out"
    if len(abstract.strip()) < SHORTEST_ABSTRACT:
        return f"no abstract of {SHORTEST_ABSTRACT} characters follows {title.strip()[:40]!r}"
    return None


def _paragraphs(source: Source) -> Iterator[tuple[int, str]]:
    """Yield (first line's number, text) of what blank lines part."""
    lines: list[str] = []
    size = begun = 0
    for number, line in enumerate(source.lines(), 1):
        if line.strip():
            begun = begun if lines else number
            lines.append(line)
            size += len(line)
            if size > LONGEST_RECORD:
                raise source.too_long(begun)
        elif lines:
            yield begun, "".join(lines).rstrip("\r\n")
            lines, size = [], 0
    if lines:
        yield begun, "".join(lines).rstrip("\r\n")
