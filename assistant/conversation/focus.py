"""Focus: what a conversation speaks of at a point, a paper or the subject of a question."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answer import Answer, Citation
from assistant.conversation.turn import Turn
from assistant.evidence.sentence import names_in
from assistant.question.kinds import MANY
from store.lexical import printed_name, terms

#: What opens a question before its subject.
_OPENING = re.compile(
    r"^(?:(?:please|ok(?:ay)?|so|and|well)\b[\s,]*)*(?:(?:can|could|would) you (?:please )?)?"
    r"(?:(?:tell|teach|give|show) (?:me|us)(?: more)?(?: about| of)?|describe|explain|define|list"
    r"|compare|discuss|talk about|i (?:want|would like) to know (?:more )?about"
    r"|(?:what|which|who|how|why|where|when)(?:'s|’s)?"
    r"(?: (?:much|many|long|often|far|large|big|fast|kinds?|types?|sorts?|else))?"
    r"(?: of)?(?: (?:is|are|was|were|do|does|did|has|have|had|can|could|should|would|will"
    r"|cause[sd]?|makes?|happens?|happened))?"
    r"|is|are|was|were|do|does|did|can|could|should|has|have|will|would)\s+"
    r"(?:there (?:an?y? )?|it (?:possible )?(?:to )?|i |you |we |one )?"
    r"(?:(?:the|an?|some|any)\s+)?",
    re.IGNORECASE,
)
#: What a subject is asked for rather than what it is: "the symptoms of throat cancer".
_OF = re.compile(r"^.*\b(?:of|about|between)\s+(?:the |an? )?(?=\w)", re.IGNORECASE)
#: What closes a question after its subject.
_CLOSING = re.compile(
    r"\s+(?:(?:is|are|was|were|do|does|did|come|comes|work|works|mean|means|used|use|made|called"
    r"|known|important|good|bad|different|serious|common|necessary|affect|start(?:ed)?|end(?:ed)?"
    r"|becomes?|became|famous|weigh|cost|costs|get|take|look|differ|happen)\b.*|(?:in|on|at|for|from|with|by|to)\b.*)?[\s?.!]*$",
    re.IGNORECASE,
)


#: Several capitalised words on end, but for the first of the question.
_PROPER = re.compile(r"(?<=\w )(?!I\b)[A-Z]\w+(?:(?: (?:of|the|v\.|vs\.?))* [A-Z][\w.]+)+")


@dataclass(frozen=True, slots=True)
class Spoken:
    """What is spoken of: its name, and the papers that are it; none where it is a subject only."""

    name: str
    papers: tuple[Citation, ...] = ()

    @property
    def called(self) -> str:
        """What the paper is found by: the name, where its title gives it, else the title."""
        if not self.papers or printed_name(self.papers[0].title) == self.name:
            return self.name
        return f"“{self.papers[0].title}”"


def spoken_of(turns: Sequence[Turn]) -> Spoken:
    """Return what was spoken of last: the paper cited first, else the subject of a question."""
    for turn in reversed(turns):
        if turn.answer.citations:
            return of_paper(turn.answer.citations[0], turn.answer)
        if turn.answer.focus is None:
            break
    subject, first = subject_of(turn.answer.query), subject_of(turns[0].answer.query)
    # Where the conversation started is often what the later questions leave out.
    return Spoken(subject if set(terms(first)) <= set(terms(subject)) else f"{subject}, {first}")


def all_listed(turns: Sequence[Turn]) -> Spoken | None:
    """Return the papers that were listed last, under the question for them, if any were.

    The turns after that must have been about one of them.
    """
    for turn in reversed(turns):
        answer = turn.answer
        if answer.kind in MANY and len(answer.citations) > 1:
            return Spoken(answer.query, answer.citations)
        if not answer.focus or answer.focus.why != "place":
            break
    return None


def at_place(number: int, turns: Sequence[Turn]) -> Spoken | None:
    """Return the paper of that number in the last answer that cites so many; -1 is its last one.

    An answer from one paper has no last one to choose.
    """
    least = max(number, 2 if number < 0 else 1)
    cited = (t.answer.citations for t in reversed(turns) if len(t.answer.citations) >= least)
    papers = next(cited, None) if number else None
    return of_paper(papers[number - 1 if number > 0 else -1]) if papers else None


def of_paper(paper: Citation, answer: Answer | None = None) -> Spoken:
    """Return a paper under the name that its title gives, or that the question began with.

    Where there is no name it is called by its title, in quotation marks.
    """
    subject = subject_of(answer.query) if answer else ""
    said = " ".join(q.text for q in answer.quotes if q.paper_id == paper.paper_id) if answer else ""
    known = [n for n in names_in(subject) & names_in(said) if subject.startswith(n)]
    return Spoken(printed_name(paper.title) or max(known, default=f"“{paper.title}”"), (paper,))


def subject_of(question: str) -> str:
    """Return the subject of a question in its own words: a proper name, or what it asks of."""
    text = question.strip().rstrip("?.! ")
    if proper := [match[0] for match in _PROPER.finditer(text)]:
        return max(proper, key=len)
    rest = _OPENING.sub("", text, count=1)
    rest = _OF.sub("", rest)
    return _CLOSING.sub("", rest).strip() or rest or text
