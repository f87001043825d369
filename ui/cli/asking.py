"""The commands that answer, and those that check and compare answers and take them away."""

from pathlib import Path
from typing import Annotated

import typer

from assistant.exports.formats import Format
from ui.cli.options import (
    AsJson,
    Several,
    SeveralPapers,
    Since,
    Store,
    Until,
    filters_given,
)

app = typer.Typer()

#: What answers are printed as, for people to choose from.
_OF_ANSWERS = "markdown, bundle, bibtex, ris or csl"


@app.command(epilog='Example: assistant ask "What is BM25?"')
def ask(
    question: Annotated[str | None, typer.Argument(help="The question, in quotes.")] = None,
    store: Store = None,
    batch: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help='JSON lines of {"id", "question", "history", "standalone", "filters"}, or -.',
        ),
    ] = None,
    json: AsJson = False,
    bundle: Annotated[
        bool, typer.Option(help="Print JSON with the papers that are cited.")
    ] = False,
    to: Annotated[
        Format | None, typer.Option(metavar="FORMAT", help=f"Print {_OF_ANSWERS}.")
    ] = None,
    explain: Annotated[
        bool, typer.Option(help="Say why each quote was chosen; in JSON, to the last feature.")
    ] = False,
    since: Since = None,
    until: Until = None,
    venue: Several = None,
    category: Several = None,
    source: Several = None,
    author: Several = None,
    paper: SeveralPapers = None,
) -> None:
    """Answer one question, or a batch of them, one JSON answer a line."""
    from ui.commands import asking

    if (question is None) == (batch is None):
        raise typer.BadParameter("give one QUESTION, or --batch FILE")
    filters = filters_given(
        since=since,
        until=until,
        venue=venue,
        category=category,
        source=source,
        author=author,
        paper=paper,
    )
    if question is not None:
        asking.ask(
            question,
            store=store,
            as_json=json,
            to=Format.BUNDLE if bundle else to,
            explain=explain,
            filters=filters,
        )
    elif batch is not None:
        if to:
            raise typer.BadParameter(
                f"a batch prints JSON lines; put them through: assistant export - --to {to}"
            )
        code = asking.ask_batch(batch, store=store, bundle=bundle, explain=explain, filters=filters)
        raise typer.Exit(code)


@app.command(epilog='Example: assistant ask "What is BM25?" --json | assistant verify -')
def verify(
    file: Annotated[
        str, typer.Argument(help="Answers or bundles, JSON or JSON lines; - for stdin.")
    ],
    store: Store = None,
    papers: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Check against the papers of this file.")
    ] = None,
    json: AsJson = False,
) -> None:
    """Re-check every quote of an answer against the abstracts; exit 1 where one fails."""
    from ui.commands import checking

    raise typer.Exit(checking.verify(file, store=store, papers=papers, as_json=json))


@app.command(epilog="Example: assistant diff monday.jsonl tuesday.jsonl")
def diff(
    before: Annotated[str, typer.Argument(help="Answers or bundles, JSON or JSON lines.")],
    after: Annotated[str, typer.Argument(help="The answers to the same questions, later.")],
    store: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Tell by this store which papers came or went."),
    ] = None,
    json: AsJson = False,
) -> None:
    """Say what differs between answers to the same questions; exit 1 where anything does."""
    from ui.commands import taking

    raise typer.Exit(taking.diff(before, after, store=store, as_json=json))


@app.command(epilog="Example: assistant export answers.jsonl --to bibtex > cited.bib")
def export(
    file: Annotated[
        str | None,
        typer.Argument(help="Answers or bundles; - for stdin; without it, all papers."),
    ] = None,
    to: Annotated[
        Format | None,
        typer.Option(
            metavar="FORMAT",
            help=f"{_OF_ANSWERS.capitalize()}; for papers jsonl, bibtex, ris or csl.",
        ),
    ] = None,
    store: Store = None,
) -> None:
    """Print answers, or what they cite, in another format; without a file, all papers."""
    from ui.commands import taking

    if file is None:
        taking.export_papers(to=to or Format.JSONL, store=store)
    else:
        taking.export_answers(file, to=to or Format.MARKDOWN, store=store)
