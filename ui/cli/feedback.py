"""The commands that read what people think of answers."""

import typer

from ui.cli.options import AsJson, Store

app = typer.Typer(no_args_is_help=True, help="Read what people think of answers.")


@app.command("list", epilog="Example: assistant feedback list")
def feedback_list(store: Store = None, json: AsJson = False) -> None:
    """Print every judged answer, with the verdicts and comments."""
    from ui.commands import feedback

    feedback.show(store=store, as_json=json)


@app.command("export", epilog="Example: assistant feedback export > questions.jsonl")
def feedback_export(store: Store = None) -> None:
    """Print what was judged as questions with gold, for: assistant eval answers."""
    from ui.commands import feedback

    feedback.export(store=store)
