"""The commands that look after a store."""

from typing import Annotated

import typer

from ui.cli.options import AsJson, Store

app = typer.Typer()


@app.command(epilog="Example: assistant stats --json")
def stats(store: Store = None, json: AsJson = False) -> None:
    """Print how much the store holds, its model and its snapshot."""
    from ui.commands import keeping

    keeping.stats(store=store, as_json=json)


@app.command(epilog="Example: assistant show arxiv:2403.05530")
def show(
    paper_id: Annotated[str, typer.Argument(metavar="ID", help="The paper's id.")],
    store: Store = None,
    json: AsJson = False,
) -> None:
    """Print one paper."""
    from ui.commands import keeping

    keeping.show(paper_id, store=store, as_json=json)


@app.command(epilog="Example: assistant remove arxiv:2403.05530")
def remove(
    paper_ids: Annotated[list[str], typer.Argument(metavar="ID...", help="The papers' ids.")],
    store: Store = None,
    json: AsJson = False,
) -> None:
    """Remove papers from the store and from its indexes."""
    from ui.commands import keeping

    keeping.remove(paper_ids, store=store, as_json=json)


@app.command(epilog="Example: assistant repair --model BAAI/bge-small-en-v1.5")
def repair(
    store: Store = None,
    model: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Embed all anew with this model, a name or folder."),
    ] = None,
    take_from: Annotated[
        str | None,
        typer.Option(metavar="ID", help="Take over the Chroma collection of a store that is gone."),
    ] = None,
    json: AsJson = False,
) -> None:
    """Make the indexes anew from the catalog; only with another model is anything embedded again.

    Until all is embedded the store answers with its present model; if interrupted, the same command
    goes on where it stopped.
    """
    from ui.commands import keeping

    keeping.repair(store=store, model=model, as_json=json, former=take_from)


@app.command(epilog="Example: assistant compact")
def compact(store: Store = None, json: AsJson = False) -> None:
    """Erase what was removed or replaced from the disk, and give its space back.

    Afterwards neither the catalog nor an index holds anything of it, nor what saved questions found
    in it, nor answers that quote it and were judged. Backups made before still do.
    """
    from ui.commands import keeping

    keeping.compact_store(store=store, as_json=json)


@app.command("map", epilog="Example: assistant map --store papers")
def draw_map(store: Store = None, json: AsJson = False) -> None:
    """Draw the map of the papers that the web page shows; repeat it when many have been added."""
    from ui.commands import keeping

    keeping.draw_map(store=store, as_json=json)
