"""Turn: a question with its answer, and what a follow-up refers to."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answer import Answer
from assistant.correction import reread
from assistant.sentence import names_in
from store.lexical import terms

#: Words that stand for something said before; "are there" stands for nothing.
_POINTING = re.compile(
    r"\b(?:it|its|they|them|their|theirs|these|those|he|she|his|her"
    r"|(?<!is )(?<!are )(?<!was )(?<!were )there"
    r"|(?:is|are|was|does|do|did|can|makes?) (?:this|that)|this (?:paper|method|model|work)"
    r"|the (?:same|first|second|third|last) one)\b",
    re.IGNORECASE,
)
#: Things that a paper has; in a question that names nothing, those of the paper spoken of.
_ITS_THINGS = re.compile(
    r"\bthe (?:paper|method|model|approach|authors?|code|data|results?)\b", re.IGNORECASE
)
#: A whole question that names what it asks about.
_WHOLE = re.compile(
    r"^(?:what (?:is|are|does|do)|who (?:is|are)|how (?:does|do)|define|explain)\s+(?:an? |the )?"
    r"[\w^+./-]{2,}(?: [\w^+./-]+){0,4}\s*\??$",
    re.IGNORECASE,
)
#: Openings that carry on from what was said before.
_CARRYING_ON = re.compile(
    r"^(?:and|but|so|or|also|what about|how about|any (?:other|more|similar)|why|more)\b",
    re.IGNORECASE,
)
#: A question of fewer index terms than this does not stand alone.
STANDALONE_TERMS = 3
#: "Name: what it is", the common form of a title that names something.
_NAMED_TITLE = re.compile(r"^([^:?]{2,60}):\s")


@dataclass(frozen=True, slots=True)
class Turn:
    """One question and its answer."""

    question: str
    answer: Answer


def standalone(question: str, turns: Sequence[Turn]) -> str:
    """Return the text to search for: the question, with what it refers to where it leans on a turn.

    A follow-up refers to the paper that the last turn cited first; where it had no answer, to the
    last question that stood alone.
    """
    if not turns or not _leans(question):
        return question
    return f"{question} ({_focus(turns)})"


def short_name(title: str) -> str | None:
    """Return the name that a title gives its subject ("BASS: Batched ..." -> "BASS"), if any."""
    match = _NAMED_TITLE.match(title)
    return match[1].strip() if match else None


def _leans(question: str) -> bool:
    text = question.strip()
    if _CARRYING_ON.match(text) or _POINTING.search(text):
        return True
    if names_in(text) or _WHOLE.match(text):
        return False
    return bool(_ITS_THINGS.search(text)) or len(set(terms(text))) < STANDALONE_TERMS


def _focus(turns: Sequence[Turn]) -> str:
    """Return what was spoken of last: a paper cited, else a question that stood alone."""
    for turn in reversed(turns):
        if turn.answer.citations:
            title = turn.answer.citations[0].title
            return short_name(title) or title
        if turn.answer.query == reread(turn.question.strip(), turn.answer.coverage.corrected):
            return turn.answer.query
    return turns[0].answer.query
