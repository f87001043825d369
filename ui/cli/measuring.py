"""The commands that measure retrieval and answers."""

from pathlib import Path
from typing import Annotated

import typer

from ui.cli.options import AsJson, Store

app = typer.Typer(no_args_is_help=True, help="Measure retrieval and answers.")


@app.command("retrieval", epilog="Example: assistant eval retrieval beir/scifact --json")
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


@app.command("answers", epilog="Example: assistant eval answers questions.jsonl")
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
