"""Definition: what a thing is, how it works and what it achieves, from the paper that says so."""

import re
from collections.abc import Mapping, Sequence

from assistant.composition.draft import Chosen, Draft, grouped
from assistant.composition.one_thing import QUOTES, SUPPORT_OTHER, about_one_thing
from assistant.evidence.evidence import Evidence
from assistant.evidence.roles import ROLES, Role, roles_of
from assistant.evidence.sentence import Sentence, sentences_of
from assistant.inquiry import Inquiry

#: What a question asks the meaning or the working of.
_SUBJECT = re.compile(
    r"^(?:what(?:'s| is| are| was| were| do| does)(?: meant by)?|who (?:is|are)|define|explain"
    r"|describe|tell me about|how (?:do|does|is|are|did|was))\s+(?:the |an? )?(?P<asked>.+?)"
    r"(?:\s+(?:about|built|called|defined|do|for|in|means?|on|within|works?)\b.*)?$"
    r"|^(?P<ahead>.+?)\s*[-\u2013\u2014,:]+\s*what (?:is it|are they)$",
    re.IGNORECASE,
)


def explained(inquiry: Inquiry) -> Draft | None:
    """Return the best sentence, then the parts that its paper's abstract adds to it.

    Where what a thing is was asked, a part that says it in so many words comes first. What answers
    about as well keeps its place behind the best sentence, and what answers less well fills up
    where there are few parts. None where nothing answers.
    """
    subject = subject_of(inquiry.text)
    if not subject or not inquiry.is_answered:
        return None
    best, *support = about_one_thing(inquiry.evidence)
    roles = _roles(best.sentence, subject)
    strong = [item for item in support if item.score >= SUPPORT_OTHER * best.score]
    known = {roles.get(item.sentence) for item in (best, *strong)}
    parts = [
        item
        for role, item in _best_of_each(roles, (*inquiry.evidence, *inquiry.sentences)).items()
        if role not in known
    ]
    quoted = [best, *strong, *parts]
    weak = [item for item in support if item not in quoted]
    quoted += weak[: max(QUOTES - len(quoted), 0)]
    chosen = [Chosen(item, roles.get(item.sentence)) for item in quoted]
    told = chosen[: 1 + len(strong) + len(parts)]
    first = next((item for item in told if _says_what(item, inquiry)), chosen[0])
    told.sort(key=lambda item: (item != first, item.heading != first.heading, _place(item.heading)))
    return Draft(inquiry.need.kind, inquiry.confidence, grouped([*told, *chosen[len(told) :]]))


def _says_what(item: Chosen, inquiry: Inquiry) -> bool:
    """Return whether a sentence says in so many words what the question asks the meaning of."""
    saying = inquiry.need.saying_what
    is_how = inquiry.text.lstrip().lower().startswith("how")
    text = item.evidence.sentence.text
    return bool(not is_how and item.heading == "What it is" and saying and saying.search(text))


def _place(heading: str | None) -> int:
    """Return where a part is told; what plays none stands ahead."""
    return next((at for at, role in enumerate(ROLES) if role == heading), -1)


def subject_of(question: str) -> str | None:
    """Return what the question asks the meaning or the working of: "What is X in Y?" -> "X"."""
    match = _SUBJECT.search(question.strip(" ?.!\n"))
    return (match["asked"] or match["ahead"]).strip(" '\"`") or None if match else None


def _roles(best: Sentence, subject: str) -> Mapping[Sentence, Role]:
    sentences = sentences_of(best.paper)
    return {sentences[at]: role for at, role in roles_of(sentences, subject=subject).items()}


def _best_of_each(
    roles: Mapping[Sentence, Role], evidence: Sequence[Evidence]
) -> Mapping[Role, Evidence]:
    """Return for each part the first evidence that plays it."""
    first: dict[Role, Evidence] = {}
    for item in evidence:
        if role := roles.get(item.sentence):
            first.setdefault(role, item)
    return first
