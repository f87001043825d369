"""Reference: how a question leans on what was said before, read off its wording alone."""

import re
from typing import Literal

from assistant.evidence.sentence import names_in
from assistant.question.collection import PAPERS, asked_of_collection
from store.lexical import terms

#: A question of fewer index terms than this does not stand alone; up to so many it may not.
STANDALONE_TERMS = 3
BRIEF_TERMS = 6

#: How much a question that names no place leans on what was said before: not at all; perhaps, for
#: it names nothing; by a word that stands for something; or by what it leaves out.
Leaning = Literal["none", "perhaps", "pronoun", "ellipsis"]

#: Words that stand for a thing; in "it takes", "it is better to" they stand for nothing.
_THING = (
    r"\b(?:it(?! (?:\w+ )?(?:better|possible|worth|true|necessary|easy|hard|good|safe|rain)\b"
    r"| (?:take|cost)s? (?:\w+ )?to\b)|its|itself|they|them|their|theirs|he|she|his|her|him)\b"
)
#: Words that point at a thing; in "are there", "those of" they point at nothing.
_POINTING = (
    r"\b(?:these|those(?! (?:of|that|who|which)\b)"
    r"|(?<!is )(?<!are )(?<!was )(?<!were )there|this (?:paper|method|model|work|approach)"
    r"|the same one|(?:(?<=is )|(?<=was )|(?<=does )|(?<=do )|(?<=did )|(?<=can )|(?<=makes )"
    r"|(?<=make ))(?:this|that)(?! (?:the|an?)\b)|(?<=like )(?:this|that)(?=\W*$))\b"
)
PRONOUN = re.compile(f"{_THING}|{_POINTING}", re.IGNORECASE)
#: What makes a pronoun the subject of its clause, so that nothing before it is what it stands for.
_SUBJECT = re.compile(
    r"(?:^|\b(?:is|are|was|were|do|does|did|can|could|has|have|had|will|would|should|of|between"
    r"|with|to|for|in|on|about))\s*$",
    re.IGNORECASE,
)
#: Where a clause ends and another begins.
_CLAUSE = re.compile(r"[,;:]|\s-\s|\b(?:and|but|or|when|while|if|once|because|before|after)\b")
#: Index terms from which on what stands before a pronoun may be what it stands for.
ANTECEDENT_TERMS = 3
#: What "this" points at where it points at no paper.
_COLLECTION = re.compile(
    r"\b(?:this|these|those) (?:\w+ )?(?:corpus|collection|library|store|database)\b", re.IGNORECASE
)
#: Asks only for the papers behind what was said.
_WHICH_PAPERS = re.compile(r"^(?:which|what) (?:papers?|articles?|studies)\W*$", re.IGNORECASE)
_PLURAL = re.compile(r"\b(?:they|them|these|those)\b", re.IGNORECASE)
#: Things that a paper has; in a question that names nothing, those of the paper spoken of.
ITS_THINGS = re.compile(
    r"\bthe (?:paper|method|model|approach|authors?|code|data|results?)\b", re.IGNORECASE
)
#: A whole question that names what it asks about.
_WHOLE = re.compile(
    r"^(?:what (?:is|are|does|do)|who (?:is|are)|how (?:does|do)|define|explain)\s+(?:an? )?"
    r"(?!the\b)[\w^+./-]{2,}(?: [\w^+./-]+){0,4}?\s*(?:\?|$|,? and (?:how|why|what|where|who)\b)"
    r"|^(?:is|are) there (?:an? |any )?(?:\w+ ){3}"
    r"|^(?:(?:how many|which|what|any|are there|is there|do you have|show|list|find|give|me|all)"
    r"\s+)*"
    rf"{PAPERS}\b"
    r"(?: (?:do you have|are there|are|were|published|written))*"
    r" (?:by|from|in|since|before|after|at|on|about) "
    r"(?!(?:the|this|that|these|those|it|them|here|there|what|which)\b)\w",
    re.IGNORECASE,
)
#: Openings that only join a question to what was said.
_JOINING = re.compile(
    r"^(?:(?:ok(?:ay)?|thanks?|thank you|great|good|nice|cool|i see|interesting|really|right|well"
    r"|hm+|and|but|so|or|also|then)\b[\s,.!?:;-]*)+",
    re.IGNORECASE,
)
#: What is said to somebody rather than asked.
_COURTESY = re.compile(
    r"^(?:(?:hello|hi|hey|greetings|good (?:morning|afternoon|evening|day|night)|(?:good)?bye"
    r"|thanks?|thank you|cheers|there|you|again|very much|so much|a lot)\b[\s,.!?]*)+$",
    re.IGNORECASE,
)
#: A name in the ordinary spelling of names, which no question begins with.
_PROPER = re.compile(r"(?<=[\w,] )[A-Z][a-z]+\b")
#: Openings that carry on from what was said before.
_CARRYING_ON = re.compile(
    r"^(?:and|but|so|or|also|then|any (?:other|more|similar)|more)\b|^why\W*$", re.IGNORECASE
)
_NEW_TOPIC = re.compile(
    r"^\W*(?:(?:ok(?:ay)?|right|well|so|thanks?|thank you|great|now|but)\b[\s,.!:;-]*)*"
    r"(?:(?:(?:on|to|let's (?:go|move) (?:on )?to|now) )?(?:an?|something|some)?\s*"
    r"(?:(?:completely|totally|entirely|whole) )?(?:new|different|other|another|unrelated|separate"
    r"|next) (?:topic|subject|question|thing|matter)\b"
    r"|(?:let's |let us )?(?:change|switch|changing|switching) (?:of |the )?(?:topic|subject)s?\b"
    r"|(?:forget|never ?mind) (?:about )?(?:that|it)\b"
    r"|moving on\b|something (?:else|different)\b|unrelated(?:ly)?\b)[\s,.!:;-]*",
    re.IGNORECASE,
)
_CORRECTION = re.compile(
    r"^(?:(?:no|nope|sorry|oops|wait|actually|not (?:that|this)(?: one)?|rather)\b[\s,.!:;-]*)*"
    r"(?:i (?:meant|mean|was asking (?:about|for)|am asking (?:about|for))|i'm asking (?:about|for)"
    r"|i said)\b[\s,:-]*(?P<meant>.+)$"
    r"|^(?:no|nope|sorry|oops)\b\s*[,.!:;-]\s*(?P<rather>[^,.?!]+?)[\s.!]*$",
    re.IGNORECASE,
)
#: What is asked about instead, all else being as before.
_INSTEAD = re.compile(
    r"^(?:(?:and|but|so|ok(?:ay)?)\b[\s,]*)?(?:(?:what|how) about|what of)\s+"
    r"(?P<about>.+?)[\s?.!]*$"
    r"|^(?:and|but|or|also)\b[\s,]*(?P<and>(?:(?:on|in|for|with|at|by|from|against|under|to)\b"
    r"|(?:the \w+ )?ones?\b).*?)[\s?.!]*$"
    r"|^(?P<bare>(?:on|in|for|with|at|by|against|under) (?!.*\b(?:how|wh\w+)\b)[^,]+?)[\s?.!]*$",
    re.IGNORECASE,
)
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "last": -1}
_PLACE = re.compile(
    r"\[(?P<number>\d{1,2})\]|\b(?:paper|source|number|citation|no\.) ?#?(?P<named>\d{1,2})\b"
    rf"|\bthe (?P<ordinal>{'|'.join(_ORDINALS)})"
    r"(?: (?:one|paper|study|work|source|citation|method|model|approach|benchmark|dataset))"
    r"(?! (?:to|that|for|of|which|with|on|in)\b)"
    rf"|\bthe (?P<alone>{'|'.join(_ORDINALS)})(?=\W*$)",
    re.IGNORECASE,
)
#: A question of what a thing is or does, or what does something to a thing; none that is definite.
_OF_A_THING = re.compile(
    r"^(?:(?:why|how|when|where)\s+)?(?:is|are|was|were|do|does|did|can|could|has|have|will|would"
    r"|should)\s+(?!(?:the|an?|any|there|this|that|these|those|it|they|you|we|i|one)\b)\w"
    r"|^(?:what|who)\s+(?!is\b|was\b|does\b|has\b)\w+s\s+(?:up\s+|down\s+)?"
    r"(?!the\b|this\b|that\b|it\b)\w",
    re.IGNORECASE,
)
#: Things that any paper has or tells: a brief question of one is about a paper spoken of.
_OF_ANY_PAPER = re.compile(
    r"\b(?:ablations?|accuracy|annotations?|approach(?:es)?|authors?|baselines?|benchmarks?|code"
    r"|complexity|convergence|costs?|data|datasets?|efficiency|errors?|evaluations?|experiments?"
    r"|fine-?tuning|gains?|gpus?|hardware|humans?|improvements?|inference|labels?|languages?"
    r"|latency|limitations?|loss(?:es)?|memory|methods?|metrics?|models?|overhead|parameters?"
    r"|participants|performance|pre-?training|quality|results?|robustness|sizes?|speed|speed-?ups?"
    r"|supervision|tasks?|tests?|throughput|training|users?|weights)\b",
    re.IGNORECASE,
)
#: Words that begin a question rather than name a thing.
_ASKING = re.compile(
    r"^(?:what|which|who|whose|how|why|where|when|is|are|was|were|do|does|did|can|could|has|have"
    r"|will|would|should|on|in|for|with|at|by|and|but|or|the|its?|their|any|more)\b",
    re.IGNORECASE,
)


def leaning(question: str) -> Leaning:
    """Return how much a question leans on what was said before it."""
    text = question.strip()
    if _COURTESY.match(text):
        return "none"
    if asked_of_collection(text) and not _WHICH_PAPERS.match(unjoined(text)):
        return "pronoun" if PRONOUN.search(_COLLECTION.sub("", text)) else "none"
    if any(_is_open(text[: match.start()], match[0]) for match in PRONOUN.finditer(text)):
        return "pronoun"
    joined = _CARRYING_ON.match(text) is not None
    if joined and not _ASKING.match(unjoined(text)):
        return "ellipsis"
    if _names(text) or _WHOLE.match(text):
        return "perhaps" if joined else "none"
    held = len(set(terms(text)))
    if not joined and not _ASKING.match(text) and held > 1:
        return "none"
    if joined or ITS_THINGS.search(text) or held < STANDALONE_TERMS:
        return "ellipsis"
    return "perhaps" if held <= BRIEF_TERMS else "none"


def _is_open(before: str, pronoun: str) -> bool:
    """Return whether what stands before a pronoun leaves open what it stands for."""
    clauses = list(_CLAUSE.finditer(before))
    if clauses and len(terms(before[: clauses[-1].start()])) > 1:
        return False
    if _SUBJECT.search(before) or re.fullmatch(_POINTING, pronoun, re.IGNORECASE):
        return True
    held = len(set(terms(before)))
    return not (_names(before) or re.search(r"\ban?\b", before)) and held < ANTECEDENT_TERMS


def _names(text: str) -> set[str]:
    return names_in(text) - {"I", "A"}


def is_plural(question: str) -> bool:
    """Return whether what stands for something said before stands for several."""
    return _PLURAL.search(question) is not None


def stands_alone(text: str) -> bool:
    """Return whether `text` is a question by itself rather than the name of a thing."""
    return _ASKING.match(text) is not None and not _INSTEAD.match(text)


def has_own_subject(question: str) -> bool:
    """Return whether a question names something of its own, so that it need not lean."""
    text = question.strip()
    own = _OF_A_THING.match(text) or _PROPER.search(text)
    return bool(own) and not _OF_ANY_PAPER.search(text)


def unjoined(question: str) -> str:
    """Return the question without what only joins it to what was said: "ok, and"."""
    return _JOINING.sub("", question.strip()) or question.strip()


def new_topic(question: str) -> str | None:
    """Return the question of one that announces another topic, without that; else None."""
    match = _NEW_TOPIC.match(question)
    return (question[match.end() :].strip() or question.strip()) if match else None


def meant_instead(question: str) -> str | None:
    """Return what a question puts right: Y of "no, I meant Y"; else None."""
    match = _CORRECTION.match(question.strip())
    return (match["meant"] or match["rather"]).strip() if match else None


def asked_instead(question: str) -> str | None:
    """Return the changed part of a question that is else as the one before: "What about X?"."""
    match = _INSTEAD.match(question.strip())
    return (match["about"] or match["and"] or match["bare"]) if match else None


def places(question: str) -> list[tuple[str, int]]:
    """Return the citations that a question points at, as worded, and their number; -1 is the last.

    "[2]", "paper 2", "the second one".
    """
    found = []
    for match in _PLACE.finditer(question):
        ordinal = match["ordinal"] or match["alone"]
        number = match["number"] or match["named"]
        found.append((match[0], int(number) if number else _ORDINALS[ordinal.lower()]))
    return found
