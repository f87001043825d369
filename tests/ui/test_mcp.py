"""The SDK's own client, over both transports."""

import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest
from mcp import StdioServerParameters
from mcp.client import Client
from mcp.shared.exceptions import MCPError

from assistant.answer import Answer
from assistant.assistant import Assistant
from store.papers import Paper
from store.sample import SAMPLE

Run = Callable[..., subprocess.CompletedProcess[str]]
Check = Callable[[Client], Any]
FIRST, SECOND = "What is HyenaDNA?", "What does it learn from?"


@pytest.fixture(scope="module")
def store(command: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("mcp") / "papers"
    command("add", SAMPLE, "--store", folder)
    return folder


@pytest.fixture(params=["http", "stdio"])
def speak(request: pytest.FixtureRequest) -> Callable[[Check], None]:
    """Run a check with a client that is connected over the transport."""
    if request.param == "http":
        server: Any = f"{request.getfixturevalue('base')}/mcp"
    else:
        folder = request.getfixturevalue("store")
        environment = request.getfixturevalue("environment")
        arguments = ["-m", "ui.cli", "mcp", "--store", str(folder)]
        plain = {**environment, "ASSISTANT_RERANK": "false"}
        server = StdioServerParameters(command=sys.executable, args=arguments, env=plain)

    @asynccontextmanager
    async def connected() -> AsyncIterator[Client]:
        async with Client(server) as client:
            yield client

    def run(check: Check) -> None:
        async def checked() -> None:
            async with connected() as client:
                await check(client)

        anyio.run(checked)

    return run


def test_the_tools_say_what_they_take_and_give(speak: Callable[[Check], None]) -> None:
    async def check(client: Client) -> None:
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
        assert set(tools) == {"ask", "search", "get_paper", "similar_papers", "verify"}
        for tool in tools.values():
            assert tool.description
            assert tool.output_schema
            assert tool.annotations and tool.annotations.read_only_hint
        assert "question" in tools["ask"].input_schema["required"]

    speak(check)


def test_each_tool_gives_what_the_library_gives(
    speak: Callable[[Check], None], assistant: Assistant
) -> None:
    async def check(client: Client) -> None:
        async def call(name: str, **arguments: object) -> Any:
            got = await client.call_tool(name, arguments)
            assert not got.is_error, got.content
            return got.structured_content

        answer = Answer.model_validate(await call("ask", question=SECOND, history=[FIRST]))
        assert answer == assistant.converse(SECOND, [FIRST])
        found = await call("search", text="clinical tokenisers", k=2)
        wanted = assistant.search("clinical tokenisers", k=2)
        assert found["results"] == [result.model_dump(mode="json") for result in wanted]
        one = wanted[0].paper
        assert Paper.model_validate(await call("get_paper", paper_id=one.id)) == one
        near = await call("similar_papers", paper_id=one.id, k=2)
        like = assistant.similar(one.id, k=2)
        assert near["results"] == [result.model_dump(mode="json") for result in like]
        said = await call("verify", answer=answer.model_dump(mode="json"))
        assert said["verified"]

    speak(check)


def test_a_paper_is_a_resource(speak: Callable[[Check], None], assistant: Assistant) -> None:
    paper = next(assistant.corpus.papers())

    async def check(client: Client) -> None:
        [template] = (await client.list_resource_templates()).resource_templates
        assert template.uri_template == "paper://{+paper_id}"
        [content] = (await client.read_resource(f"paper://{paper.id}")).contents
        assert Paper.model_validate_json(content.text) == paper  # type: ignore[union-attr]
        with pytest.raises(MCPError, match=r"no paper 'doi:10\.1/none'"):
            await client.read_resource("paper://doi:10.1/none")

    speak(check)


def test_nobody_listens_to_a_stream_that_stays_silent(client: httpx.Client) -> None:
    got = client.get("/mcp", headers={"accept": "text/event-stream"})
    assert (got.status_code, got.headers["allow"]) == (405, "POST")


def test_what_cannot_be_answered_says_why(speak: Callable[[Check], None]) -> None:
    async def check(client: Client) -> None:
        for name, arguments, message in (
            ("ask", {"question": "?!"}, "holds no word"),
            ("ask", {"question": SECOND, "history": [FIRST] * 21}, "at most 20 items"),
            ("ask", {"question": SECOND, "history": ["x" * 2001]}, "at most 2000 characters"),
            ("get_paper", {"paper_id": "doi:10.1/none"}, "no paper 'doi:10.1/none'"),
        ):
            got = await client.call_tool(name, arguments)
            assert got.is_error
            assert message in got.content[0].text  # type: ignore[union-attr]

    speak(check)


def test_without_the_sdk_the_message_names_the_extra(python: Run, store: Path) -> None:
    program = (
        "import sys; sys.modules['mcp.server.mcpserver'] = None\n"
        "from ui.cli import main; sys.argv[1:] = ['mcp', '--store', sys.argv[1]]; main()"
    )
    done = python(program, store)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "error: this needs the MCP SDK, which is not installed; "
        'install it with: pip install "abstract-assistant[mcp]"\n'
    )
