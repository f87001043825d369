"""The routes that take answers: to write them in other formats, and to say how they differ."""

from fastapi import APIRouter, Response

from assistant.exports.formats import Format
from assistant.exports.writing import write_answers
from assistant.verification.difference import Comparison, Stock, compare
from store.papers import sha256
from ui.api.forms import Compared, Taken
from ui.api.responses import errors, gives
from ui.service import Service

_FILES = gives(*(kind.media_type.partition(";")[0] for kind in Format))


def add_routes(router: APIRouter, service: Service) -> None:
    """Add the routes to `router`."""

    @router.post("/export", tags=["ask"], response_class=Response, responses=_FILES | errors())
    async def export(taken: Taken) -> Response:
        """Write answers as a file: Markdown, a bundle that verifies, or a bibliography."""
        text = await service.run(lambda: _written(taken, service))
        name = "answer" if len(taken.answers) == 1 else "answers"
        disposition = f'attachment; filename="{name}{taken.to.suffix}"'
        headers = {"content-disposition": disposition, "content-type": taken.to.media_type}
        return Response(text, headers=headers)

    @router.post("/diff", tags=["ask"], responses=errors())
    async def diff(compared: Compared) -> Comparison:
        """Say what differs between answers to the same questions, and what became of papers."""
        return await service.run(lambda: _comparison(compared, service))


def _comparison(compared: Compared, service: Service) -> Comparison:
    answers = (*compared.before, *compared.after)
    papers = service.corpus.get({one.paper_id for answer in answers for one in answer.citations})
    abstracts = {key: sha256(paper.abstract) for key, paper in papers.items()}
    stock = Stock(service.corpus.snapshot, abstracts)
    return compare(compared.before, compared.after, stock=stock)


def _written(taken: Taken, service: Service) -> str:
    cited = {citation.paper_id for one in taken.answers for citation in one.citations}
    return write_answers(taken.answers, service.corpus.get(cited), to=taken.to)
