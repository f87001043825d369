"""The commands that take answers and papers away, and compare answers that were taken before."""

import sys
from contextlib import closing
from pathlib import Path

from assistant.exports.formats import Format
from assistant.exports.writing import write_answers, write_papers
from assistant.verification.difference import Stock, compare
from store.papers import sha256
from ui import terminal
from ui.commands.answers import require_answers, stored_papers
from ui.opening import open_catalog, store_exists
from ui.settings import settings_for
from ui.terminal.differences import print_comparison


def export_papers(*, to: Format, store: Path | None) -> None:
    """Print all papers of the store in the format `to`, a few at a time."""
    with closing(open_catalog(settings_for(store=store))) as catalog:
        for part in write_papers(catalog.every_paper(), to=to):
            sys.stdout.write(part)


def export_answers(file: str, *, to: Format, store: Path | None) -> None:
    """Print the answers of `file`, or what they cite, in the format `to`.

    The papers are those of the `store` that is named, else a bundle's own, else those of the
    settings' store; a bibliography takes from the citations what is nowhere.
    """
    given = require_answers(file)
    papers = {} if store else {key: p for item in given for key, p in (item.papers or {}).items()}
    bare = [item.answer for item in given if store or item.papers is None]
    if store or to is Format.BUNDLE or store_exists(settings_for()):
        papers = {**stored_papers(bare, store), **papers}
    sys.stdout.write(write_answers([item.answer for item in given], papers, to=to))


def diff(before: str, after: str, *, store: Path | None, as_json: bool) -> int:
    """Print what differs between the answers of two files, and return the exit code."""
    earlier, later = ([item.answer for item in require_answers(file)] for file in (before, after))
    stock = None
    if store:
        papers = stored_papers([*earlier, *later], store)
        with closing(open_catalog(settings_for(store=store))) as catalog:
            snapshot = catalog.snapshot()
        stock = Stock(snapshot, {key: sha256(paper.abstract) for key, paper in papers.items()})
    comparison = compare(earlier, later, stock=stock)
    if as_json:
        terminal.out.print_json(comparison.model_dump_json())
    else:
        print_comparison(comparison)
    return 0 if comparison.same else 1
