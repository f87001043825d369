"""How `assistant serve` bears load: REST beside the library call, and rates held with `hey`.

    python -m tests.benchmarks.load_server --store DIR [--seconds 20]

`hey` (https://github.com/rakyll/hey; Debian: apt-get install hey) keeps a rate of requests, all
with the same question, which nothing caches. Asked: REST within 5 ms of the library at the median;
200 searches and 50 questions a second at 559 papers on two cores, each with p95 below 200 ms.
"""

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx

from assistant import Assistant

#: (what, path, body, requests a second, p95 asked for in ms)
LOADS = (
    ("search", "/api/v1/search?q=state%20space%20models%20for%20long%20sequences", None, 200, 200),
    ("ask", "/api/v1/ask", {"question": "How do state space models handle long input?"}, 50, 200),
)
WORKERS = 10
#: Questions asked one after another, of the library and by REST.
ASKED = 60


@contextmanager
def serving(store: Path) -> Iterator[str]:
    """Serve a store from another process; give its address."""
    command = [sys.executable, "-m", "ui.cli", "serve", "--store", str(store), "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as server:
        assert server.stderr
        address = next(
            match[0] for line in server.stderr if (match := re.search(r"http://[\w.:]+", line))
        )
        yield address
        server.terminate()


def median_ms(ask: Callable[[str], object], questions: Sequence[str]) -> float:
    """Return the median time of the questions, in milliseconds, after a few to warm up."""
    for question in questions[:5]:
        ask(question)
    times = []
    for question in questions:
        start = time.perf_counter()
        ask(question)
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


def under_load(url: str, body: object, *, rate: int, seconds: int) -> str:
    """Return what `hey` says: the rate that was held, median and p95, and any failures."""
    command = ["hey", "-z", f"{seconds}s", "-c", str(WORKERS), "-q", str(rate // WORKERS)]
    if body is not None:
        command += ["-m", "POST", "-T", "application/json", "-d", json.dumps(body)]
    said = subprocess.run([*command, url], capture_output=True, text=True, check=True).stdout
    held = re.search(r"Requests/sec:\s+([\d.]+)", said)
    shares = dict(re.findall(r"(50|95)% in ([\d.]+) secs", said))
    statuses = " ".join(" ".join(one) for one in re.findall(r"\[(\d+)\]\s+(\d+) responses", said))
    p50, p95 = (float(shares.get(share, "nan")) * 1000 for share in ("50", "95"))
    return f"{float(held[1]) if held else 0:.0f}/s, p50 {p50:.0f} ms, p95 {p95:.0f} ms ({statuses})"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--store", type=Path, required=True)
    parser.add_argument("--seconds", type=int, default=20)
    given = parser.parse_args()
    cache = os.environ.get("ASSISTANT_CACHE")
    with Assistant.open(given.store, cache=cache) as assistant:
        questions = [f"What is {paper.title}?"[:200] for paper in assistant.corpus.papers()][:ASKED]
        library = median_ms(assistant.ask, questions)
    with serving(given.store) as address, httpx.Client(base_url=address, timeout=60) as client:
        rest = median_ms(lambda q: client.post("/api/v1/ask", json={"question": q}), questions)
        print(f"ask: library {library:.1f} ms, REST {rest:.1f} ms (asked: 5 ms more at most)")
        for name, path, body, rate, most in LOADS:
            said = under_load(address + path, body, rate=rate, seconds=given.seconds)
            print(f"{name} at {rate}/s: {said} (asked: p95 below {most} ms)")


if __name__ == "__main__":
    main()
