"""The commands that make and revoke the keys of programs."""

from typing import Annotated

import typer

from ui.cli.options import AsJson, Store

app = typer.Typer(no_args_is_help=True, help="Make and revoke keys for programs.")


@app.command("add", epilog="Example: assistant keys add laptop --write")
def keys_add(
    name: Annotated[str, typer.Argument(help="Whose key it is.")],
    write: Annotated[bool, typer.Option(help="It may add and remove papers, too.")] = False,
    store: Store = None,
    json: AsJson = False,
) -> None:
    """Make a key and print it, once; from then on programs need one."""
    from ui.commands import keys

    keys.add(name, write=write, store=store, as_json=json)


@app.command("list", epilog="Example: assistant keys list")
def keys_list(store: Store = None, json: AsJson = False) -> None:
    """Print who has a key, how it begins and what it is for."""
    from ui.commands import keys

    keys.show(store=store, as_json=json)


@app.command("revoke", epilog="Example: assistant keys revoke laptop")
def keys_revoke(
    name: Annotated[str, typer.Argument(help="The key's name, or how it begins.")],
    store: Store = None,
    json: AsJson = False,
) -> None:
    """Take a key back; a running server refuses it at once."""
    from ui.commands import keys

    keys.revoke(name, store=store, as_json=json)
