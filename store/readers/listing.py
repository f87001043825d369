"""Daily-papers listing pages saved as text: titles and abstracts in turn, under a header.

Two forms occur. In one, blank lines stand between the paragraphs and the header is several lines;
in the other there are no blank lines and the header's last word is glued to the first title. A
page may name the month and day that it lists, never the year.
"""

import re
from collections.abc import Iterator

from store.errors import ReadError
from store.papers import Paper, paper_id
from store.readers.record import Record, Skipped
from store.readers.source import Source

NAME = "a daily-papers listing"

#: Longer than any title (143 characters is the longest seen), shorter than any abstract.
LONGEST_TITLE = 320

_HEADER = re.compile(
    r"(?:new\s*$"
    r"|Get trending papers in your email inbox(?: once a day)?!?"
    r"|Subscribe"
    r"|Daily Papers"
    r"|by\s?AK and the research community"
    r")"
)
_DAY = re.compile(
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?"
    r"|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?) (?:0?[1-9]|[12]\d|3[01])(?!\d)"
)


def recognises(head: str) -> bool:
    """Return whether the first line that is not blank starts a listing page's header."""
    return _HEADER.match(head.strip().partition("\n")[0].strip()) is not None


def read(source: Source) -> Iterator[Record]:
    """Yield the papers of a page in order; a last title without an abstract is skipped.

    Raises ReadError, with the line, where a title is expected and something longer stands.
    """
    paragraphs = ((n, text) for n, line in enumerate(source.lines(), 1) if (text := line.strip()))
    day, rest = _without_header(paragraphs)
    listed = (day,) if day else ()
    for number, title in rest:
        if len(title) > LONGEST_TITLE:
            raise ReadError(
                source.where,
                number,
                f"expected a title, found {len(title)} characters starting {title[:40]!r}; "
                "titles and abstracts must stand in turn, one a line",
            )
        _, abstract = next(rest, (0, ""))
        if not abstract:
            yield Skipped(source.where, number, f"no abstract follows the title {title!r}")
            return
        yield Paper(
            id=paper_id(title), title=title, abstract=abstract, source=source.name, listed=listed
        )


def _without_header(
    paragraphs: Iterator[tuple[int, str]],
) -> tuple[str | None, Iterator[tuple[int, str]]]:
    """Return the listing's day as printed, or None, and the paragraphs after the header.

    A header word may be glued to what follows it. "Subscribe" ends the glued form's header, so
    that a first title is never searched for more header words than the page can have.
    """
    day: str | None = None
    seen: set[str] = set()
    for number, text in paragraphs:
        while text:
            if (match := _HEADER.match(text)) and match[0] not in seen:
                seen.add(match[0])
            elif day is None and (match := _DAY.match(text)):
                day = match[0]
            else:
                return day, _chained((number, text), paragraphs)
            text = text[match.end() :].strip()
    return day, iter(())


def _chained(first: tuple[int, str], rest: Iterator[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    yield first
    yield from rest
