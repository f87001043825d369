"""The commands that measure: retrieval on a BEIR folder, answers on questions with gold."""

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.table import Table

from assistant.evaluation import answers as answering
from assistant.evaluation import retrieval as retrieving
from assistant.evaluation.questions import read_questions
from store.corpus import Corpus
from ui import terminal
from ui.opening import open_assistant, open_corpus
from ui.settings import Settings, settings_for


def retrieval(folder: Path, *, split: str, store: Path | None, as_json: bool) -> None:
    """Print the measures of each way of searching a BEIR folder."""
    terminal.show_messages()
    collection = retrieving.read_collection(folder, split=split)
    with (
        _collection_store(store) as settings,
        open_corpus(settings, write=True, create=True) as corpus,
    ):
        _fill(corpus, collection)
        with terminal.counting("queries") as bar:
            task = bar.add_task("searching", total=len(collection.queries))
            results = retrieving.measure(
                corpus, collection, progress=lambda count: bar.advance(task, count)
            )
    if as_json:
        terminal.out.print_json(json.dumps(results))
        return
    table = Table(box=None, pad_edge=False)
    table.add_column(f"{len(collection.queries):,} queries")
    for name in results["hybrid"]:
        table.add_column(name, justify="right")
    for mode, values in results.items():
        table.add_row(mode, *(f"{value:.4f}" for value in values.values()))
    terminal.out.print(table)


def answers(file: Path, *, store: Path | None, resolved: bool, as_json: bool) -> None:
    """Print the measures of the answers to the questions of a file."""
    terminal.show_messages()
    questions = read_questions(file)
    settings = settings_for(store=store)
    with open_corpus(settings) as corpus, terminal.counting("questions") as bar:
        task = bar.add_task("asking", total=len(questions))
        figures = answering.evaluate(
            open_assistant(corpus, settings),
            questions,
            path=file,
            resolved=resolved,
            progress=lambda count: bar.advance(task, count),
        )
    if as_json:
        terminal.out.print_json(figures.model_dump_json())
    else:
        _print_figures(figures)


def _print_figures(figures: answering.AnswerFigures) -> None:
    table = Table(box=None, pad_edge=False)
    table.add_column("kind")
    for name in answering.KindFigures.model_fields:
        table.add_column(name.replace("_", " "), justify="right")
    for row in answering.as_rows(figures.kinds):
        table.add_row(*row)
    terminal.out.print(table)
    terminal.out.print()
    for sort, share in figures.abstained.items():
        terminal.out.print(f"abstained, {sort}: {share:.2f}")
    if figures.auroc is not None:
        terminal.out.print(f"AUROC, answerable or not: {figures.auroc:.3f}")
    terminal.out.print(f"expected calibration error: {figures.calibration_error:.3f}")
    terminal.out.print(
        f"latency: p50 {figures.latency_p50:.0f} ms, p95 {figures.latency_p95:.0f} ms"
    )


@contextmanager
def _collection_store(store: Path | None) -> Iterator[Settings]:
    """Yield settings whose store is `store`, or a folder that is gone afterwards."""
    if store:
        yield settings_for(store=store)
        return
    with tempfile.TemporaryDirectory() as folder:
        yield settings_for(store=Path(folder) / "store")


def _fill(corpus: Corpus, collection: retrieving.Collection) -> None:
    with terminal.counting("documents") as bar:
        task = bar.add_task("adding", total=None)
        report = corpus.add(collection.records(), progress=lambda count: bar.advance(task, count))
    for skipped in report.skipped:
        terminal.err.print(f"skipped {skipped}")
