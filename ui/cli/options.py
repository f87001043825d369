"""Options that several commands take."""

from pathlib import Path
from typing import Annotated, Any

import typer

Store = Annotated[
    Path | None,
    typer.Option("--store", metavar="DIR", help="The store's folder. [env: ASSISTANT_STORE]"),
]
Strict = Annotated[bool, typer.Option(help="Exit 1 where a record was skipped.")]
Since = Annotated[
    str | None,
    typer.Option(metavar="DATE", help="Only papers of this year, month or day, or later."),
]
Until = Annotated[
    str | None, typer.Option(metavar="DATE", help="Only papers of this date, or earlier.")
]
Several = Annotated[
    list[str] | None,
    typer.Option(metavar="NAME", help="Only papers with this one; can be repeated."),
]
SeveralPapers = Annotated[
    list[str] | None, typer.Option(metavar="ID", help="Only this paper; can be repeated.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def filters_given(
    *,
    since: str | None,
    until: str | None,
    venue: list[str] | None,
    category: list[str] | None,
    source: list[str] | None,
    author: list[str] | None,
    paper: list[str] | None,
) -> dict[str, Any]:
    """Return the options that narrow a search as fields of Filters; one left out is None."""
    return {
        "since": since,
        "until": until,
        "venues": venue or None,
        "categories": category or None,
        "sources": source or None,
        "authors": author or None,
        "paper_ids": paper or None,
    }
