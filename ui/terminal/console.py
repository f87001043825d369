"""Console: where commands print to, what is kept off a terminal, and how far a command is."""

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text

#: Answers and figures go to standard output, everything about the run to standard error.
out = Console(highlight=False)
err = Console(stderr=True, highlight=False)

#: A stretch of text and the style that a terminal shows it in.
Part = tuple[str, str]

#: What could move a terminal's cursor, change its state or turn the order of what it shows, but
#: for tab and line feed.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


class _Messages(logging.Handler):
    """Prints log messages through the console, so that they stand above a running count."""

    def emit(self, record: logging.LogRecord) -> None:
        err.print(Text(self.format(record)), soft_wrap=True)


def show_messages() -> None:
    """Print the store's messages, such as an index that was repaired, to standard error."""
    handler = _Messages(logging.INFO)
    for name in ("store", "assistant", "ui"):
        logger = logging.getLogger(name)
        logger.handlers = [handler]
        logger.setLevel(logging.INFO)
        logger.propagate = False


def line(text: str, *, style: str = "") -> None:
    """Print one line to standard error; a report may quote from anywhere, a file's name too."""
    err.print(Text(_CONTROL.sub("\ufffd", text.replace("\n", " ")), style=style), soft_wrap=True)


def paragraph(*parts: Part, indent: int = 0) -> None:
    """Print a paragraph: styled, indented and wrapped on a terminal, bare and whole elsewhere.

    What goes into a pipe or a file is copied exactly. A terminal is spared control characters,
    which may come with an abstract from anywhere.
    """
    if not out.is_terminal:
        out.file.write("".join(text for text, _ in parts) + "\n")
        return
    whole = Text.assemble(*((_CONTROL.sub("\ufffd", text), style) for text, style in parts))
    for line in whole.wrap(out, max(out.width - 2 * indent, 20)):
        line.rstrip()
        line.pad_left(indent if line else 0)
        out.print(line)


@contextmanager
def measuring(what: str) -> Iterator[Progress]:
    """Show on a terminal how much of `what` is done, and how long the rest will take."""
    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as progress:
        yield progress


@contextmanager
def counting(what: str) -> Iterator[Progress]:
    """Show on a terminal how many of `what` are done, and for how long it has run."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.completed:,.0f} " + what),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as progress:
        yield progress
