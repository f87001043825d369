"""What a collection costs: bytes on the disk, seconds and memory, at several sizes.

    python -m tests.benchmarks.scale FILE... [--sizes 1000 10000] [--update 1000]

FILE is whatever `assistant add` reads. Each size is measured in a process of its own: its papers
are added to a new store, questions are asked, and then as many more papers as `--update` says are
added and as many get another text, each beside the time that embedding them takes. First of all
the speed of embedding is held against that of the compiled model alone, of texts ready as tokens,
and against that of sentence-transformers as it comes.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, islice
from pathlib import Path

import numpy as np

from assistant.assistant import Assistant
from assistant.reranking.reranker import open_reranker
from store.chunks import chunk, embedded_text
from store.corpus import Corpus
from store.embedding import Embedder, open_embedder
from store.embedding.graph import Graph, _batches
from store.papers import Paper
from store.readers import read_papers
from ui.settings import settings_for

#: Papers whose windows the speed of embedding is measured with.
EMBEDDED = 1000
#: Questions asked at each size: titles, as what people type is like them.
QUESTIONS = 60


def papers_of(files: Sequence[Path]) -> Iterator[Paper]:
    """Yield the papers of these files."""
    return (one for one in chain(*map(read_papers, files)) if isinstance(one, Paper))


def texts_of(papers: Sequence[Paper]) -> list[str]:
    """Return what is embedded of these papers."""
    return [embedded_text(paper.title, part.text) for paper in papers for part in chunk(paper)]


def speeds(embedder: Embedder, papers: Sequence[Paper]) -> dict[str, float]:
    """Return the windows a second of the compiled model alone, of ours and of the plain model."""
    from sentence_transformers import SentenceTransformer

    from store.embedding.model import find_model

    graph = embedder._backend
    assert isinstance(graph, Graph), "the model could not be compiled here"
    texts = texts_of(papers)
    encodings = graph._tokenizer.encode_batch(texts)
    lengths = [len(one.ids) for one in encodings]
    feeds = [
        graph._feed([encodings[row] for row in rows], width)
        for width, rows in _batches(lengths, step=graph._manifest.padding_step)
    ]
    plain = SentenceTransformer(str(find_model().folder), device="cpu")
    embedder.embed_documents(texts[:64])
    plain.encode(texts[:64])
    ways: dict[str, Callable[[], object]] = {
        "compiled model alone": lambda: [graph._run(feed) for feed in feeds],
        "embedder": lambda: embedder.embed_documents(texts),
        "sentence-transformers": lambda: plain.encode(texts),
    }
    found = {}
    for name, embed in ways.items():
        started, worked = time.perf_counter(), time.process_time()
        embed()
        found[name] = len(texts) / (time.perf_counter() - started)
        found[f"{name}, a processor second"] = len(texts) / (time.process_time() - worked)
    return found


def measure(files: Sequence[Path], size: int, update: int, folder: Path) -> dict[str, float]:
    """Return the figures of a store of so many papers."""
    settings = settings_for()
    embedder = open_embedder(cache=settings.cache)
    with Corpus(folder, embedder, write=True) as corpus:
        started, worked = time.perf_counter(), time.process_time()
        corpus.add(islice(papers_of(files), size))
        adding, work = time.perf_counter() - started, time.process_time() - worked
        peak = peak_mb()
        bytes_ = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
        figures = {
            "papers": len(corpus),
            "windows": corpus.stats().chunks,
            "s": adding,
            "papers a second": len(corpus) / adding,
            "processor s": work,
            "peak MB while adding": peak,
            "bytes a paper": bytes_ / len(corpus),
        }
        figures |= answering(corpus, settings.cache)
        if update:
            more = list(islice(papers_of(files), size, size + update))
            old = list(islice(papers_of(files), update))
            new = [
                paper.model_copy(update={"abstract": f"{paper.abstract} It is so."})
                for paper in old
            ]
            for what, changed in (("new", more), ("changed", new)):
                texts = texts_of(changed)
                started = time.perf_counter()
                embedder.embed_documents(texts)
                own = time.perf_counter() - started
                started = time.perf_counter()
                corpus.add(changed)
                figures[f"s for {len(changed)} {what}"] = time.perf_counter() - started
                figures[f"of these embedding, {what}"] = own
    return figures


def answering(corpus: Corpus, cache: Path) -> dict[str, float]:
    """Return how long answers take, in milliseconds, and the memory then needed."""
    corpus.load()
    assistant = Assistant(corpus, open_reranker(cache))
    titles = [
        paper.title for paper in islice(corpus.papers(), 0, None, max(1, len(corpus) // QUESTIONS))
    ]
    taken = []
    for number, title in enumerate([*titles[:5], *titles]):
        started = time.perf_counter()
        assistant.ask(f"What is known of {title}?")
        if number >= 5:
            taken.append(1000 * (time.perf_counter() - started))
    p50, p95 = np.percentile(taken, [50, 95])
    return {"answer p50 ms": p50, "answer p95 ms": p95, "peak MB answering": peak_mb()}


def peak_mb() -> float:
    """Return the most memory that this process has had, in megabytes, as Linux says."""
    # What `resource` says begins with what the parent had.
    status = Path("/proc/self/status").read_text("utf-8")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1000


def cold(store: Path) -> float:
    """Return the seconds of the first answer of a new process, its start included."""
    started = time.perf_counter()
    command = [sys.executable, "-m", "ui.cli", "ask", "What do transformers learn?"]
    subprocess.run([*command, "--store", str(store)], check=True, capture_output=True)
    return time.perf_counter() - started


def shown(figures: dict[str, float]) -> str:
    return ", ".join(f"{what} {value:,.4g}" for what, value in figures.items())


def main() -> None:
    """Measure each size in a process of its own; or one, in this one."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--sizes", type=int, nargs="+", default=[1000, 10_000])
    parser.add_argument("--update", type=int, default=1000)
    parser.add_argument("--here", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.here:
        [size] = options.sizes
        print(json.dumps(measure(options.files, size, options.update, options.here)))
        return
    some = list(islice(papers_of(options.files), EMBEDDED))
    print(
        "windows a second:",
        shown(speeds(open_embedder(cache=settings_for().cache), some)),
        flush=True,
    )
    for size in options.sizes:
        with tempfile.TemporaryDirectory() as place:
            store = Path(place) / "store"
            command = [sys.executable, "-m", "tests.benchmarks.scale", *map(str, options.files)]
            one = ["--sizes", str(size), "--update", str(options.update), "--here", str(store)]
            done = subprocess.run([*command, *one], check=True, stdout=subprocess.PIPE, text=True)
            figures = json.loads(done.stdout.splitlines()[-1])
            print(shown({**figures, "first answer of a process s": cold(store)}), flush=True)


if __name__ == "__main__":
    main()
