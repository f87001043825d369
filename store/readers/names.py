"""Lists of names as records write them: authors, categories and keywords."""

import json
import re
from ast import literal_eval
from collections.abc import Iterator, Mapping
from typing import Any

#: arXiv's form of categories, "cs.CL stat.ML".
_ARXIV_CATEGORIES = re.compile(r"[a-z-]+(?:\.[A-Za-z-]+)?(?: [a-z-]+(?:\.[A-Za-z-]+)?)*")
#: What stands in brackets behind an author's name: a number, an affiliation. One word, or what
#: stands within the name, is another name.
_NOTE = re.compile(
    r" ?\((?:(?:[^\w()]|[\d_])*\)|(?![A-Z][a-z]+\))[^()]*\)(?= ?(?:[,;|)(&]|and |$)))"
)
#: How deep such brackets lie in each other.
_DEEPEST = 3
#: One that is within brackets parts nothing.
_COMMA = re.compile(r",(?![^()]{0,200}\))")
_AND = re.compile(r",? (?:and|&) ")
_INITIALS = re.compile(r"(?:[^\W\d_]\.[ -]?)+|[A-ZÀ-Þ](?:[ -]?[A-ZÀ-Þ])?")
#: A first name with initials behind it.
_MIDDLE = re.compile(r"[^\W\d_][\w'’-]+(?: [^\W\d_]\.?)+")
_SUFFIX = re.compile(r"(?:[JS]r\.?|I{2,3}|IV)", re.IGNORECASE)
_SUFFIXED = re.compile(rf", ?{_SUFFIX.pattern}$", re.IGNORECASE)
#: What stands for authors who are not named.
_OTHERS = re.compile(
    r"(?:[,;]? (?:and|&)|[,;]) (?:others|\d+ (?:others|more))\.?$|[,;]? et al\b\.?$", re.IGNORECASE
)
#: A backslash with what it escapes in Python; what it does not, is a group.
_ESCAPE = re.compile(r"""\\(?:[\n\\'"abfnrtvxuUN0-7]|(.))""")
#: Under these keys an object has a name whole.
_WHOLE = ("name", "display_name", "literal", "tag", "authname")
#: Longer than any list of names.
_LONGEST_LIST = 2**16


def names(value: Any) -> tuple[str, ...]:
    """Return names from a list, of strings or of objects, or from one string with semicolons."""
    if isinstance(value, str):
        value = _listed(value) or value.split(";")
    if not isinstance(value, list | tuple):
        return ()
    found = (_name(item) for item in value)
    return tuple(name.strip() for name in found if name and name.strip())


def authors(value: Any) -> tuple[str, ...]:
    """Return the authors of a list, or of one string, in which "Lee, Ann" becomes "Ann Lee".

    Of a list of people in several roles, those are left out that edited or translated.
    """
    if isinstance(value, str):
        if not (listed := _listed(value)):
            return names([first_last(name) for name in _authors_in(value)])
        value = first_names_first(listed)
    if isinstance(value, list):
        value = [each for each in value if _role(each) in (None, "author")] or value
    return names(value)


def first_names_first(value: Any) -> Any:
    """Return a list of "Last, First" as one of "First Last"; anything else as it is."""
    if isinstance(value, list) and _are_reversed(value):
        return [first_last(name) for name in value]
    return value


def first_last(name: str) -> str:
    """Return "Lee, Ann" as "Ann Lee", as other formats have it, and "Lee, Ann, Jr." likewise."""
    if "," not in name:
        return name.strip()
    last, *first = (part.strip() for part in name.split(","))
    return " ".join(part for part in (*first[:1], last, *first[1:]) if part)


def categories(value: Any) -> tuple[str, ...]:
    """Return categories, which one string may hold parted by blanks, semicolons or commas."""
    if not isinstance(value, str):
        return names(value)
    if _ARXIV_CATEGORIES.fullmatch(value.strip()):
        return tuple(value.split())
    return names(_listed(value) or (value.split(";") if ";" in value else _COMMA.split(value)))


def _name(item: Any) -> str | None:
    """Return the name in an item: text, or an object as JSON formats have them."""
    if isinstance(item, str):
        return item
    if not isinstance(item, Mapping):
        return None
    if isinstance(inner := item.get("author"), Mapping):
        return _name(inner) or _name(item.get("raw_author_name"))
    if isinstance(whole := item.get("full_name") or item.get("creator"), str):
        return first_last(whole)
    whole = next((item[key] for key in _WHOLE if item.get(key)), None)
    if isinstance(whole, str):
        return whole
    first = next((item[key] for key in ("given", "firstName", "first") if item.get(key)), None)
    if isinstance(middle := item.get("middle"), list):
        first = " ".join(part for part in (first, *middle) if isinstance(part, str))
    last = next((item[key] for key in ("family", "lastName", "last") if item.get(key)), None)
    particle = item.get("non-dropping-particle") or item.get("dropping-particle")
    parts = [part for part in (first, particle, last, item.get("suffix")) if isinstance(part, str)]
    return " ".join(parts) or None


def _role(item: Any) -> Any:
    return item.get("creatorType") if isinstance(item, Mapping) else None


def _listed(text: str) -> list[Any]:
    """Return the list that a text is written as, by Python or JSON; else none."""
    text = text.strip()
    if not (text.startswith("[") and text.endswith("]") and len(text) < _LONGEST_LIST):
        return []
    for read in (json.loads, _evaluated):
        try:
            found = read(text)
        except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
            continue
        return found if isinstance(found, list) else []
    return []


def _evaluated(text: str) -> Any:
    # Python warns of a backslash that escapes nothing, which stands for itself.
    return literal_eval(_ESCAPE.sub(lambda sign: f"\\{sign[0]}" if sign[1] else sign[0], text))


def _authors_in(text: str) -> Iterator[str]:
    """Yield the names that semicolons or bars part, or else commas and "and", or line ends."""
    lines = text.strip().splitlines()
    if "," not in text or all(line.count(",") == 1 and _is_one(line) for line in lines):
        text = ";".join(lines)
    text = " ".join(text.split())
    for _ in range(_DEEPEST):
        text = _NOTE.sub("", text)
    text = _OTHERS.sub("", text)
    halves = _AND.split(text)
    pairs = all(_SUFFIXED.sub("", half).count(",") == 1 for half in halves)
    if sign := next((sign for sign in ";|" if sign in text), None):
        yield from (name.strip().removeprefix("and ") for name in text.split(sign))
    elif pairs and (len(halves) > 1 or _is_one(text)):
        yield from halves
    else:
        yield from _between_commas([part.strip() for half in halves for part in half.split(",")])


def _are_reversed(value: list[Any]) -> bool:
    """Return whether each is "Last, First", and none a name with an affiliation."""
    return all(isinstance(name, str) and name.count(",") == 1 for name in value) and any(
        map(_is_one, value)
    )


def _is_one(text: str) -> bool:
    """Return whether text is "Last, First", or "Last, First, Jr."; of two, both may be names."""
    last, first, *suffix = (part.strip() for part in text.split(","))
    one_word = " " not in last or last[:1].islower()
    return one_word and (bool(suffix) or " " not in first or _MIDDLE.fullmatch(first) is not None)


def _between_commas(parts: list[str]) -> Iterator[str]:
    """Yield the names of parts between commas: where all have initials behind them, with these."""
    parts = [part.removeprefix("and ").lstrip("& ") for part in parts if part]
    initials = [_INITIALS.fullmatch(part) is not None for part in parts]
    if len(parts) % 2 == 0 and all(initials[1::2]) and not any(initials[::2]):
        yield from map(", ".join, zip(parts[::2], parts[1::2], strict=True))
        return
    name = ""
    for part in parts:
        if name and _SUFFIX.fullmatch(part):
            name = f"{name} {part}"
        else:
            yield name
            name = part
    yield name
