"""Lists of names as records write them: authors, categories and keywords."""

import re
from collections.abc import Mapping
from typing import Any

#: arXiv's form of categories, "cs.CL stat.ML".
_ARXIV_CATEGORIES = re.compile(r"[a-z-]+(?:\.[A-Za-z-]+)?(?: [a-z-]+(?:\.[A-Za-z-]+)?)*")


def names(value: Any) -> tuple[str, ...]:
    """Return names from a list, of strings or of objects, or from one separated string."""
    if isinstance(value, str):
        value = _separated(value)
    if not isinstance(value, list | tuple):
        return ()
    found = (_name(item) for item in value)
    return tuple(name.strip() for name in found if name and name.strip())


def first_last(name: str) -> str:
    """Return "Lee, Ann" as "Ann Lee", as other formats have it, and "Lee, Ann, Jr." likewise."""
    last, *first = (part.strip() for part in name.split(","))
    return " ".join(part for part in (*first[:1], last, *first[1:]) if part)


def categories(value: Any) -> tuple[str, ...]:
    """Return categories, which one string may hold parted by blanks, semicolons or commas."""
    if not isinstance(value, str):
        return names(value)
    if _ARXIV_CATEGORIES.fullmatch(value.strip()):
        return tuple(value.split())
    return names(value.split(";" if ";" in value else ","))


def _name(item: Any) -> str | None:
    """Return the name in an item: text, or an object as JSON formats have them."""
    if isinstance(item, str):
        return item
    if not isinstance(item, Mapping):
        return None
    if isinstance(item.get("author"), Mapping):
        return _name(item["author"])
    whole = next((item[k] for k in ("name", "display_name", "literal", "tag") if item.get(k)), None)
    if isinstance(whole, str):
        return whole
    first = item.get("given") or item.get("firstName")
    last = item.get("family") or item.get("lastName")
    particle = item.get("non-dropping-particle") or item.get("dropping-particle")
    parts = [part for part in (first, particle, last) if isinstance(part, str)]
    return " ".join(parts) or None


def _separated(text: str) -> list[str]:
    """Split at semicolons, else at commas and "and"; "Last, First" is one name."""
    if ";" in text:
        return text.split(";")
    both = [part for half in text.split(" and ") for part in half.split(",")]
    last_first = len(both) == 2 and "," in text and not any(" " in part.strip() for part in both)
    if last_first or ("," in text and " and " in text and _all_last_first(text)):
        return text.split(" and ")
    return both


def _all_last_first(text: str) -> bool:
    """Return whether every part between "and"s is a "Last, First" of BibTeX."""
    return all(re.fullmatch(r"[^\s,]+, [^,]+", part.strip()) for part in text.split(" and "))
