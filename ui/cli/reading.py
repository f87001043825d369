"""The commands that bring papers into the store."""

from typing import Annotated

import typer

from ui.cli.options import AsJson, Store, Strict

app = typer.Typer()


@app.command(epilog="Example: assistant add listings/ papers.jsonl")
def add(
    sources: Annotated[
        list[str], typer.Argument(metavar="SOURCE...", help="Files, folders, or - for stdin.")
    ],
    store: Store = None,
    strict: Strict = False,
    encoding: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Encoding of text that is not UTF-8, such as cp1252."),
    ] = None,
    json: AsJson = False,
) -> None:
    """Add papers, in whatever of these formats each source is.

    Daily-papers listings, as text or JSON
    arXiv: Atom, RSS, OAI-PMH, metadata as JSON lines
    PubMed: XML, nbib
    BibTeX, RIS, EndNote's tagged text and XML, Web of Science's tagged text
    CSL-JSON, Zotero's JSON; answers of OpenAlex, Semantic Scholar, Crossref,
    bioRxiv, Europe PMC and others
    JSON and JSON lines with whatever fields
    CSV, TSV, XLSX with a header that names title and abstract
    Plain text: a title, a blank line, an abstract
    Any of it packed: .gz, .bz2, .xz, .zst, .zip
    """
    from ui.commands import keeping

    code = keeping.add(sources, store=store, strict=strict, as_json=json, encoding=encoding)
    raise typer.Exit(code)


@app.command(epilog='Example: assistant fetch arxiv "cat:cs.CL" --since 2024-03-11 --limit 200')
def fetch(
    source: Annotated[str, typer.Argument(metavar="SOURCE", help="arxiv, pubmed or daily-papers.")],
    query: Annotated[str, typer.Argument(help="In the source's own language, or words.")] = "",
    ids: Annotated[
        list[str] | None,
        typer.Option(
            "--id", metavar="ID", help="A paper, by its id or its address; can be repeated."
        ),
    ] = None,
    since: Annotated[str, typer.Option(metavar="DATE", help="Papers of this day or later.")] = "",
    until: Annotated[str, typer.Option(metavar="DATE", help="Papers of this day or before.")] = "",
    limit: Annotated[int, typer.Option(min=1, help="Papers at most.")] = 1000,
    store: Store = None,
    strict: Strict = False,
    json: AsJson = False,
) -> None:
    """Fetch papers from arXiv, PubMed or the daily papers over the network, and add them.

    Requests keep the pauses that each service asks for. Interrupted, the same command goes on
    after the last page that was added.
    """
    from store.fetching import Request
    from ui.commands import fetching

    request = Request(ids=tuple(ids or ()), query=query, since=since, until=until, limit=limit)
    code = fetching.fetch(source, request, store=store, strict=strict, as_json=json)
    raise typer.Exit(code)
