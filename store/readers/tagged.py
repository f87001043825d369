"""Tagged lines: the records of RIS and of MEDLINE's nbib, a tag and a value a line."""

import re
from collections.abc import Iterator
from itertools import chain

from store.readers.lines import LONGEST_RECORD, MARK
from store.readers.source import Source

#: The tags of one record, each with its values in order.
Tags = dict[str, list[str]]


def tagged_records(
    source: Source,
    line: re.Pattern[str],
    *,
    first: tuple[str, ...],
    last: str | None,
    joint: str,
) -> Iterator[tuple[int, Tags]]:
    """Yield (line number, tags) of each record, from a tag of `first` to `last` or the next one.

    Of several such tags, in any order, each begins another record where this one has it already.
    A record that lacks them begins with its second tag.

    `line` has the groups tag and value. A line without a tag goes on with the value before it,
    after `joint`; blank lines within one stay if that ends lines. What stands between records is
    passed over.
    """
    # Each value as its lines: putting them together one by one takes long where there are many.
    open_: dict[str, list[list[str]]] = {}
    value: list[str] = []
    begun = size = 0
    for number, text in enumerate(source.lines(), 1):
        text = text.rstrip("\r\n")
        match = line.match(text) or _marked(line, text, first)
        size += len(text)
        if size > LONGEST_RECORD:
            raise source.too_long(begun or number)
        if match is None:
            if open_ and (text.strip() or joint == "\n"):
                value.append(text.strip() if joint == " " else text)
            continue
        tag, content = match.groups()
        if tag == last or (tag in first and (tag in open_ or open_.keys().isdisjoint(first))):
            if open_:
                yield begun, _closed(open_, joint)
            open_ = {}
        if tag != last:
            if not open_:
                begun, size = number, 0
            value = [content or ""]
            open_.setdefault(tag, []).append(value)
    if open_:
        yield begun, _closed(open_, joint)


def _marked(line: re.Pattern[str], text: str, first: tuple[str, ...]) -> re.Match[str] | None:
    """Return what a line is that begins a record, and begins with a byte order mark."""
    begin = line.match(text, len(MARK)) if text.startswith(MARK) else None
    return begin if begin and begin[1] in first else None


def _closed(open_: dict[str, list[list[str]]], joint: str) -> Tags:
    """Return each value in one, without the blank lines that stand behind it."""
    for lines in chain.from_iterable(open_.values()):
        while len(lines) > 1 and not lines[-1].strip():
            lines.pop()
    return {tag: [joint.join(lines) for lines in values] for tag, values in open_.items()}


def only(tags: Tags, *names: str) -> str | None:
    """Return the first value of the first of these tags that has one."""
    return next((value for name in names for value in tags.get(name, ()) if value.strip()), None)


def every(tags: Tags, *names: str) -> list[str]:
    """Return all values of these tags."""
    return [value.strip() for name in names for value in tags.get(name, ()) if value.strip()]


def each_line(tags: Tags, *names: str) -> list[str]:
    """Return all lines of the values of these tags, which hold one thing a line."""
    return [line.strip() for value in every(tags, *names) for line in value.splitlines()]
