"""The route that takes what people think of answers."""

from functools import partial

from fastapi import APIRouter, Depends, Request, Response
from starlette.exceptions import HTTPException

from assistant.answer import Answer
from store.errors import QuestionError
from store.feedback import Feedback, Given, Opinion, Quoted
from ui.access.admission import charge
from ui.access.guards import require_own_page
from ui.api.forms import Earlier, Judged
from ui.api.responses import errors
from ui.conversations.answers import Answered
from ui.papers.voting import known_voter, today, voter_of
from ui.service import Service


def add_routes(router: APIRouter, service: Service) -> None:
    """Add the route to `router`."""

    @router.post(
        "/feedback",
        tags=["ask"],
        name="give_feedback",
        status_code=204,
        responses=errors(),
        dependencies=[Depends(require_own_page)],
    )
    async def judge(judged: Judged, request: Request) -> Response:
        """Keep what somebody thinks of an answer, or take it back.

        It stays in the store's folder, with the question and the quotes that it is about, which is
        asked again to know them. Whoever takes something back must be known again: by a login, or
        by the cookie that was set when it was given.
        """
        feedback = service.feedback
        if feedback is None:
            raise HTTPException(403, "Feedback is switched off here.")
        if judged.verdict is None and voter_of(request) is None:
            raise HTTPException(403, "Who gave it is not known here, so it cannot be taken back.")
        response = Response(status_code=204)
        voter = known_voter(request, response)
        answer = await _asked_again(service, judged)
        await service.run(lambda: keep(feedback, judged, answer, voter=voter))
        return response


def keep(feedback: Feedback, judged: Judged, answer: Answer, *, voter: str) -> None:
    """Keep what `voter` thinks of an answer, or forget it where the verdict is None.

    Raises QuestionError where there is no such answer, now or judged before.
    """
    given = given_of(answer, [_earlier(one).question for one in judged.history])
    if judged.verdict is None:
        feedback.withdraw(given, citation=judged.citation, voter=voter)
        return
    if not given.snapshot.startswith(judged.snapshot):
        given = _judged_before(feedback, given, judged.snapshot)
    cited = max((quote.citation for quote in given.quotes), default=0)
    if judged.citation > cited:
        raise QuestionError(
            f"citation: the answer has none with the number {judged.citation}; "
            f"give one up to {cited}, or 0 for the whole answer"
        )
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


def _judged_before(feedback: Feedback, given: Given, snapshot: str) -> Given:
    if found := feedback.find(given, snapshot):
        return found
    raise QuestionError("the papers have changed since that answer; ask again and judge that")


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
