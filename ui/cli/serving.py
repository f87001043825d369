"""The commands that open the assistant to a browser and to other programs."""

from typing import Annotated

import typer

from ui.cli.options import Store

app = typer.Typer()


@app.command(epilog="Example: assistant demo")
def demo(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on.")] = None,
) -> None:
    """Open the web chat on the bundled sample corpus."""
    from ui.commands import serving

    serving.demo(host=host, port=port)


@app.command(epilog="Example: assistant serve --port 8000")
def serve(
    store: Store = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on.")] = None,
) -> None:
    """Open the web chat, REST, OpenAI's protocol and MCP on a store."""
    from ui.commands import serving

    serving.serve(store=store, host=host, port=port)


@app.command(epilog="Example: assistant mcp --store papers")
def mcp(store: Store = None) -> None:
    """Serve a program that speaks the Model Context Protocol, over stdin and stdout."""
    from ui.commands import serving

    serving.mcp(store=store)
