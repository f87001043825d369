"""How `assistant serve` bears load: REST beside the library call, and what it holds under `wrk`.

    python -m tests.benchmarks.load_server --store DIR [--seconds 20]

`wrk` (https://github.com/wg/wrk; Debian: apt-get install wrk) keeps ten connections busy: with one
request over and over, as where many people ask the same, and with requests that all differ, none
of which any cache knows. Asked: REST within 5 ms of the library at the median; 200 searches and 50
questions a second at 559 papers on two cores, each with p95 below 200 ms.
"""

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import httpx

from assistant import Assistant

CONNECTIONS = 10
#: Questions asked one after another, of the library and by REST.
ASKED = 60
#: How papers are asked about; each gives as many different questions as there are papers.
ASKING = ("What is {}?", "How well does {} work?", "What is {} compared with?", "Who needs {}?")
#: (what, requests a second asked for)
LOADS = (("search", 200), ("ask", 50))

#: Sends the lines of a file in turn: a path, or a path, a blank and what is posted to it.
SCRIPT = """
local wanted, at = {}, 0
for line in io.lines("%s") do wanted[#wanted + 1] = line end
function request()
  at = at %% #wanted + 1
  local path, body = wanted[at]:match("^(%%S+) (.+)$")
  if body then
    return wrk.format("POST", path, {["Content-Type"] = "application/json"}, body)
  end
  return wrk.format("GET", wanted[at])
end
function done(summary, latency)
  local failed = summary.errors.status + summary.errors.timeout + summary.errors.read
  print(string.format("HELD %%.0f/s, p50 %%.0f ms, p95 %%.0f ms, %%d failed",
    summary.requests / summary.duration * 1e6,
    latency:percentile(50) / 1000, latency:percentile(95) / 1000, failed))
end
"""


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
        ask(question + " And why?")
    times = []
    for question in questions:
        start = time.perf_counter()
        ask(question)
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


def requests_of(what: str, questions: Sequence[str]) -> list[str]:
    """Return the lines that the script sends."""
    if what == "search":
        return [f"/api/v1/search?q={quote(question)}" for question in questions]
    return [f"/api/v1/ask {json.dumps({'question': question})}" for question in questions]


def under_load(address: str, requests: Sequence[str], *, seconds: int) -> str:
    """Return what `wrk` says: the rate that was held, median and p95, and what failed."""
    with tempfile.TemporaryDirectory() as folder:
        lines, script = Path(folder, "requests.txt"), Path(folder, "script.lua")
        lines.write_text("\n".join(requests), encoding="utf-8")
        script.write_text(SCRIPT % lines, encoding="utf-8")
        command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "-s", str(script), address]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return said.partition("HELD ")[2].strip()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--store", type=Path, required=True)
    parser.add_argument("--seconds", type=int, default=20)
    given = parser.parse_args()
    cache = os.environ.get("ASSISTANT_CACHE")
    with Assistant.open(given.store, cache=cache) as assistant:
        titles = [paper.title[:200] for paper in assistant.corpus.papers()]
        different = [way.format(title) for way in ASKING for title in titles]
        library = median_ms(assistant.ask, different[:ASKED])
    with serving(given.store) as address, httpx.Client(base_url=address, timeout=60) as client:
        rest = median_ms(
            lambda question: client.post("/api/v1/ask", json={"question": question}),
            different[:ASKED],
        )
        print(f"ask: library {library:.1f} ms, REST {rest:.1f} ms (asked: 5 ms more at most)")
        for what, rate in LOADS:
            for how, questions in (("the same", different[:1]), ("different", different[ASKED:])):
                said = under_load(address, requests_of(what, questions), seconds=given.seconds)
                print(f"{what}, {how}: {said} (asked: {rate}/s, p95 below 200 ms)", flush=True)


if __name__ == "__main__":
    main()
