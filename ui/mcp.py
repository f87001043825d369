"""The Model Context Protocol: the corpus as tools and resources of other programs.

By the protocol's own SDK, which comes with the extra `mcp`; here alone is it imported.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.routing import Route

from assistant import __version__
from assistant.answer import Answer
from assistant.query import Filters
from store.errors import AssistantError, MissingExtra, PaperNotFound
from store.papers import Paper
from ui.api.asking import verified
from ui.api.forms import Cutoff, History, Question, Results, Verification
from ui.service import Service

if TYPE_CHECKING:
    from mcp.server.mcpserver import MCPServer

PATH = "/mcp"
_INSTRUCTIONS = (
    "Answers questions about a collection of paper abstracts with sentences quoted from them, "
    "byte for byte. Give quotes as they are, with their citations; where the status is no_answer, "
    "the collection does not answer, and the closest papers are no answer either."
)


@dataclass(frozen=True, slots=True)
class Tools:
    """What a program may call; each docstring tells it what for."""

    service: Service

    async def ask(
        self,
        question: Question,
        history: History = (),
        filters: Filters | None = None,
    ) -> Answer:
        """Answer a question with quotes, each with its source, or say that there is no answer."""
        given = await self.service.ask(question, surface="mcp", history=history, filters=filters)
        return given.turn.answer

    async def search(
        self, text: Question, k: Cutoff = 10, filters: Filters | None = None
    ) -> Results:
        """Find papers for a text, best first."""
        found, snapshot = await self.service.run(
            lambda: self.service.answers.search(text, k=k, filters=filters)
        )
        return Results(results=found, snapshot=snapshot)

    async def get_paper(self, paper_id: str) -> Paper:
        """Return one paper with its abstract."""
        return await self.service.run(lambda: self.service.corpus.paper(paper_id))

    async def similar_papers(self, paper_id: str, k: Cutoff = 10) -> Results:
        """Find the papers nearest in meaning to a paper, nearest first."""
        found, snapshot = await self.service.run(
            lambda: self.service.answers.similar(paper_id, k=k)
        )
        return Results(results=found, snapshot=snapshot)

    async def verify(self, answer: Answer) -> Verification:
        """Re-check that every quote of an answer stands in its paper's abstract as it says."""
        return await self.service.run(lambda: verified(self.service, answer))


def make_mcp(service: Service) -> "MCPServer":
    """Return the MCP server over `service`; raise MissingExtra where the SDK is not installed."""
    try:
        from mcp.server.mcpserver import MCPServer
        from mcp.server.mcpserver.exceptions import ResourceNotFoundError
        from mcp_types import ToolAnnotations
    except ImportError as error:
        raise MissingExtra("mcp", "the MCP SDK") from error
    server = MCPServer(
        service.name, version=__version__, instructions=_INSTRUCTIONS, log_level="WARNING"
    )
    tools = Tools(service)
    reads = ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False)
    for tool in (tools.ask, tools.search, tools.get_paper, tools.similar_papers, tools.verify):
        server.add_tool(_telling(tool), annotations=reads)

    @server.resource("paper://{+paper_id}", mime_type="application/json")
    async def paper(paper_id: str) -> str:
        """A paper, by its id, such as paper://arxiv:2403.05530."""
        try:
            return (await tools.get_paper(paper_id)).model_dump_json()
        except PaperNotFound as error:
            raise ResourceNotFoundError(str(error)) from error

    return server


def _telling(tool: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    """Return the tool such that a caller reads what it raises on purpose."""
    from mcp.server.mcpserver.exceptions import ToolError

    @wraps(tool)
    async def told(*args: Any, **kwargs: Any) -> Any:
        try:
            return await tool(*args, **kwargs)
        except AssistantError as error:
            raise ToolError(str(error)) from error
        except HTTPException as error:
            # Too many requests.
            raise ToolError(error.detail) from error

    return told


def mount_mcp(app: FastAPI, service: Service) -> None:
    """Serve MCP over streamable HTTP at `/mcp` of `app`, where the SDK is installed."""
    from mcp.server.transport_security import TransportSecuritySettings

    server = make_mcp(service)
    inner = server.streamable_http_app(
        streamable_http_path=PATH,
        # Nothing is kept between requests, so that any of several servers may answer.
        stateless_http=True,
        json_response=True,
        # The app around it has checked the host already.
        transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
    )
    # What is asked is answered at once: a stream to listen on, as GET asks for, would stay silent.
    for route in inner.routes:
        if isinstance(route, Route):
            app.router.routes.append(Route(route.path, route.endpoint, methods=["POST"]))
    before = app.router.lifespan_context

    @asynccontextmanager
    async def running(app: FastAPI) -> AsyncIterator[Any]:
        async with before(app) as state, server.session_manager.run():
            yield state

    app.router.lifespan_context = running
