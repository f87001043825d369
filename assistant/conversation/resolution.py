"""Resolution: the ways to take a question that was asked after others."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answer import Focus, Reason
from assistant.conversation.focus import Spoken, all_listed, at_place, spoken_of
from assistant.conversation.reference import (
    asked_instead,
    has_own_subject,
    is_plural,
    leaning,
    meant_instead,
    new_topic,
    places,
    stands_alone,
    unjoined,
)
from assistant.conversation.turn import Turn
from assistant.conversation.wording import (
    as_of_papers,
    asks_for_similar,
    is_aspect,
    named,
    with_instead,
)
from assistant.question.collection import asked_of_collection
from assistant.question.kinds import kind_of

#: Asked of all papers, a question with the name of a paper added must be answered at least so
#: surely: the name by itself finds its paper, whatever the question.
NAMED_LEAST = 0.8


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to take a question: as the standalone `text`, about what is in `focus`.

    Where it names `papers`, what is `asked` is asked of those alone, which need no naming. It
    counts only where it is answered with `least` confidence.
    """

    text: str
    focus: Focus | None = None
    asked: str = ""
    papers: tuple[str, ...] = ()
    least: float = 0.0


def readings(question: str, turns: Sequence[Turn]) -> tuple[Reading, ...]:
    """Return the ways to take `question` after `turns`, to be tried in order.

    The first that is answered is what was meant. A question that stands alone has one way, itself.
    """
    if not turns:
        return (Reading(question),)
    if (fresh := new_topic(question)) is not None:
        return (Reading(fresh),)
    if (meant := meant_instead(question)) is not None:
        return _instead(meant, turns, why="correction")
    if pointed := _pointing(question, turns):
        return pointed
    leans = leaning(question)
    if leans != "pronoun" and (changed := asked_instead(question)):
        return _instead(changed, turns, why="ellipsis")
    if leans == "none":
        return (Reading(question),)
    spoken = spoken_of(turns)
    if leans == "perhaps":
        if not spoken.papers or kind_of(question) == "list":
            return (Reading(question),)
        return (_alone(question, spoken, "ellipsis"), Reading(question))
    if leans == "pronoun" and is_plural(question) and (listed := all_listed(turns)):
        return _about_listed(question, listed)
    about = _about(question, spoken, why=leans)
    # What leans only by being brief may have been meant as it stands.
    is_whole = leans == "ellipsis" and has_own_subject(question)
    return (*about, Reading(question)) if is_whole else about


def _pointing(question: str, turns: Sequence[Turn]) -> tuple[Reading, ...]:
    """Return the reading of a question that points at citations by number; none where it does not.

    A place on its own asks what that paper is.
    """
    found = [(worded, at_place(number, turns)) for worded, number in places(question)]
    pointed = [(worded, spoken) for worded, spoken in found if spoken]
    if not pointed:
        return ()
    text, asked = unjoined(question), unjoined(question)
    for worded, spoken in pointed:
        text, asked = text.replace(worded, spoken.name), asked.replace(worded, "it")
    spoken = pointed[0][1]
    if text.strip(" ?.!") == spoken.name:
        return (Reading(f"What is {spoken.name}?", _focus(spoken, "place")),)
    if len(pointed) == 1:
        return _about(asked, spoken, why="place")
    return (Reading(text, _focus(spoken, "place")),)


def _instead(part: str, turns: Sequence[Turn], *, why: Reason) -> tuple[Reading, ...]:
    """Return the reading of what asks for `part` in the place of something in the last question."""
    last = turns[-1].answer
    if why == "correction" and stands_alone(part):
        return (Reading(part),)
    spoken = spoken_of(turns)
    if why == "ellipsis" and spoken.papers and spoken.name in last.query and is_aspect(part):
        return _about(part, spoken, why=why)
    return (Reading(with_instead(last.query, part), Focus(title=last.query, why=why)),)


def _about(question: str, spoken: Spoken, *, why: Reason) -> tuple[Reading, ...]:
    """Return the readings of a question about what is spoken of: its paper alone, then all."""
    asked = unjoined(question)
    focus = _focus(spoken, why)
    if asks_for_similar(asked):
        return (Reading(f"papers like {spoken.called}", focus),)
    text = named(asked, spoken.name)
    if not spoken.papers or kind_of(asked) in ("list", "comparison") or asked_of_collection(text):
        return (Reading(text, focus),)
    return (_alone(asked, spoken, why), Reading(text, focus, least=NAMED_LEAST))


def _alone(asked: str, spoken: Spoken, why: Reason) -> Reading:
    """Return the reading of a question that is asked of the paper spoken of alone."""
    papers = tuple(paper.paper_id for paper in spoken.papers)
    return Reading(named(asked, spoken.name), _focus(spoken, why), asked=asked, papers=papers)


def _about_listed(question: str, listed: Spoken) -> tuple[Reading, ...]:
    """Return the readings of a question about papers listed: asked of those, then of all."""
    asked = as_of_papers(unjoined(question))
    text, focus = f"{asked} ({listed.name})", Focus(title=listed.name, why="pronoun")
    papers = tuple(paper.paper_id for paper in listed.papers)
    return (Reading(text, focus, asked=asked, papers=papers), Reading(text, focus))


def _focus(spoken: Spoken, why: Reason) -> Focus:
    if not spoken.papers:
        return Focus(title=spoken.name, why=why)
    return Focus(paper_id=spoken.papers[0].paper_id, title=spoken.papers[0].title, why=why)
