"""Killed in the middle of adding, again and again: nothing acknowledged is lost."""

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import chromadb
import pytest

from store.catalog import Catalog
from store.corpus import COMMIT
from store.dense import DenseIndex
from store.indexes import Index, open_index
from store.lexical import LexicalIndex

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

#: What the next command may say.
SAID = (
    r"Preparing the reranker |"
    r"The (lexical|dense) index (was damaged, miss|had missed \d+ comm)|Made the (lexical|dense) "
)
#: After which line of its output a round is killed, and how many seconds later.
MOMENTS = [("open", 0.05), ("256", 0.0), ("256", 0.2), ("100", 0.0), ("100", 0.15)]


@pytest.mark.slow
def test_killed_while_adding_no_acknowledged_paper_is_lost(
    tmp_path: Path, cache: Path, environment: dict[str, str], command: Run
) -> None:
    acknowledged = 0
    for number, (line, delay) in enumerate(MOMENTS):
        first = number * PAPERS
        told = _killed(
            [sys.executable, "-c", ADDING, tmp_path, cache, str(first), str(PAPERS)],
            environment,
            after=line,
            delay=delay,
        )
        durable = sum(int(count) for count in told if count.isdigit())
        acknowledged += durable
        kept = _paper_ids(tmp_path)
        assert {f"title:{at:06}" for at in range(first, first + durable)} <= kept
        # Of each round, one batch may have been committed that nobody was told of.
        assert acknowledged <= len(kept) <= acknowledged + COMMIT * (number + 1)
        if durable:
            done = command("ask", "zebra 7", "--json", "--store", tmp_path)
            assert done.returncode == 0, done.stderr
            assert json.loads(done.stdout)["coverage"]["papers_searched"] == len(kept)
            said = done.stderr.splitlines()
            assert bool(said) is ("level" not in told), said
            assert all(re.match(SAID, message) for message in said), said
            check_level(tmp_path)
    assert acknowledged >= 2 * PAPERS


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


def check_level(store: Path) -> None:
    """Check that both indexes hold exactly what the catalog does, as they lie on the disk."""
    catalog = Catalog(f"sqlite:///{store / 'catalog.sqlite3'}")
    papers, chunks = set(catalog.paper_ids()), {chunk_id for chunk_id, _ in catalog.chunks()}
    kinds: list[tuple[type[Index], str]] = [(LexicalIndex, "lexical"), (DenseIndex, "chroma")]
    for kind, name in kinds:
        seal = (store / f"{name}.seal").read_bytes()
        open_index(kind, store / name, catalog).close()
        assert (store / f"{name}.seal").read_bytes() == seal, f"the {name} index was not whole"
    catalog.close()
    hits = LexicalIndex(store / "lexical").search("zebra", k=len(papers) + 10)
    assert {hit.id for hit in hits} == papers
    (database,) = (store / "chroma").glob("*/chroma.sqlite3")
    settings = chromadb.Settings(anonymized_telemetry=False)
    client = chromadb.PersistentClient(str(database.parent), settings=settings)
    collection = client.get_collection("chunks", embedding_function=None)
    assert set(collection.get(include=[])["ids"]) == chunks
    client.close()
