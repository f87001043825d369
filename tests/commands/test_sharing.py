"""Two processes and one store: one writes, named to the other; both answer alike."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from store.sample import SAMPLE

Run = Callable[..., subprocess.CompletedProcess[str]]

#: Holds a store for writing until its input ends; at a line, adds a paper.
HOLD = """
import sys
from pathlib import Path
from store.corpus import Corpus
from store.embedding import open_embedder
from store.papers import Paper
with Corpus(Path(sys.argv[2]), open_embedder(cache=Path(sys.argv[3])), write=True) as corpus:
    print("open", flush=True)
    for line in sys.stdin:
        corpus.add([Paper(id="title:new", title="ZebraNet", abstract=line.strip())])
        print("added", flush=True)
"""


@pytest.fixture
def writer(own: Path, cache: Path, environment: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """A process that holds the store."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, "hold", own, cache],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "open\n"
    yield process
    process.communicate()


def test_a_second_writer_is_told_who_writes(
    command: Run, own: Path, writer: subprocess.Popen[str]
) -> None:
    for arguments in (["add", SAMPLE], ["repair"]):
        done = command(*arguments, "--store", own)
        assert done.stderr == (
            f"error: the store '{own}' is being written by process {writer.pid} (-c hold); "
            "wait for it or stop it, then try again\n"
        )
        assert (done.returncode, done.stdout) == (2, "")


def test_a_reader_beside_a_writer_answers_alike_and_sees_what_it_commits(
    command: Run, own: Path, writer: subprocess.Popen[str], answer: str
) -> None:
    done = command("ask", "What is HyenaDNA?", "--json", "--store", own)
    assert (done.stdout, done.stderr) == (answer, "")
    assert writer.stdin is not None
    assert writer.stdout is not None
    writer.stdin.write("ZebraNet is a network of zebras that graze on the savanna.\n")
    writer.stdin.flush()
    assert writer.stdout.readline() == "added\n"
    done = command("ask", "What is ZebraNet?", "--store", own)
    assert "“ZebraNet is a network of zebras that graze on the savanna.” [1]" in done.stdout
    assert (done.returncode, done.stderr) == (0, "")
