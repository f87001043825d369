"""The `assistant` command."""

import os
import sys
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated, NoReturn, cast

import typer

# Only light modules are imported here, so that --help is instant; each command imports its own.
from assistant import __version__
from assistant.exports.formats import Format
from store.errors import AssistantError

app = typer.Typer(
    name="assistant",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Ask questions of paper abstracts; every answer is verbatim, cited and re-checkable.",
)

evaluating = typer.Typer(no_args_is_help=True, help="Measure retrieval and answers.")
app.add_typer(evaluating, name="eval")
keeping_keys = typer.Typer(no_args_is_help=True, help="Make and revoke keys for programs.")
app.add_typer(keeping_keys, name="keys")

Store = Annotated[
    Path | None,
    typer.Option("--store", metavar="DIR", help="The store's folder. [env: ASSISTANT_STORE]"),
]
#: What answers are printed as, for people to choose from.
_OF_ANSWERS = "markdown, bundle, bibtex, ris or csl"
Several = Annotated[
    list[str] | None,
    typer.Option(metavar="NAME", help="Only papers with this one; can be repeated."),
]
Strict = Annotated[bool, typer.Option(help="Exit 1 where a record was skipped.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


#: What typer raises for wrong use, whichever copy of click it brings.
_WrongUse = cast("type[typer.BadParameter]", typer.BadParameter.__base__)


def main() -> None:
    """Run the command; a mistake of the user's ends in one line and exit code 2."""
    _use_utf8()
    try:
        code = app(standalone_mode=False)
        sys.stdout.flush()
        sys.exit(code)
    except AssistantError as error:
        _fail(str(error))
    except _WrongUse as error:
        command = error.ctx.command_path if error.ctx else "assistant"
        # Without a command the help has been shown, and there is no message.
        if reason := error.format_message().strip().rstrip("."):
            _fail(f"{reason}; see: {command} --help")
        sys.exit(2)
    except BrokenPipeError:
        # The reader of a pipe, such as head, has seen enough.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)


def _fail(message: str) -> NoReturn:
    sys.stderr.write(f"error: {' '.join(message.splitlines())}\n")
    sys.exit(2)


def _use_utf8() -> None:
    """Read and write UTF-8 whatever the locale says: a quote is copied exactly or not at all."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"abstract-assistant {__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Read the options that stand before a command."""


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
    BibTeX, RIS, CSL-JSON, Zotero's JSON
    JSON and JSON lines, those of OpenAlex and Semantic Scholar too
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
        typer.Option("--id", metavar="ID", help="A paper of the source; can be repeated."),
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


@app.command(epilog='Example: assistant ask "What is BM25?"')
def ask(
    question: Annotated[str | None, typer.Argument(help="The question, in quotes.")] = None,
    store: Store = None,
    batch: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help='JSON lines of {"id", "question", "history", "filters"}, or -.'
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
    since: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="Only papers of this year, month or day, or later."),
    ] = None,
    until: Annotated[
        str | None, typer.Option(metavar="DATE", help="Only papers of this date, or earlier.")
    ] = None,
    venue: Several = None,
    category: Several = None,
    source: Several = None,
    author: Several = None,
    paper: Annotated[
        list[str] | None, typer.Option(metavar="ID", help="Only this paper; can be repeated.")
    ] = None,
) -> None:
    """Answer one question, or a batch of them, one JSON answer a line."""
    from ui.commands import asking

    if (question is None) == (batch is None):
        raise typer.BadParameter("give one QUESTION, or --batch FILE")
    filters = {
        "since": since,
        "until": until,
        "venues": venue or None,
        "categories": category or None,
        "sources": source or None,
        "authors": author or None,
        "paper_ids": paper or None,
    }
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


@app.command("map", epilog="Example: assistant map --store papers")
def draw_map(store: Store = None, json: AsJson = False) -> None:
    """Draw the map of the papers that the web page shows; repeat it when many have been added."""
    from ui.commands import keeping

    keeping.draw_map(store=store, as_json=json)


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
    json: AsJson = False,
) -> None:
    """Make the indexes anew from the catalog; only with another model is anything embedded again.

    Until all is embedded the store answers with its present model; if interrupted, the same command
    goes on where it stopped.
    """
    from ui.commands import keeping

    keeping.repair(store=store, model=model, as_json=json)


@evaluating.command("retrieval", epilog="Example: assistant eval retrieval beir/scifact --json")
def eval_retrieval(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A BEIR folder.")],
    split: Annotated[str, typer.Option(help="Which judgements to use.")] = "test",
    store: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Keep the collection's store here.")
    ] = None,
    json: AsJson = False,
) -> None:
    """Measure lexical, dense and hybrid retrieval: nDCG@10, R@10, R@100, RR@10."""
    from ui.commands import measuring

    measuring.retrieval(folder, split=split, store=store, as_json=json)


@evaluating.command("answers", epilog="Example: assistant eval answers questions.jsonl")
def eval_answers(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Questions with gold sentences.")],
    store: Store = None,
    resolved: Annotated[
        bool, typer.Option(help="Ask follow-ups in their full form, without their history.")
    ] = False,
    json: AsJson = False,
) -> None:
    """Measure answers on your own questions: p1, hit3, citations, abstention, calibration."""
    from ui.commands import measuring

    measuring.answers(file, store=store, resolved=resolved, as_json=json)


@keeping_keys.command("add", epilog="Example: assistant keys add laptop --write")
def keys_add(
    name: Annotated[str, typer.Argument(help="Whose key it is.")],
    write: Annotated[bool, typer.Option(help="It may add and remove papers, too.")] = False,
    store: Store = None,
    json: AsJson = False,
) -> None:
    """Make a key and print it, once; from then on programs need one."""
    from ui.commands import keys

    keys.add(name, write=write, store=store, as_json=json)


@keeping_keys.command("list", epilog="Example: assistant keys list")
def keys_list(store: Store = None, json: AsJson = False) -> None:
    """Print who has a key, how it begins and what it is for."""
    from ui.commands import keys

    keys.show(store=store, as_json=json)


@keeping_keys.command("revoke", epilog="Example: assistant keys revoke laptop")
def keys_revoke(
    name: Annotated[str, typer.Argument(help="The key's name, or how it begins.")],
    store: Store = None,
    json: AsJson = False,
) -> None:
    """Take a key back; a running server refuses it at once."""
    from ui.commands import keys

    keys.revoke(name, store=store, as_json=json)


if __name__ == "__main__":
    main()
