"""What reading a source yields: a Paper, or a Skipped that says where and why not."""

from dataclasses import dataclass, field
from pathlib import Path

from store.papers import Paper


class Origin:
    """Where records come from: `where` stands in reports, `name` becomes the papers' source."""

    def __init__(self, where: Path | str, name: str) -> None:
        self.where = where
        self.name = name


@dataclass(frozen=True, slots=True)
class Skipped:
    """A record that could not be used; `number` counts lines, or what `unit` says, from 1.

    Without a number it is the whole of `path`, such as one member of an archive. `ids` are those
    that the record gives of a paper all the same.
    """

    path: Path | str
    number: int | None
    reason: str
    unit: str = "line"
    ids: tuple[str, ...] = field(default=(), compare=False)

    def __str__(self) -> str:
        if self.number is None:
            return f"{self.path}: {self.reason}"
        if self.unit == "line":
            return f"{self.path}:{self.number}: {self.reason}"
        return f"{self.path}: {self.unit} {self.number}: {self.reason}"


Record = Paper | Skipped


def shortened(text: str, width: int = 60) -> str:
    """Return text as a report quotes it: on one line, cut off at `width` characters."""
    line = " ".join(text[: 10 * width].split())
    return line if len(line) <= width else line[: width - 1] + "…"
