"""The route that takes what people think of answers."""

from functools import partial

from fastapi import APIRouter, Depends, Request, Response
from starlette.exceptions import HTTPException

from assistant.answer import Answer
from store.errors import QuestionError
from store.feedback import Feedback, Given, Opinion, Quoted
from ui.access.access import charge
from ui.access.guards import require_own_page
from ui.api.forms import Earlier, Judged
from ui.api.responses import errors
from ui.conversations.answers import Answered
from ui.papers.voting import known_voter, today
from ui.service import Service


def add_routes(router: APIRouter, service: Service) -> None:
    """Add the route to `router`."""

    @router.post(
        "/feedback",
        tags=["ask"],
        status_code=204,
        responses=errors(),
        dependencies=[Depends(require_own_page)],
    )
    async def judge(judged: Judged, request: Request) -> Response:
        """Keep what somebody thinks of an answer, or take it back.

        It stays in the store's folder, with the question and the quotes that it is about, which is
        asked again to know them.
        """
        feedback = service.feedback
        if feedback is None:
            raise HTTPException(403, "Feedback is switched off here.")
        response = Response(status_code=204)
        voter = known_voter(request, response)
        answer = await _asked_again(service, judged)
        await service.run(lambda: keep(feedback, judged, answer, voter=voter))
        return response


def keep(feedback: Feedback, judged: Judged, answer: Answer, *, voter: str) -> None:
    """Keep what `voter` thinks of an answer, or forget it where the verdict is None.

    Raises QuestionError where it is not the one that was judged.
    """
    if judged.snapshot and not answer.snapshot.startswith(judged.snapshot):
        raise QuestionError("the papers have changed since that answer; ask again and judge that")
    if judged.citation > len(answer.citations):
        raise QuestionError(
            f"citation: the answer has none with the number {judged.citation}; "
            f"give one up to {len(answer.citations)}, or 0 for the whole answer"
        )
    given = given_of(answer, [_earlier(one).question for one in judged.history])
    if judged.verdict is None:
        feedback.withdraw(given, citation=judged.citation, voter=voter)
        return
    opinion = Opinion(
        verdict=judged.verdict,
        citation=judged.citation,
        reason=judged.reason if judged.verdict == "bad" else None,
        comment=judged.comment,
        day=today().isoformat(),
    )
    feedback.put(given, opinion, voter=voter)


def given_of(answer: Answer, history: list[str]) -> Given:
    """Return an answer as feedback keeps it."""
    filters = answer.filters.model_dump(mode="json", exclude_none=True) if answer.filters else {}
    return Given(
        question=answer.question,
        history=tuple(history),
        query=answer.query,
        filters=filters,
        kind=answer.kind,
        quotes=tuple(Quoted(one.citation, one.paper_id, one.text) for one in answer.quotes),
        snapshot=answer.snapshot,
        version=answer.version,
    )


async def _asked_again(service: Service, judged: Judged) -> Answer:
    """Return the answer that is judged; others are answered between the questions before it."""
    charge(len(judged.history))
    earlier: list[Answered] = []
    for one in (*map(_earlier, judged.history), judged):
        ask = partial(service.answers.ask, one.question, earlier=tuple(earlier))
        earlier.append(
            await service.run(partial(ask, standalone=one.standalone, filters=one.filters))
        )
    return earlier[-1].turn.answer


def _earlier(one: Earlier | str) -> Earlier:
    return Earlier(question=one) if isinstance(one, str) else one
