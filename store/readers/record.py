"""What reading a source yields: a Paper, or a Skipped that says where and why not."""

from dataclasses import dataclass
from pathlib import Path

from store.papers import Paper


@dataclass(frozen=True, slots=True)
class Skipped:
    """A record that could not be used; `line` counts from 1."""

    path: Path | str
    line: int
    reason: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.reason}"


Record = Paper | Skipped
