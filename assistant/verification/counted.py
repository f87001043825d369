"""Counted: whether what a figure about the collection counts is told in the wording for it."""

import re
from collections.abc import Collection

from assistant.answer import Count

_DAY = r"(?:\d{4}(?:-\d\d){0,2}|[A-Z][a-z]{2} \d{1,2})"
_SPAN = rf"{_DAY}(?: to {_DAY})?"
#: In each, `words` stand in the question, and `venues` are those of papers cited.
_WORDINGS = [
    re.compile(wording)
    for wording in (
        r"papers? (?:is|are) here to be searched",
        rf"papers? (?:is|are) here(?:, of {_SPAN})?; some that stand for them follow",
        r"papers? holds? each of these words in some form: (?P<words>.+)",
        rf"papers? (?:is|are) of (?:{_SPAN}|listings of {_DAY}(?:, {_DAY})*)"
        rf"; the newest date here is {_DAY}",
        r"papers? (?:is|are) of listings of [A-Z][a-z]{2}(?: \d{1,2})?",
        r"venues? (?:is|are) named by the papers; most often (?P<venues>.+ \([\d,]+\))",
    )
]
_BETWEEN_VENUES = re.compile(r" \([\d,]+\)(?:, |$)")
_ONE, _MANY = re.compile(r"\w+ (?:is|holds)\b"), re.compile(r"\w+s (?:are|hold)\b")


def is_worded(count: Count, *, asked: Collection[str], venues: Collection[str | None]) -> bool:
    """Return whether a count says what it counts in words of ours, and of the question.

    `asked` are the words of the question in lower case, `venues` those of the papers cited.
    """
    number = _ONE if count.number == 1 else _MANY
    match = next((m for form in _WORDINGS if (m := form.fullmatch(count.what))), None)
    if match is None or not number.match(count.what):
        return False
    given = match.groupdict()
    named = _BETWEEN_VENUES.split(given.get("venues") or "")[:-1]
    return set(named) <= {*venues} and words_of(given.get("words") or "") <= {*asked}


def words_of(text: str) -> frozenset[str]:
    """Return the words of a text in lower case, without what stands between letters."""
    return frozenset(re.findall(r"\w+", text.casefold()))
