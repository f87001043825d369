"""Wording: a question put in words that stand alone, out of its own and those of an earlier one."""

import re
from difflib import SequenceMatcher

from assistant.conversation.focus import subject_of
from assistant.conversation.reference import ITS_THINGS, PRONOUN
from assistant.evidence.sentence import names_in
from store.lexical import terms

_POSSESSIVE = re.compile(r"its|theirs?|his|her", re.IGNORECASE)
_WHOLE_THING = re.compile(r"the (?:paper|method|model|approach)", re.IGNORECASE)
_SIMILAR = re.compile(
    r"^(?:(?:are there|is there|do you have|find|show|give|list|what|which|any)\b\W*(?:me\b\W*)?)*"
    r"(?:any |more |other |some )*(?:(?:similar|related|comparable) \w+"
    r"|(?:\w+ )?(?:like|similar to|related to|close to)"
    r" (?:it|this|that|them|this (?:one|paper)))\W*$",
    re.IGNORECASE,
)
_SOME_OF = re.compile(
    r"\b((?:which|any|one|some|all|most) of) (?:those|these|them)\b", re.IGNORECASE
)
_ONE = re.compile(r"^(?:the (?P<which>\w+) )?ones?\b\s*", re.IGNORECASE)
#: What a question asks for one of: "Which benchmark", "a dataset".
_HEAD = re.compile(r"^(?:which|what) (?P<which>\w+)|\b(?:an?|any) (?P<any>\w+)", re.IGNORECASE)
_PREPOSITION = re.compile(r"(?:on|in|for|with|at|by|from|against|under|to)\b", re.IGNORECASE)


def named(question: str, name: str) -> str:
    """Return the question with `name` in the place of the words that stand for it, else after."""
    if match := PRONOUN.search(question):
        stands = name
        if _POSSESSIVE.fullmatch(match[0]):
            stands = f"{name}'" if name.endswith("s") else f"{name}'s"
        elif match[0].lower() == "there":
            stands = f"in {name}"
        return question[: match.start()] + stands + question[match.end() :]
    if match := ITS_THINGS.search(question):
        stands = name if _WHOLE_THING.fullmatch(match[0]) else f"{match[0]} of {name}"
        return question[: match.start()] + stands + question[match.end() :]
    return f"{question} ({name})"


def as_of_papers(question: str) -> str:
    """Return a question about some of several papers as one about papers: "which of those"."""
    return _SOME_OF.sub(r"\1 those papers", question, count=1)


def asks_for_similar(question: str) -> bool:
    """Return whether a question asks for what is like the thing spoken of."""
    return _SIMILAR.match(question) is not None


def is_aspect(part: str) -> bool:
    """Return whether what is asked about instead is of a thing, as "memory" is, and no other one.

    Names, "the outer one" and "on C" change the question before in one place.
    """
    return not (re.search("[A-Z0-9]", part) or _ONE.match(part) or _PREPOSITION.match(part))


def with_instead(question: str, part: str) -> str:
    """Return a whole `question` with what `part` changes in it, the rest being as before.

    "What accuracy does A get on B?" with "on C" is "What accuracy does A get on C?".
    """
    whole = question.strip().rstrip("?.! ")
    if match := _ONE.match(part):
        changed = _another(whole, match["which"], part[match.end() :])
    elif match := _PREPOSITION.match(part):
        changed = _after_preposition(whole, match[0], part)
    else:
        changed = _another_thing(whole, part)
    return f"{changed}?"


def _another(whole: str, which: str | None, rest: str) -> str:
    """Return the question for another one: "one for C", "the outer one"."""
    if which and (match := re.search(r"\bthe \w+ (\w+)", whole, re.IGNORECASE)):
        return (
            f"{whole[: match.start()]}the {which} {match[1]}{whole[match.end() :]} {rest}".strip()
        )
    if match := _HEAD.search(whole):
        return f"Which {match['which'] or match['any']} {rest}"
    return f"{whole} {rest}"


def _after_preposition(whole: str, preposition: str, part: str) -> str:
    found = list(re.finditer(rf"\b{preposition}\b", whole, re.IGNORECASE))
    if not found:
        return f"{whole} {part}"
    rest = whole[found[-1].end() :]
    following = re.search(rf"\s{_PREPOSITION.pattern}", rest, re.IGNORECASE)
    after = rest[following.start() :] if following else ""
    return f"{whole[: found[-1].start()]}{part}{after}"


def _another_thing(whole: str, part: str) -> str:
    """Return the question about another thing: of equals, a name for a name."""
    names = sorted(names_in(whole), key=whole.find)
    if names_in(part) and names:
        nearest = max(names, key=lambda name: SequenceMatcher(None, name, part).ratio())
        return whole.replace(nearest, part, 1)
    said = re.findall(r"[\w'-]+", whole)
    shared = set(terms(part))
    for place, word in enumerate(said):
        if place and shared & set(terms(word)):
            return re.sub(
                rf"\b{re.escape(said[place - 1])} {re.escape(word)}\b", lambda _: part, whole
            )
    return (
        whole.replace(subject_of(whole), part, 1)
        if subject_of(whole) in whole
        else f"{whole} ({part})"
    )
