"""Collection: what a question asks of the collection itself, read off its wording alone."""

import re
from dataclasses import dataclass
from typing import Literal

from assistant.question.dates import MONTH_AND_DAY

#: What papers are called in a question.
PAPERS = r"(?:papers?|abstracts?|articles?|studies|publications?|preprints?)"
_HERE = (
    r"(?: (?:do you have|do you know(?: of)?|have you(?: got)?|are there|are|exist|we have"
    r"|does (?:this|the) (?:corpus|collection|store|library) (?:have|hold|contain)))?"
    r"(?: (?:here|there|in total|in (?:here|the|this)(?: (?:corpus|collection|store|library))?))?"
)
_HOW_MANY = re.compile(
    rf"^how many {PAPERS}{_HERE}"
    r"(?: (?:on|about|regarding|covering|(?:that |which )?(?:mention|discuss|cover|speak of)"
    r"|mentioning|discussing) (?P<topic>.+))?$",
    re.IGNORECASE,
)
_EVERY = re.compile(
    rf"^(?:(?:which|what|any|all|list|show|give|me|the) )*{PAPERS}{_HERE}$", re.IGNORECASE
)
_RECENT = re.compile(
    rf"^(?:what(?:'s| is| was| are| has| have)?|which|show me|list|anything|any)?\s*(?:the )?"
    rf"(?:{PAPERS} )?(?:came in|come in|(?:is |are )?new|newest|latest|most recent|appeared)"
    rf"(?: {PAPERS}| one)?(?: here)?"
    r"(?: (?:(?:in )?(?:this|(?:the )?(?:last|past)) (?P<span>week|month|year)|today|lately"
    r"|recently))?$",
    re.IGNORECASE,
)
_COLLECTION = rf"(?:{PAPERS}|corpus|collection|library|store|data(?:base|set)?)"
_THIS = rf"(?:all )?(?:(?:of )?(?:these|those|this|the|my|your|our) )(?:\w+ )?{_COLLECTION}"
_OVERVIEW = re.compile(
    rf"^what(?:'s| is| are| do| does) {_THIS}(?: (?:all|mainly|mostly|generally))?"
    r" (?:about|on|cover|contain|hold|have|deal with|discuss)$"
    rf"|^what(?:'s| is| are) (?:there )?in {_THIS}$|^what do you (?:have|know)(?: (?:here|about))?$"
    r"|^(?:what|which) (?:topics|subjects|fields|areas|themes) (?:are|do|does)\b.*"
    rf"(?:here|{_THIS}|{_THIS} (?:cover|about|on)|you cover|covered)$"
    rf"|^(?:describe|summari[sz]e|give me an overview of|an overview of) {_THIS}$",
    re.IGNORECASE,
)
_VENUES = re.compile(
    r"^(?:which|what|how many) (?:venues|conferences|journals)"
    r"(?: (?:are|do you|does|have you|is)\b.*)?$",
    re.IGNORECASE,
)

#: Openings that only join a question to what was said.
_JOINING = re.compile(r"^(?:(?:and|but|so|or|also|then|ok(?:ay)?)\b[\s,]*)+", re.IGNORECASE)

_LISTED = re.compile(
    rf"^(?:(?:which|what|any|all|list|show|give|me|the) )*(?:{PAPERS}|what)"
    r"(?: (?:that |which )?(?:were |was |are )?(?:listed|came in|came out|appeared|added|posted))?"
    rf"(?: (?:of|from|on|in|for))? {MONTH_AND_DAY}$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked: how many papers, on a `topic` or in all; which; about what; from where.

    The newest ones are asked for in a `span`, "week", "month" or "year", or with none; those of a
    listing's `day` as one prints it, "Jul 31", or of its month, "Jul".
    """

    what: Literal["number", "papers", "overview", "newest", "venues", "listed"]
    topic: str | None = None
    span: str | None = None
    day: str = ""


def asked_of_collection(question: str) -> Asked | None:
    """Return what `question` asks of the collection; None where it asks what papers say."""
    text = _JOINING.sub("", question.strip(" ?.!\n"))
    if match := _HOW_MANY.match(text):
        return Asked("number", topic=match["topic"])
    if _EVERY.match(text):
        return Asked("papers")
    if _OVERVIEW.match(text):
        return Asked("overview")
    if match := _RECENT.match(text):
        return Asked("newest", span=match["span"])
    if match := _LISTED.match(text):
        parts = (match["month"][:3].title(), match["before"] or match["after"])
        return Asked("listed", day=" ".join(filter(None, parts)))
    return Asked("venues") if _VENUES.match(text) else None
