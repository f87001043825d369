"""Sides: what a question wants compared, and which of it a sentence names."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from assistant.evidence.sentence import Sentence, names_in
from store.lexical import exact_words, holds_name, names, terms, title_name
from store.papers import Paper

#: Words of the longest side.
LONGEST_SIDE = 6

#: "better", "more accurate", "faster": what stands before "than".
_COMPARATIVE = r"(?:better|worse|more|less|fewer|(?!(?:oth|rath|ev|nev|und|aft)er\b)\w{2,}er)\b"
_DO = r"(?:do|does|did|is|are|was|were|can|could|will|would|has|have)"
#: Each tells, by `sides`, or by `one` and `other`, where the sides stand in a question.
_FORMS = [
    re.compile(form, re.IGNORECASE)
    for form in (
        # "A vs B", "Which is faster, A vs B?"
        r"^(?:.*(?:[,:]|\b(?:of|for|between|is|are|about|on))\s+)?"
        r"(?P<one>(?:(?!(?:at|by|in|on|to|with)\b)[^\s,:?]+\s+){1,6}?)(?:vs\.?|versus)\s+"
        r"(?P<other>.+)",
        # "Compare A with B"
        r"\bcompar(?:e|ing)\s+(?P<one>(?:(?!(?:and|or|how)\b)\S+\s+){1,6}?)(?:with|to|against)\s+"
        r"(?P<other>.+)",
        # "Compare A and B", "Compare the cost of A and B", "the difference between A and B"
        r"\b(?:compar(?:e|ing)|comparison (?:of|between)|differences? between)\s+"
        r"(?:the (?P<respect>\w+(?: \w+)?) of\s+)?(?!with\b|to\b|against\b)"
        r"(?P<sides>.+?\b(?:and|with|to|against|or)\b.+)",
        # "How does A compare with B?", "How close does A come to B?"
        rf"\bhow (?:close |near |well )?{_DO}\s+(?P<one>.+?)\s+(?:compare[sd]?|differ(?:s|ent)?"
        r"|stack up|fare|perform|get|come)\b.*?\b(?:with|to|from|against|than)\s+(?P<other>.+)",
        # "How do A and B differ?", "What do A and B rely on, and how do they differ?"
        rf"\b{_DO}\s+(?P<sides>\S+(?: \S+){{0,3}} and \S+(?: \S+){{0,3}}?)\s+"
        r"(?:compare|differ\b|different\b|\w+(?: \w+)?,.*\bdiffer\b)",
        # "How much faster is A than B?"
        rf"\b{_COMPARATIVE}(?: \w+)?\s+{_DO}\s+(?P<one>.+?)\s+than\s+(?P<other>.+)",
        # "Is A faster than B?", "Does A give better text than B?"
        rf"^(?:and |so |but )?{_DO}\s+(?P<one>.+?)\s+(?:\w+ ){{0,2}}?{_COMPARATIVE}.*?\bthan\s+"
        r"(?P<other>.+)",
        # "Does A outperform B?"
        rf"^{_DO}\s+(?P<one>.+?)\s+(?:outperform|beat|surpass|exceed)s?\s+(?P<other>.+)",
        # "A compared with B"
        r"^(?P<one>.+?),?\s+(?:as )?compared (?:with|to)\s+(?P<other>.+)",
        # "A or B: which is better?"
        r"^(?P<one>[^,:?]+?)\s+or\s+(?P<other>[^,:?]+)\s*[,:?]\s*(?:which|what|who)\b",
        # "Which is better, A or B?"
        r"\b(?:which|what|who)\b[^,:?]*[,:?]\s*(?P<one>[^,:?]+?)\s+or\s+(?P<other>.+)",
        # "Is it better to read left-to-right or right-to-left?"
        rf"\b{_COMPARATIVE}.*?\s(?P<one>\S+)\s+or\s+(?P<other>\S+)\W*$",
    )
]
_BETWEEN = re.compile(r"\s*,\s*(?:and\s+|or\s+)?|\s+(?:and|with|to|against|or|vs\.?|versus)\s+")
#: Where a side ends and what it is compared in begins.
_RESPECT = re.compile(
    r"\s+(?:at|in|on|for|when|while|under|given|using|by|across|over|during|as|regarding|with"
    r"|of|after|if)\b|[;:?!]|,\s(?![^;:?!]*\b(?:and|or)\b)"
)
_LEADING = re.compile(
    r"^(?:(?:the|an?|using|in|of|on|with|both|those of|that of)\s+)+", re.IGNORECASE
)
_IN_BRACKETS = re.compile(r"\(([^()]+)\)\W*$")
#: What stands for something named elsewhere, or for nothing in particular.
_UNNAMED = re.compile(
    r"\b(?:it|its|this|that|these|those|them|they|he|she|ones?|others?|another|each|which|what|how"
    r"|baselines?|existing|previous|prior|before|alternatives?|competitors?|rest|you|i|we|there)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Side:
    """One of the things compared, by the `name` that the question gives it."""

    name: str

    @cached_property
    def terms(self) -> tuple[str, ...]:
        """Its index terms, in order."""
        return tuple(terms(self.name))

    @cached_property
    def names(self) -> frozenset[str]:
        """The words in it that look like names, to be found letter for letter."""
        return frozenset(names(self.name))


@dataclass(frozen=True)
class Comparison:
    """Two or more `sides`, and in what `respect` they are to be compared, if that is said."""

    sides: tuple[Side, ...]
    respect: str = ""

    def about(self, side: Side) -> str:
        """Return the question about this side alone."""
        return f"{side.name}: {self.respect}" if terms(self.respect) else f"What is {side.name}?"


def comparison_in(question: str) -> Comparison | None:
    """Return what `question` wants compared, or None where it does not say two things."""
    text = question.strip()
    # What one form misreads, another may read.
    read = (_comparison(match) for form in _FORMS if (match := form.search(text)))
    return next(filter(None, read), None)


def named(sides: Sequence[Side], sentence: Sentence) -> tuple[Side, ...]:
    """Return the sides, in their order, that the sentence names or its paper is about."""
    body = sentence.within.bodies[sentence.index]
    here = _standing(sides, body, exact_words(sentence.text)) | _entitled(sides, sentence.paper)
    return tuple(side for side in sides if side in here)


def _entitled(sides: Sequence[Side], paper: Paper) -> set[Side]:
    """Return the sides that the title says its paper is about: they need not be named again.

    Where the title names something else as well, its paper may be about that.
    """
    own = title_name(paper.title)
    title = own if own and (" " not in own or names(own)) else paper.title
    about = _standing(sides, terms(title), exact_words(title))
    asked = {word for side in sides for word in exact_words(side.name)}
    return {side for side in about if not side.names or asked.issuperset(names(title))}


def _comparison(match: re.Match[str]) -> Comparison | None:
    given = match.groupdict()
    parts = [given[part] for part in ("sides", "one", "other") if given.get(part)]
    names = [name for part in parts for name in _names(part)]
    sides = tuple(Side(name) for name in dict.fromkeys(names))
    if len(sides) < 2 or not all(side.terms for side in sides):
        return None
    _, _, respect = _cut(parts[-1])
    return Comparison(sides, given.get("respect") or respect)


def _names(text: str) -> list[str]:
    """Return the name of each side in "A, B and C at scale"; "" for one that has none."""
    head, _, tail = _cut(text)
    # "scoring in XTR" is about XTR.
    if not _is_named(head) and not _UNNAMED.search(head) and _is_named(_cut(tail)[0]):
        head = _cut(tail)[0]
    return [_name(part) for part in _BETWEEN.split(head)]


def _cut(text: str) -> tuple[str, str, str]:
    """Return the sides in `text`, what ends them, and in what respect they are compared."""
    bare = _LEADING.sub("", text.strip())
    match = _RESPECT.search(bare)
    return (
        (bare[: match.start()], match[0], bare[match.end() :].strip()) if match else (bare, "", "")
    )


def _name(text: str) -> str:
    """Return the name in "the ELECTRA's use", "text tokenizers (TexTok)"; "" if there is none."""
    bracketed = _IN_BRACKETS.search(text)
    bare = bracketed[1] if bracketed else re.split(r"['’]s\b", text)[0]
    bare = _LEADING.sub("", bare.strip()).strip(" \"'“”‘’.,?!()")
    if _UNNAMED.search(bare) or not 0 < len(bare.split()) <= LONGEST_SIDE:
        return ""
    return bare


def _is_named(text: str) -> bool:
    return any(name[0].isalpha() for name in names_in(text)) or text[:1].isupper()


def _standing(
    sides: Sequence[Side], words: Sequence[str], as_written: Collection[str]
) -> set[Side]:
    """Return the sides that stand in `words`; one within a longer one does not count there."""
    free = list(words)
    found = set()
    longest_first = sorted(sides, key=lambda side: -len(side.terms))
    for length, equals in groupby(longest_first, key=lambda side: len(side.terms)):
        runs = {at: tuple(free[at : at + length]) for at in range(len(free) - length + 1)}
        for side in equals:
            starts = [at for at, run in runs.items() if run == side.terms]
            if starts and all(holds_name(name, as_written) for name in side.names):
                found.add(side)
                for at in starts:
                    free[at : at + length] = [""] * length
    return found
