"""Exchange: one question put to the assistant, and what the page shows of it."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.assistant import Assistant
from assistant.conversation import Turn
from assistant.query import Filters
from assistant.verification.verify import verify
from store.errors import AssistantError
from ui.render import answer_html, notice_html
from ui.sources import cards_html

_log = logging.getLogger(__name__)

_FAILED = "Something went wrong here, not with your question. It is back in the box: try it again."


@dataclass(frozen=True, slots=True)
class Exchange:
    """One question as typed, the message that answers it, and the cards of its sources.

    `number` counts from 1 and is never used twice in a conversation: the page's ids hold it.
    `turn` is None where no answer was reached; the message then says why. `follow_ups` are found
    once the answer is shown.
    """

    number: int
    question: str
    message: str
    sources: str = ""
    turn: Turn | None = None
    follow_ups: tuple[str, ...] = ()


def put(
    assistant: Assistant,
    question: str,
    *,
    earlier: Sequence[Exchange],
    standalone: bool = False,
    filters: Filters | None = None,
) -> Exchange:
    """Ask `question` after the `earlier` exchanges; what goes wrong becomes its message.

    With `standalone` it is searched just as typed.
    """
    number = number_after(earlier)
    try:
        return _answered(
            assistant, question, earlier, number, standalone=standalone, filters=filters
        )
    except AssistantError as error:
        return Exchange(number, question, notice_html(str(error)))
    except Exception:
        # The last place that can keep the conversation alive: the person loses nothing, and
        # whoever runs the server finds the cause in its log.
        _log.exception("A question could not be answered")
        return Exchange(number, question, notice_html(_FAILED))


def number_after(earlier: Sequence[Exchange]) -> int:
    """Return the number of the exchange that follows the `earlier` ones."""
    return earlier[-1].number + 1 if earlier else 1


def followed_up(assistant: Assistant, exchange: Exchange) -> Exchange:
    """Return the exchange with questions to ask next; without, where they cannot be found."""
    if exchange.turn is None:
        return exchange
    try:
        return replace(exchange, follow_ups=assistant.follow_ups(exchange.turn.answer))
    except Exception:
        # Nobody asked for them, so nobody is told; the log is.
        _log.exception("No questions could be suggested")
        return exchange


def _answered(
    assistant: Assistant,
    question: str,
    earlier: Sequence[Exchange],
    number: int,
    *,
    standalone: bool,
    filters: Filters | None,
) -> Exchange:
    turns = tuple(exchange.turn for exchange in earlier if exchange.turn is not None)
    answer = assistant.ask(question, turns=turns, standalone=standalone, filters=filters)
    cited = [citation.paper_id for citation in answer.citations]
    papers = assistant.corpus.get([*cited, *(near.paper_id for near in answer.closest)])
    abstracts = {paper.id: paper.abstract for paper in papers.values()}
    sound = not verify(answer, papers)
    return Exchange(
        number,
        question,
        answer_html(answer, abstracts, number=number, sound=sound),
        cards_html(answer, papers, number=number, sound=sound),
        Turn(question, answer),
    )
