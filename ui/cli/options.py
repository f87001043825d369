"""Options that several commands take."""

from pathlib import Path
from typing import Annotated

import typer

Store = Annotated[
    Path | None,
    typer.Option("--store", metavar="DIR", help="The store's folder. [env: ASSISTANT_STORE]"),
]
Strict = Annotated[bool, typer.Option(help="Exit 1 where a record was skipped.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
