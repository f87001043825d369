"""Kill a writer at random moments of adding, updating, removing and repairing, again and again.

    python -m tests.benchmarks.kill_writers [--rounds 100] [--seed 1] [--folder DIR]

Each round a process changes a store until SIGKILL ends it. Then the store is opened, and what it
holds is compared: the catalog with what was acknowledged, both indexes with the catalog. Ends with
exit code 1 at the first difference.
"""

import argparse
import json
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import closing
from pathlib import Path

from store.corpus import Corpus
from store.embedding import Embedder, open_embedder
from store.opening import open_catalog
from tests.store.levels import check_level
from ui.settings import settings_for

#: Changes without end; says what it begins, and what is done.
WRITING = """
import json, random, sys
from pathlib import Path
from store.corpus import Corpus
from store.embedding import open_embedder
from store.papers import Paper

folder, cache, seed, only = sys.argv[1:]
chance = random.Random(int(seed))

def paper(number, version):
    text = f"Zebra number {number} grazes. It ran {version} times."
    return Paper(id=f"title:{number:08}", title=f"Paper {number}", abstract=text)

def say(**what):
    print(json.dumps(what), flush=True)

with Corpus(Path(folder), open_embedder(cache=Path(cache)), write=True) as corpus:
    known = sorted(corpus.select())
    say(open=True)
    while True:
        kind = only or chance.choices(["add", "update", "remove", "repair"], [5, 2, 2, 1])[0]
        if kind == "add":
            first = int(known[-1].partition(":")[2]) + 1 if known else 0
            ids = [f"title:{first + n:08}" for n in range(chance.choice([1, 40, 300]))]
        else:
            ids = chance.sample(known, min(len(known), chance.choice([1, 60])))
        version = chance.randrange(10**6)
        say(begin=kind, ids=ids, version=version)
        papers = [paper(int(one.partition(":")[2]), version) for one in ids]
        if kind == "repair":
            corpus.repair()
        elif kind == "remove":
            corpus.remove(ids)
        else:
            corpus.add(papers)
        known = sorted({*known, *ids} - (set(ids) if kind == "remove" else set()))
        say(done=kind)
"""
#: Seconds after its first change has begun, at most, at which a writer is killed.
LATEST = 3.0


class Known:
    """What was acknowledged: the version of each paper that the store must hold."""

    def __init__(self) -> None:
        self.versions: dict[str, int] = {}
        # What the last change, which nobody heard of the end of, may have done.
        self.open: dict[str, int | None] = {}

    def hear(self, lines: list[str]) -> Counter[str]:
        """Take in what a writer said, and return what it had done, and what it was killed in."""
        heard: Counter[str] = Counter()
        begun: dict[str, object] = {}
        for line in lines:
            said = json.loads(line)
            if "begin" in said:
                begun = said
            elif "done" in said:
                self._settle(begun)
                heard[str(said["done"])] += 1
                begun = {}
        if begun:
            heard[f"killed in {begun['begin']}"] += 1
            self.open = self._outcome(begun)
        return heard

    def check(self, held: dict[str, int]) -> None:
        """Compare with what the store holds, and know that from now on."""
        for paper_id in self.versions.keys() | held.keys():
            wanted, found = self.versions.get(paper_id), held.get(paper_id)
            if found != wanted and (paper_id not in self.open or found != self.open[paper_id]):
                sys.exit(f"{paper_id} should be {wanted} and is {found}")
        self.versions, self.open = held, {}

    def _settle(self, said: dict[str, object]) -> None:
        for paper_id, version in self._outcome(said).items():
            if version is None:
                self.versions.pop(paper_id, None)
            else:
                self.versions[paper_id] = version

    def _outcome(self, said: dict[str, object]) -> dict[str, int | None]:
        kind, ids, version = said["begin"], said["ids"], said["version"]
        if kind == "repair":
            return {}
        assert isinstance(ids, list)
        assert isinstance(version, int)
        return dict.fromkeys(ids, None if kind == "remove" else version)


def killed(folder: Path, *, cache: Path, seed: int, after: float, kind: str = "") -> list[str]:
    """Run a writer, and kill it so many seconds after it has begun; return what it said.

    It makes changes of one `kind` alone, where that is named.
    """
    program = [sys.executable, "-c", WRITING, str(folder), str(cache), str(seed), kind]
    process = subprocess.Popen(program, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    opened, begun = process.stdout.readline(), process.stdout.readline()
    if not begun:
        sys.exit(f"the writer of seed {seed} failed: {opened!r}")
    time.sleep(after)
    process.send_signal(signal.SIGKILL)
    rest, _ = process.communicate()
    return [line for line in [begun, *rest.splitlines()] if line.rstrip().endswith("}")]


def held(folder: Path) -> dict[str, int]:
    """Return the version of each paper that the catalog holds."""
    with closing(open_catalog(folder)) as catalog:
        return {one.id: int(one.abstract.split()[-2]) for one in catalog.every_paper()}


def run(folder: Path, embedder: Embedder, *, rounds: int, seed: int) -> None:
    """Kill so many writers, and print what they were killed in."""
    chance, known, total = random.Random(seed), Known(), Counter[str]()  # noqa: S311
    for number in range(rounds):
        after = chance.uniform(0, LATEST)
        told = killed(folder, cache=settings_for().cache, seed=seed + number, after=after)
        total += known.hear(told)
        known.check(held(folder))
        with Corpus(folder, embedder, write=True):
            pass
        check_level(folder)
        if (number + 1) % 10 == 0:
            print(f"{number + 1} killed, {len(known.versions):,} papers: {dict(total)}", flush=True)


def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    embedder = open_embedder(cache=settings_for().cache)
    with tempfile.TemporaryDirectory() as place:
        run(options.folder or Path(place) / "s", embedder, rounds=options.rounds, seed=options.seed)
    print("nothing acknowledged was lost, and the indexes were right each time")


if __name__ == "__main__":
    main()
