"""The commands that back a store up and restore it."""

from pathlib import Path
from typing import Annotated

import typer

from ui.cli.options import AsJson, Store

app = typer.Typer()


@app.command(epilog="Example: assistant backup papers-2024-03-11.zip")
def backup(
    destination: Annotated[Path, typer.Argument(metavar="FILE", help="The file to make.")],
    store: Store = None,
    json: AsJson = False,
) -> None:
    """Write all of the store that cannot be made anew to one file; the store may be in use.

    It is a ZIP archive of the catalog, votes, keys and whatever else is kept, with their hashes,
    and is read again before it gets its name. The indexes are made anew when it is restored.
    """
    from ui.commands import backups

    backups.backup(destination, store=store, as_json=json)


@app.command(epilog="Example: assistant restore papers-2024-03-11.zip --store restored")
def restore(
    source: Annotated[Path, typer.Argument(metavar="FILE", help="The backup.")],
    store: Store = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Replace all of a store that is there already.")
    ] = False,
    json: AsJson = False,
) -> None:
    """Make a store of a backup, or with --replace bring one back to it, once it is found whole."""
    from ui.commands import backups

    backups.restore(source, store=store, replace=replace, as_json=json)
