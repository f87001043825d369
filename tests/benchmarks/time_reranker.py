"""Time the reranker on sentences of the sample corpus.

    python -m tests.benchmarks.time_reranker

Prints the median and the fastest of the milliseconds that 8 and 16 candidates take.
"""

import tempfile
import time
from itertools import islice
from pathlib import Path
from statistics import median

from assistant.reranking.reranker import Reranker, open_reranker
from store.papers import Paper
from store.readers import read_papers
from store.sample import SAMPLE
from store.sentences import sentence_spans

QUESTION = "How much less memory does the proposed method need than the strongest baseline?"
#: Different sets of candidates timed, after as many that warm up.
SETS = 40


def candidates() -> list[tuple[str, str]]:
    """Return every title and sentence of the sample."""
    papers = [record for record in read_papers(SAMPLE) if isinstance(record, Paper)]
    return [
        (paper.title, paper.abstract[start:end])
        for paper in papers
        for start, end in sentence_spans(paper.abstract)
    ]


def milliseconds(reranker: Reranker, pairs: list[tuple[str, str]], k: int) -> list[float]:
    """Return how long each set of `k` candidates took."""
    taken = []
    for first in islice(range(0, len(pairs) - k, k), SETS):
        started = time.perf_counter()
        reranker.score(QUESTION, pairs[first : first + k])
        taken.append((time.perf_counter() - started) * 1000)
    return taken


def main() -> None:
    """Print the figures."""
    pairs = candidates()
    with tempfile.TemporaryDirectory() as folder:
        reranker = open_reranker(Path(folder))
        for k in (8, 16):
            milliseconds(reranker, pairs, k)
            taken = milliseconds(reranker, pairs, k)
            print(f"{k} candidates: median {median(taken):.1f} ms, fastest {min(taken):.1f} ms")


if __name__ == "__main__":
    main()
