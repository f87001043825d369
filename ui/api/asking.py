"""The routes that ask: questions, searches, sessions; and the one that verifies."""

from typing import Annotated

from fastapi import APIRouter, Body, Query, Response

from assistant.answer import Answer
from assistant.verification.verify import Bundle
from store.errors import QuestionError
from ui.api.examples import examples
from ui.api.forms import (
    Asked,
    AskedInQuery,
    Results,
    SessionOpened,
    Sought,
    Verifiable,
    Verification,
)
from ui.api.responses import errors, etag, gives
from ui.api.sessions import Sessions
from ui.service import Service


def add_routes(router: APIRouter, service: Service) -> None:
    """Add the routes to `router`."""
    _add_asking(router, service)
    _add_searching(router, service)
    _add_verifying(router, service)


def _add_asking(router: APIRouter, service: Service) -> None:
    sessions = Sessions()

    shown = gives("application/json", example=examples()["answer"])

    @router.post("/ask", tags=["ask"], responses=shown | errors(404))
    async def ask(asked: Asked) -> Answer:
        """Answer a question with quotes, or say that the papers do not answer it."""
        if asked.session is not None and asked.history:
            raise QuestionError("both session and history are given; give one of them")
        given = await service.ask(
            asked.question,
            surface="rest",
            history=asked.history,
            earlier=sessions.earlier(asked.session) if asked.session is not None else None,
            standalone=asked.standalone,
            filters=asked.filters,
            detailed=asked.explain,
        )
        if asked.session is not None:
            sessions.add(asked.session, given)
        answer = given.turn.answer.model_copy(update={"id": asked.id})
        if asked.suggest:
            return await service.run(lambda: service.assistant.with_follow_ups(answer))
        return answer

    @router.get("/ask", tags=["ask"], responses=shown | errors(304), dependencies=[etag(service)])
    async def ask_in_query(asked: Annotated[AskedInQuery, Query()]) -> Answer:
        """Answer a question that stands alone; what comes can be kept until the papers change."""
        given = await service.ask(asked.question, surface="rest", filters=asked.filters())
        return given.turn.answer

    @router.post("/sessions", tags=["ask"], status_code=201, responses=errors())
    async def open_session() -> SessionOpened:
        """Begin a conversation that the server keeps, for `session` in ask."""
        return SessionOpened(id=sessions.open())

    @router.delete("/sessions/{session}", tags=["ask"], status_code=204, responses=errors(404))
    async def close_session(session: str) -> Response:
        """Forget a conversation."""
        sessions.close(session)
        return Response(status_code=204)


def _add_searching(router: APIRouter, service: Service) -> None:
    shown = gives("application/json", example=examples()["results"])

    @router.get(
        "/search", tags=["search"], responses=shown | errors(304), dependencies=[etag(service)]
    )
    async def search(sought: Annotated[Sought, Query()]) -> Results:
        """Find papers for a text, best first."""
        found, snapshot = await service.run(
            lambda: service.answers.search(sought.q, k=sought.k, filters=sought.filters())
        )
        return Results(results=found, snapshot=snapshot)


def _add_verifying(router: APIRouter, service: Service) -> None:
    @router.post("/verify", tags=["ask"], name="verify", responses=errors())
    async def check(
        item: Annotated[Verifiable, Body(examples=[examples()["answer"]])],
    ) -> Verification:
        """Re-check an answer against the store's papers, or a bundle against its own."""
        return await service.run(lambda: verified(service, item))


def verified(service: Service, item: Verifiable) -> Verification:
    """Return what does not hold of an answer against the store, or of a bundle against itself."""
    if isinstance(item, Bundle):
        answers = item.answers
        problems = [problem for _, problem in item.problems()]
    else:
        answers = (item,)
        problems = service.assistant.verify(item)
    return Verification(
        verified=not problems,
        answers=len(answers),
        quotes=sum(len(answer.quotes) for answer in answers),
        problems=tuple(map(str, problems)),
    )
