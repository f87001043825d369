"""Several `assistant serve` on one catalog on PostgreSQL and one Chroma server; one is killed."""

import itertools
import json
import re
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import pytest

from assistant.assistant import Assistant
from store.backup import back_up, restore
from store.corpus import Corpus
from store.embedding import Embedder
from store.sample import SAMPLE
from tests.conftest import running_chroma
from ui.access.keys import Keys

Run = Callable[..., subprocess.CompletedProcess[str]]
QUESTIONS = ("What is HyenaDNA?", "How much training data does K-Tokeniser need?", "gnus")
#: Papers acknowledged before a replica is killed, and after; threads that ask meanwhile.
BEFORE, AFTER, ASKING = 5, 5, 2


@contextmanager
def replica(
    executable: str, folder: Path, env: dict[str, str]
) -> Iterator[tuple[subprocess.Popen[str], str]]:
    command = [executable, "serve", "--store", str(folder), "--port", "0"]
    process = subprocess.Popen(command, env=env, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stderr
        found = (re.search(r"http://[\w.:]+", line) for line in process.stderr)
        yield process, next(match[0] for match in found if match)
    finally:
        process.kill()
        process.communicate()


class Load:
    """Questions to two replicas from several threads, and papers added through both in turn."""

    def __init__(self, client: httpx.Client, addresses: Sequence[str]) -> None:
        self.acknowledged: list[str] = []
        self.failures: list[tuple[str, str]] = []
        self._client = client
        self._addresses = addresses
        self._numbers = itertools.count()
        self._finished = threading.Event()

    @contextmanager
    def asking(self) -> Iterator[None]:
        threads = [threading.Thread(target=self._ask) for _ in range(ASKING)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self._finished.set()
            for thread in threads:
                thread.join()

    def add(self, count: int) -> None:
        """Add papers until so many more have been acknowledged."""
        wanted = len(self.acknowledged) + count
        while len(self.acknowledged) < wanted:
            number = next(self._numbers)
            address = self._addresses[number % 2]
            if given := self._post(f"{address}/api/v1/papers", {"papers": [gnu(number)]}):
                assert given.json()["added"] == 1
                self.acknowledged.append(f"Gnu {number}")

    def _ask(self) -> None:
        for question, address in zip(
            itertools.cycle(QUESTIONS), itertools.cycle(self._addresses), strict=False
        ):
            if self._finished.is_set():
                return
            self._post(f"{address}/api/v1/ask", {"question": question})

    def _post(self, url: str, body: object) -> httpx.Response | None:
        try:
            return self._client.post(url, json=body).raise_for_status()
        except httpx.HTTPError as error:
            self.failures.append((url.partition("/api")[0], str(error)))
            return None


def gnu(number: int) -> dict[str, str]:
    return {"title": f"Gnu {number}", "abstract": f"Herd {number} of gnus crossed the Mara river."}


@pytest.mark.slow
def test_a_replica_is_killed_under_load_and_the_other_goes_on(
    postgres: Callable[[], str],
    executable: str,
    environment: dict[str, str],
    command: Run,
    embedder: Embedder,
    tmp_path: Path,
) -> None:
    with ExitStack() as stack:
        chroma = stack.enter_context(running_chroma(tmp_path / "chroma"))
        place = {"ASSISTANT_DATABASE_URL": postgres(), "ASSISTANT_CHROMA_URL": chroma}
        shared = {**place, "ASSISTANT_RERANK": "false"}
        folders = [tmp_path / "a", tmp_path / "b"]
        done = command("add", SAMPLE, "--store", folders[0], env=shared)
        assert (done.stdout, done.stderr) == ("108 added, 0 updated, 0 unchanged, 0 skipped\n", "")
        key = Keys(folders[0]).add("load", ["read", "write"])
        folders[1].mkdir()
        for name in ("lock", "keys.json"):
            shutil.copy(folders[0] / name, folders[1])
        env = {**environment, **shared}
        (killed, first), (_, second) = (
            stack.enter_context(replica(executable, folder, env)) for folder in folders
        )
        client = stack.enter_context(httpx.Client(timeout=60))
        client.headers["Authorization"] = f"Bearer {key}"

        load = Load(client, [first, second])
        with load.asking():
            load.add(BEFORE)
            killed.kill()
            load.add(AFTER)
        # Only the one that was killed ever failed.
        assert {address for address, _ in load.failures} <= {first}, load.failures

        back_up(folders[1], tmp_path / "backup.zip", url=place["ASSISTANT_DATABASE_URL"])
        restore(tmp_path / "backup.zip", tmp_path / "alone")
        with Corpus(tmp_path / "alone", embedder) as corpus:
            titles = {paper.title for paper in corpus.papers()}
            assert titles >= set(load.acknowledged)
            # One that was in flight when its replica was killed may have come through.
            assert len(titles) - 108 - len(load.acknowledged) in (0, 1)
            for question in QUESTIONS:
                said = client.post(f"{second}/api/v1/ask", json={"question": question})
                asked = Assistant(corpus).ask(question)
                assert json.dumps(said.json()) == json.dumps(asked.model_dump(mode="json"))
