"""Exchange: one question put to the assistant, and what the page shows of it."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.answer import Answer
from assistant.verification.verify import papers_named, verify
from store.errors import AssistantError, QuestionError
from ui.conversations.answers import Answered, Answers
from ui.conversations.asked import Asked, Seal, Shown
from ui.conversations.notes import only_html, since_html
from ui.render import answer_html, notice_html
from ui.render.sources import cards_html

_log = logging.getLogger(__name__)

_FAILED = "Something went wrong here, not with your question. It is back in the box: try it again."


@dataclass(frozen=True, slots=True)
class Exchange:
    """One question as it was asked, the message that answers it, and the cards of its sources.

    `number` is used once in a page, whose ids hold it. `answered` is None where no answer was
    reached; the message then says why. `follow_ups` are found once the answer is shown.
    """

    number: int
    asked: Asked
    message: str
    sources: str = ""
    answered: Answered | None = None
    follow_ups: tuple[str, ...] = ()

    @property
    def answer(self) -> Answer | None:
        """The answer, if one was reached."""
        return self.answered.turn.answer if self.answered else None

    @property
    def shown(self) -> Shown:
        """What the page is told of it."""
        return Shown(
            number=self.number,
            question=self.asked.question,
            limits=self.asked.limits,
            standalone=self.asked.standalone,
            then=Seal.of(self.answer) if self.answer else None,
        )


def put(answers: Answers, asked: Asked, *, number: int, earlier: Sequence[Exchange]) -> Exchange:
    """Ask a question after the `earlier` exchanges; what goes wrong becomes its message."""
    try:
        return _answered(answers, asked, number, earlier)
    except QuestionError as error:
        return Exchange(number, asked, notice_html(str(error)))
    except AssistantError as error:
        return Exchange(number, asked, notice_html(str(error), again=True))
    except Exception:
        # The last place that can keep the conversation alive: the person loses nothing, and
        # whoever runs the server finds the cause in its log.
        _log.exception("A question could not be answered")
        return Exchange(number, asked, notice_html(_FAILED, again=True))


def followed_up(answers: Answers, exchange: Exchange) -> Exchange:
    """Return the exchange with questions to ask next; without, where they cannot be found."""
    if exchange.answered is None:
        return exchange
    try:
        return replace(exchange, follow_ups=answers.follow_ups(exchange.answered))
    except Exception:
        # Nobody asked for them, so nobody is told; the log is.
        _log.exception("No questions could be suggested")
        return exchange


def _answered(answers: Answers, asked: Asked, number: int, earlier: Sequence[Exchange]) -> Exchange:
    filters = asked.limits.filters()
    answered = answers.ask(
        asked.question,
        earlier=[one.answered for one in earlier if one.answered],
        standalone=asked.standalone,
        filters=filters,
    )
    answer = answered.turn.answer
    # A search within papers says which, of one by its title.
    within = (answer.filters.paper_ids if answer.filters else None) or ()
    papers = answers.assistant.corpus.get([*papers_named(answer), *within[:1]])
    abstracts = {paper.id: paper.abstract for paper in papers.values()}
    sound = not verify(answer, papers)
    message = (
        since_html(asked, answer)
        + only_html(answer, papers)
        + answer_html(answer, abstracts, number=number, sound=sound, filters=filters)
    )
    sources = cards_html(answer, papers, number=number, sound=sound)
    return Exchange(number, asked, message, sources, answered)
