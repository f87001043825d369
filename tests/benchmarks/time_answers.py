"""Time answers to the development questions, without and with the reranker, on any store.

    python -m tests.benchmarks.time_answers ../shared --store DIR [--rounds 3]

Prints the median and the 95th percentile of the milliseconds of an answer, once everything is warm.
"""

import argparse
import json
import time
from pathlib import Path

import numpy as np

from assistant.assistant import Assistant
from assistant.reranker import open_reranker
from ui.opening import open_corpus
from ui.settings import settings_for


def questions(shared: Path) -> list[str]:
    """Return the development questions in their standalone form."""
    lines = (shared / "eval" / "questions_dev.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line)["resolved"] for line in lines]


def milliseconds(assistant: Assistant, asked: list[str]) -> list[float]:
    """Return how long each answer took."""
    taken = []
    for question in asked:
        started = time.perf_counter()
        assistant.ask(question)
        taken.append((time.perf_counter() - started) * 1000)
    return taken


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("shared", type=Path)
    parser.add_argument("--store", type=Path, required=True)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    settings = settings_for(store=options.store)
    asked = questions(options.shared)
    with open_corpus(settings) as corpus:
        print(f"{len(corpus):,} papers, {corpus.stats().chunks:,} chunks")
        for name, reranker in (("without", None), ("with", open_reranker(settings.cache))):
            assistant = Assistant(corpus, reranker)
            milliseconds(assistant, asked)
            taken = [t for _ in range(options.rounds) for t in milliseconds(assistant, asked)]
            median, most = np.percentile(taken, [50, 95])
            print(f"{name} the reranker: median {median:.1f} ms, 95th percentile {most:.1f} ms")


if __name__ == "__main__":
    main()
