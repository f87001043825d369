"""An answer as the chat shows it, put together of its parts."""

from collections.abc import Mapping

from assistant.answer import Answer, Focus
from assistant.query import Filters
from ui.chat.taking import take_one_html
from ui.render.figures import figures_html
from ui.render.foot import foot_html
from ui.render.gaps import is_partial, missing_html, said_html
from ui.render.nothing import nothing_html
from ui.render.quotes import quotes_html
from ui.render.verbatim import verbatim
from ui.wording.match import match_of


def answer_html(
    answer: Answer,
    abstracts: Mapping[str, str],
    *,
    number: int,
    sound: bool,
    filters: Filters | None = None,
) -> str:
    """Return the message for `answer`, the `number`th of its conversation.

    It is called verified, and what a quote leans on shown from the stored `abstracts` by paper id,
    only where `sound`: where `verify` found nothing wrong. `filters` are those that were set by
    hand: where nothing is found, each can be loosened.
    """
    if answer.status == "no_answer":
        nothing = nothing_html(answer, number=number, set_by_hand=filters)
        return f'<div class="aa-answer aa-empty">{_query(answer)}{nothing}</div>'
    quotes = quotes_html(answer, abstracts if sound else {}, number=number)
    figures = figures_html(answer, number=number)
    return (
        f'<div class="aa-answer">{_match(answer.confidence)}{_query(answer)}{_known(answer)}'
        f"{figures}{quotes}{foot_html(answer, sound=sound)}{take_one_html(number)}</div>"
    )


def _match(confidence: float) -> str:
    match = match_of(confidence)
    return (
        f'<p class="aa-match aa-{match}" title="How well the first quote answers">'
        f"{match.capitalize()} match</p>"
    )


def _query(answer: Answer) -> str:
    return f"{_about(answer.focus)}{_searched(answer)}"


def _about(focus: Focus | None) -> str:
    """Return what a follow-up was taken to be about, with what asks it again without that."""
    if focus is None:
        return ""
    return (
        f'<p class="aa-about"><span>About: {verbatim(focus.title)}</span>'
        '<button type="button" class="aa-drop" title="Search just what was typed">'
        '<span class="aa-unseen">Search just what was typed</span>×</button></p>'
    )


def _searched(answer: Answer) -> str:
    if answer.query.split() == answer.question.split():
        return ""
    return f'<p class="aa-query">Searched for “{verbatim(answer.query)}”</p>'


def _known(answer: Answer) -> str:
    """Return what must be known before the quotes are read, and above all what they leave out."""
    missing = missing_html(answer.coverage)
    said = said_html(answer) + (f'<p class="aa-said">{missing}</p>' if missing else "")
    if not is_partial(answer):
        return said
    return f'<div class="aa-partly"><h3>Answered in part</h3>{said}</div>'
