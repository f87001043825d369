"""Roles: the part that a sentence plays in telling of a thing: what it is, how it works."""

import re
from collections.abc import Mapping, Sequence
from typing import Literal, get_args

from assistant.evidence.availability import availability_of
from assistant.evidence.sentence import Sentence, sentences_of
from store.lexical import terms, title_name
from store.papers import Paper

Role = Literal["What it is", "How it works", "What it achieves"]
#: In the order in which they are told.
ROLES: tuple[Role, ...] = get_args(Role)

#: What authors do with a thing of their own.
_PUT_FORWARD = (
    r"(?:propos|introduc|present|develop|describ|defin|call|term|name|dub|releas|formulat|design"
    r"|creat|build|built)\w*"
)
_IS_PUT_FORWARD = re.compile(
    r"\b(?:we|this (?:paper|work|article|report|study|survey)|the (?:paper|authors))\s+"
    rf"(?:(?:\w+ly|also|first|further|hence|here|next|now|then|therefore|thus)\s+)*{_PUT_FORWARD}\b",
    re.IGNORECASE,
)
_ACHIEVES = re.compile(
    r"\b(?:outperform|surpass|(?<!to )(?<!is )(?<!are )achiev|exceed)\w*"
    r"|\bstate[- ]of[- ]the[- ]art\b|\bsota\b"
    r"|\b(?:results?|experiments?|evaluations?|we) (?:\w+ ){0,4}?(?:show|demonstrat|reveal)\w*\b"
    r"|\b(?:improv|reduc|increas|boost|accelerat)\w+\b.*\bby\b"
    r"|\b(?:better|faster|higher|lower) than\b",
    re.IGNORECASE,
)
_WORKS_BY = re.compile(
    r"\bby (?:\w+ly )?\w+ing\b|\b(?:via|through|using|uses?|consists? of|based on|employ\w*"
    r"|leverag\w+|specifically|in particular|key idea|works? (?:by|as))\b|\bfirst\b.*\bthen\b",
    re.IGNORECASE,
)
#: Sentences about others, about hopes, about what is given away.
_ASIDE = re.compile(
    r"(?:however|while|although|despite|recent\w*|existing|previous\w*|prior|many|most|we (?:hope"
    r"|believe)|(?:our |the )?(?:code|data|models?)\b.*\bavailable)\b",
    re.IGNORECASE,
)
#: Openings of sentences that add to what was put forward before.
_ADDING = re.compile(
    r"(?:finally|second|third|also|additionally|moreover|furthermore|further|besides|then|lastly"
    r"|in addition|we also)\b",
    re.IGNORECASE,
)
#: Sentences about how something was tried out, which are not about how it works.
_TRIAL = re.compile(r"\b(?:validat|evaluat|experiment|verif|analy[sz])\w*", re.IGNORECASE)


def roles_of(sentences: Sequence[Sentence], *, subject: str) -> Mapping[int, Role]:
    """Return the part that each sentence of one abstract plays in telling of `subject`.

    They are named by their places; most sentences play none. One that does not speak of the
    subject may, where the title does and something has been put forward before: what stands ahead
    of that tells of others.
    """
    wanted = frozenset(terms(subject))
    saying = _saying_what(subject)
    roles: dict[int, Role] = {}
    is_put_forward = False
    for sentence in sentences:
        text = sentence.text
        puts_forward = bool(_IS_PUT_FORWARD.search(text))
        is_put_forward = is_put_forward or puts_forward
        speaks = wanted <= sentence.terms
        if saying.search(text):
            roles[sentence.index] = "What it is"
        elif not (speaks or (is_put_forward and wanted <= sentence.within.title_terms)):
            continue
        elif puts_forward and not speaks:
            roles[sentence.index] = "What it is"
        elif _ACHIEVES.search(text) and not _ASIDE.match(text):
            roles[sentence.index] = "What it achieves"
        elif _WORKS_BY.search(text) and not _ASIDE.match(text) and not _TRIAL.search(text):
            roles[sentence.index] = "How it works"
    return roles


def _saying_what(subject: str) -> re.Pattern[str]:
    """Return what finds a sentence that puts the subject forward, names it or says what it is."""
    name = rf"['\"`“‘]*{re.escape(subject)}s?\b['\"`”’)]*"
    return re.compile(
        rf"^(?:the |an? )?{name}[^.,]{{0,40}}?,? (?:is|are|refers?|stands?)\b"
        rf"|\b{_PUT_FORWARD}(?:[ :,(]+(?!(?:to|for|that|which|by|using)\b)[\w'-]+){{0,8}}?"
        rf"[ :,(]+{name}"
        rf"|\bas {name}|{name} ?(?:--|–|—|\bis\b|\bare\b|,? (?:an?|which is|i\.e\.) )",
        re.IGNORECASE,
    )


def telling(paper: Paper) -> list[tuple[Sentence, Role | None]]:
    """Return a sentence for each part that tells of a paper, in the order of the parts.

    The first one describes it, and plays no part where it puts nothing forward.
    """
    what = describing(paper)
    own = title_name(paper.title)
    says = _IS_PUT_FORWARD.search(what.text) or (own and f"({own})" in what.text)
    told: list[tuple[Sentence, Role | None]] = [(what, "What it is" if says else None)]
    roles = roles_of(sentences_of(paper), subject=paper.title)
    for role in ROLES[1:]:
        places = [at for at, played in roles.items() if played == role and at != what.index]
        told += [(sentences_of(paper)[at], role) for at in places[:1]]
    return told


def describing(paper: Paper) -> Sentence:
    """Return the sentence that says best what a paper is about.

    Of those that put something forward it is the first that gives the name which the title gives,
    else one that gives the name in brackets, else the first that adds nothing to another one; where
    there is none, the one that holds most of the title's words.
    """
    sentences = sentences_of(paper)
    put_forward = [
        one
        for one in sentences
        # That the code is released says nothing of what it is for.
        if _IS_PUT_FORWARD.search(one.text) and not availability_of(one.text)
    ]
    own = title_name(paper.title)
    named = [one for one in put_forward if own and own in one.text]
    naming = [one for one in sentences if own and f"({own})" in one.text]
    leading = [one for one in put_forward if not _ADDING.match(one.text)]
    title = frozenset(terms(paper.title))
    by_words = max(sentences, key=lambda one: len(title & one.terms))
    return next(iter((*named, *naming, *leading)), by_words)
