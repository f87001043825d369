"""Time answers to the development questions, without and with the reranker, on any store.

    python -m tests.benchmarks.time_answers ../shared --store DIR [--rounds 3] [--filters]

Prints the median and the 95th percentile of the milliseconds of an answer, once everything is warm;
with --filters also where only the papers since some day are asked, for several shares of them.
"""

import argparse
import json
import time
from pathlib import Path

import numpy as np

from assistant.assistant import Assistant
from assistant.query import Filters
from assistant.reranking.reranker import open_reranker
from store.corpus import Corpus
from ui.opening import open_corpus
from ui.settings import settings_for

#: Shares of the dated papers that the filters leave.
SHARES = (0.01, 0.1, 0.5)


def questions(shared: Path) -> list[str]:
    """Return the development questions in their standalone form."""
    lines = (shared / "eval" / "questions_dev.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line)["resolved"] for line in lines]


def latest(corpus: Corpus, share: float) -> Filters:
    """Return the filter of the days from which on this share of the dated papers is."""
    days = sorted(paper.published for paper in corpus.papers() if paper.published)
    return Filters(since=days[-max(1, round(share * len(days)))][:10])


def milliseconds(
    assistant: Assistant, asked: list[str], filters: Filters | None = None
) -> list[float]:
    """Return how long each answer took."""
    taken = []
    for question in asked:
        started = time.perf_counter()
        assistant.ask(question, filters=filters)
        taken.append((time.perf_counter() - started) * 1000)
    return taken


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("shared", type=Path)
    parser.add_argument("--store", type=Path, required=True)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--filters", action="store_true")
    options = parser.parse_args()
    settings = settings_for(store=options.store)
    asked = questions(options.shared)
    with open_corpus(settings) as corpus:
        print(f"{len(corpus):,} papers, {corpus.stats().chunks:,} chunks")
        corpus.load()
        limits: list[Filters | None] = [None]
        if options.filters:
            limits += [latest(corpus, share) for share in SHARES]
        for name, reranker in (("without", None), ("with", open_reranker(settings.cache))):
            assistant = Assistant(corpus, reranker)
            for filters in limits:
                milliseconds(assistant, asked, filters)
                rounds = (milliseconds(assistant, asked, filters) for _ in range(options.rounds))
                median, most = np.percentile([taken for some in rounds for taken in some], [50, 95])
                left = filters.matching(corpus) if filters else None
                among = "all" if left is None else f"{len(left):,}"
                print(
                    f"{name} the reranker, of {among} papers: "
                    f"median {median:.1f} ms, 95th percentile {most:.1f} ms",
                    flush=True,
                )


if __name__ == "__main__":
    main()
