"""Killed in the middle of changing papers: nothing acknowledged is lost."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from store.corpus import COMMIT, Corpus
from store.embedding import Embedder
from tests.benchmarks.kill_writers import Known, held, killed
from tests.store.levels import check_level

Run = Callable[..., subprocess.CompletedProcess[str]]
#: Papers of one round: three commits. From the second on, Chroma saves its graph in between.
PAPERS = 2 * COMMIT + 100

#: Adds papers and says how many are durable as soon as it has been told.
ADDING = """
import sys
from pathlib import Path
from store.corpus import Corpus
from store.embedding import open_embedder
from store.papers import Paper
folder, cache, first, count = sys.argv[1:]
papers = (
    Paper(id=f"title:{n:06}", title=f"Paper {n}", abstract=f"Zebra number {n} grazes.")
    for n in range(int(first), int(first) + int(count))
)
with Corpus(Path(folder), open_embedder(cache=Path(cache)), write=True) as corpus:
    print("open", flush=True)
    corpus.add(papers, progress=lambda count: print(count, flush=True))
    print("level", flush=True)
"""

READING = """
import sys, time
from pathlib import Path
from store.corpus import Corpus
from store.embedding import open_embedder
with Corpus(Path(sys.argv[1]), open_embedder(cache=Path(sys.argv[2]))) as corpus:
    print(len(corpus.search_dense("zebra 7", k=5)), flush=True)
    time.sleep(60)
"""

#: What a writer is killed in, and how many seconds after it has begun with that.
MOMENTS = [("add", 0.3), ("update", 0.15), ("remove", 0.1), ("repair", 0.1), ("add", 0.5)]


@pytest.mark.slow
def test_killed_while_changing_papers_nothing_acknowledged_is_lost(
    tmp_path: Path, cache: Path, embedder: Embedder
) -> None:
    known = Known()
    for seed, (kind, delay) in enumerate(MOMENTS):
        heard = known.hear(killed(tmp_path, cache=cache, seed=seed, kind=kind, after=delay))
        assert heard[f"killed in {kind}"] == 1, heard
        known.check(held(tmp_path))
        with Corpus(tmp_path, embedder, write=True) as corpus:
            # Each paper is found by the text that it has now.
            for paper_id, version in list(known.versions.items())[:3]:
                number = paper_id.partition(":")[2]
                hits = corpus.search_lexical(f"{int(number)} {version}", k=1)
                assert hits[0].id == paper_id
        check_level(tmp_path)
    assert known.versions


@pytest.mark.slow
def test_the_command_itself_is_killed_and_the_next_one_repairs(
    tmp_path: Path, executable: str, environment: dict[str, str], command: Run
) -> None:
    source, store = tmp_path / "papers.jsonl", tmp_path / "store"
    lines = [
        {"title": f"Paper {n}", "abstract": f"Zebra number {n} grazes."} for n in range(PAPERS)
    ]
    source.write_text("".join(json.dumps(line) + "\n" for line in lines))
    adding = subprocess.Popen(
        [executable, "add", source, "--store", store],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    while len(_paper_ids(store)) < 2 * COMMIT:
        assert adding.poll() is None, "it was done before it could be killed"
        time.sleep(0.01)
    adding.send_signal(signal.SIGKILL)
    adding.wait()
    kept = _paper_ids(store)

    done = command("ask", "zebra 7", "--json", "--store", store)
    assert done.returncode == 0
    for name in ("lexical", "dense"):
        assert f"The {name} index " in done.stderr
    assert json.loads(done.stdout)["coverage"]["papers_searched"] == len(kept) >= 2 * COMMIT
    check_level(store)

    done = command("add", source, "--store", store, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    figures = json.loads(done.stdout)
    assert (figures["added"], figures["unchanged"]) == (PAPERS - len(kept), len(kept))
    check_level(store)


@pytest.mark.slow
def test_a_reader_that_is_killed_costs_nothing(
    tmp_path: Path, cache: Path, environment: dict[str, str], command: Run
) -> None:
    add = [sys.executable, "-c", ADDING, tmp_path, cache, "0", "300"]
    assert subprocess.run(add, env=environment, capture_output=True).returncode == 0
    read = [sys.executable, "-c", READING, tmp_path, cache]
    assert _killed(read, environment, after="5", delay=0) == ["5"]
    done = command("ask", "zebra 7", "--json", "--store", tmp_path)
    assert (done.returncode, done.stderr) == (0, "")


def _killed(
    program: list[object], environment: dict[str, str], *, after: str, delay: float
) -> list[str]:
    """Run a program, kill it `delay` seconds after it printed `after`, and return its lines."""
    process = subprocess.Popen(
        [os.fspath(part) for part in program],  # type: ignore[call-overload]
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    told = []
    for line in process.stdout:
        told.append(line.strip())
        if told[-1] == after:
            time.sleep(delay)
            break
    process.send_signal(signal.SIGKILL)
    rest, _ = process.communicate()
    return told + rest.split()


def _paper_ids(store: Path) -> set[str]:
    """Return the ids that the catalog's file holds, read beside whoever writes it."""
    if not (store / "catalog.sqlite3").exists():
        return set()
    with closing(sqlite3.connect(store / "catalog.sqlite3", timeout=20)) as connection:
        try:
            return {row[0] for row in connection.execute("SELECT id FROM papers")}
        except sqlite3.OperationalError:
            return set()
