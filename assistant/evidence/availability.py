"""Availability: whether a sentence says that code, data or a model is out, or only promises it."""

import re
from typing import Literal

from assistant.evidence.links import links_in

Availability = Literal["available", "promised"]

_GIVEN = r"(?:releas|avail|access|open(?:[- ]?sourc| our| the| all)|public|shar|upload|host)\w*"
_PROMISED = re.compile(
    rf"\b(?:will|shall|plans? to|planning to|intends? to|going to|to be)\b.{{0,40}}\b{_GIVEN}"
    r"|\bwill be (?:provided|found|on)\b"
    r"|\b(?:coming|available|released?|public|out) soon\b"
    r"|\b(?:up)?on (?:\w+ ){0,3}(?:acceptance|publication)\b"
    r"|\b(?:after|once|when|if) (?:\w+ ){0,4}(?:accept|publi[cs]|review|clean)",
    re.IGNORECASE,
)
_AVAILABLE = re.compile(
    r"\b(?:is|are|has been|have been|was|were)\b(?: \w+){0,6}? (?:available|accessible|released"
    r"|public|open[- ]?sourced?|published|shared|provided|hosted|found|downloaded|downloadable"
    r"|obtained)\b"
    r"|\b(?:we|and|by|also|to) (?:\w+ ){0,4}?(?:releas(?:e|ing)|open[- ]?sourc(?:e|ing)"
    r"|shar(?:e|ing)|publish|distribute)\b"
    r"|\bwe (?:\w+ ){0,2}make\b.{0,120}\b(?:available|accessible|public)\b"
    r"|\bavailable (?:at|on|from|under|in|for|here|upon|open)\b"
    r"|\b(?:freely|publicly) (?:available|accessible|released)\b",
    re.IGNORECASE,
)
#: What is made available, by the words that a question or a sentence has for it.
_RESOURCES = {
    "code": re.compile(
        r"\b(?:codes?|codebases?|repo(?:sitor(?:y|ies))?|implementations?|software|source"
        r"|librar(?:y|ies)|toolkits?|packages?|scripts|github)\b",
        re.IGNORECASE,
    ),
    "data": re.compile(
        r"\b(?:data|data-?sets?|corp(?:us|ora)|benchmarks?|annotations|collections?)\b",
        re.IGNORECASE,
    ),
    "model": re.compile(r"\b(?:models?|weights|checkpoints?)\b", re.IGNORECASE),
    "page": re.compile(
        r"\b(?:web-?(?:site|page)s?|pages?|demos?|samples|videos?|homepages?)\b", re.IGNORECASE
    ),
}
#: Where a sentence goes on to something else.
_CLAUSE = re.compile(r";|, (?:and|but|while|whereas)\b|\b(?:and|but|while) (?=(?:\w+ )?will\b)")


def resources_in(text: str) -> frozenset[str]:
    """Return what `text` names of code, data, model and page."""
    return frozenset(name for name, words in _RESOURCES.items() if words.search(text))


def availability_of(sentence: str, *, asked: frozenset[str] = frozenset()) -> Availability | None:
    """Return what the sentence says of having the resources `asked` for; None where nothing.

    Where it gives one thing and promises another, what counts is the one asked for.
    """
    said = [(clause, _said(clause)) for clause in _CLAUSE.split(sentence)]
    said = [(clause, what) for clause, what in said if what]
    if not said:
        return None
    own = [what for clause, what in said if resources_in(clause) & asked]
    return "available" if "available" in (own or [what for _, what in said]) else "promised"


def _said(clause: str) -> Availability | None:
    linked = any(links_in(clause))
    if not linked and not resources_in(clause):
        return None
    if _PROMISED.search(clause):
        return "promised"
    return "available" if linked or _AVAILABLE.search(clause) else None
