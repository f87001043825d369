"""The route that takes what people think of answers."""

from fastapi import APIRouter, Depends, Request, Response
from starlette.exceptions import HTTPException

from assistant.answer import Answer
from store.errors import QuestionError
from store.feedback import Given, Opinion, Quoted
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
        if service.feedback is None:
            raise HTTPException(403, "Feedback is switched off here.")
        response = Response(status_code=204)
        voter = known_voter(request, response)
        await service.run(lambda: keep(service, judged, voter=voter))
        return response


def keep(service: Service, judged: Judged, *, voter: str) -> None:
    """Keep what `voter` thinks, or forget it where the verdict is None.

    Raises QuestionError where there is no such answer now.
    """
    assert service.feedback is not None  # noqa: S101 - the route has seen to it
    answer = _asked_again(service, judged)
    if judged.snapshot and not answer.snapshot.startswith(judged.snapshot):
        raise QuestionError("the papers have changed since that answer; ask again and judge that")
    if judged.citation > len(answer.citations):
        raise QuestionError(
            f"citation: the answer has none with the number {judged.citation}; "
            f"give one up to {len(answer.citations)}, or 0 for the whole answer"
        )
    given = given_of(answer, [_earlier(one).question for one in judged.history])
    if judged.verdict is None:
        service.feedback.withdraw(given, citation=judged.citation, voter=voter)
        return
    opinion = Opinion(
        verdict=judged.verdict,
        citation=judged.citation,
        reason=judged.reason if judged.verdict == "bad" else None,
        comment=judged.comment,
        day=today().isoformat(),
    )
    service.feedback.put(given, opinion, voter=voter)


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


def _asked_again(service: Service, judged: Judged) -> Answer:
    earlier: list[Answered] = []
    for one in (*map(_earlier, judged.history), judged):
        answered = service.answers.ask(
            one.question, earlier=earlier, standalone=one.standalone, filters=one.filters
        )
        earlier.append(answered)
    return earlier[-1].turn.answer


def _earlier(one: Earlier | str) -> Earlier:
    return Earlier(question=one) if isinstance(one, str) else one
