"""The `assistant` command: how each command is called; `ui.commands` does what it says.

Only light modules are imported here, so that --help is instant; each command imports its own.
"""

import os
import sys
from io import TextIOWrapper
from typing import Annotated, Any, NoReturn, cast

import typer
from typer.core import TyperGroup

from assistant import __version__
from store.errors import AssistantError
from ui.cli import asking, backups, feedback, keeping, keys, measuring, reading, serving, watching

#: The order in which the help shows the commands: that in which people come to need them.
COMMANDS = (
    "demo", "add", "fetch", "ask", "serve", "mcp", "verify", "diff", "export", "eval", "feedback",
    "stats", "show", "map", "remove", "repair", "compact", "backup", "restore", "keys", "watch",
    "digest",
)  # fmt: skip


class _InOrder(TyperGroup):
    """The commands in the order of COMMANDS."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the names of the commands."""
        return sorted(super().list_commands(ctx), key=COMMANDS.index)


app = typer.Typer(
    name="assistant",
    cls=_InOrder,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Ask questions of paper abstracts; every answer is verbatim, cited and re-checkable.",
)
for part in (serving, reading, asking, keeping, backups):
    app.add_typer(part.app)
app.add_typer(measuring.app, name="eval")
app.add_typer(feedback.app, name="feedback")
app.add_typer(keys.app, name="keys")
app.add_typer(watching.watch, name="watch")
app.add_typer(watching.digest, name="digest")

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
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        where = f"{str(error.filename)!r} cannot be used: " if error.filename else ""
        _fail(f"{where}{reason}; check the folder, its permissions and the space left on the disk")


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
