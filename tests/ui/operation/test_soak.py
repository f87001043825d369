"""Memory under some thousands of requests, over REST and by pages that come and go."""

import re
import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from store.sample import SAMPLE
from tests.ui.test_server import converse, ordered

Run = Callable[..., subprocess.CompletedProcess[str]]
QUESTIONS = ("What is HyenaDNA?", "How is a KV cache compressed?", "How long should dough proof?")
#: Requests of each kind in a round, and rounds after the first, which fills what is kept.
REQUESTS, ROUNDS = 250, 3
#: How much more memory each of those rounds may take, in MB: an answer that stayed would be five
#: times that.
GROWTH = 4


def resident(process: subprocess.Popen[str]) -> float:
    """Return what a process holds in memory, in MB."""
    status = Path(f"/proc/{process.pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024  # type: ignore[index]


@pytest.mark.slow
def test_memory_does_not_grow_with_the_requests(
    executable: str, environment: dict[str, str], command: Run, tmp_path: Path
) -> None:
    command("add", SAMPLE, "--store", tmp_path / "store")
    with subprocess.Popen(
        [executable, "serve", "--store", tmp_path / "store", "--port", "0"],
        env={**environment, "ASSISTANT_RERANK": "false"},
        stderr=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stderr
        line = next(one for one in server.stderr if "http://" in one)
        address = re.search(r"http://[\w.:]+", line)[0]  # type: ignore[index]
        with httpx.Client(base_url=address, timeout=60) as client, ThreadPoolExecutor(4) as threads:

            def ask(number: int) -> None:
                # Each question is another one, and each conversation is left as it is.
                question = f"{QUESTIONS[number % 3]} {number}"
                session = client.post("/api/v1/sessions").json()["id"]
                sent = {"question": question, "session": session}
                client.post("/api/v1/ask", json=sent).raise_for_status()
                client.get("/api/v1/search", params={"q": question}).raise_for_status()
                if number % 10 == 0:
                    # A page that comes, asks and goes.
                    assert "aa-" in converse(client, ordered(question))

            held = []
            for round_ in range(ROUNDS + 1):
                numbers = range(round_ * REQUESTS, (round_ + 1) * REQUESTS)
                list(threads.map(ask, numbers))
                held.append(resident(server))
        server.terminate()
    assert (held[-1] - held[0]) / ROUNDS < GROWTH, held
