"""How long a turn takes in the browser, how soon the page is painted, and how many may ask at once.

    python -m tests.benchmarks.time_chat --store DIR [--people 50] [--pause 20] [--questions 40]

A turn is timed in the page, from the Enter key until the frame after the one in which the answer is
painted; no question is asked twice, so none is answered from memory. First paint is that of a page
whose files the browser has already. Then as many people as are asked for speak to the chat's own
endpoints at once, without a browser: each asks three questions in turn, with a pause for thought
before each; with --pause 0 all of them ask without end. Asked: a median turn below 250 ms and a
first paint below 1 s at 559 papers; of 50 people on two cores no error, and a p95 below 2 s.
"""

import argparse
import json
import random
import secrets
import statistics
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import Page, sync_playwright

from store.papers import Paper
from tests.benchmarks.load_server import serving
from tests.ui.conftest import BROWSER_ARGUMENTS
from ui.opening import open_catalog
from ui.settings import settings_for

#: Turns before the clock counts, pages loaded, and questions of each person.
WARM_UP, PAGES, EACH = 3, 10, 3

#: Resolves to the milliseconds from the Enter key to the painted answer.
TURN = """() => new Promise((done) => {
  const rows = () => document.querySelectorAll('#aa-chat .bot-row :is(.aa-answer, .aa-notice)');
  const before = rows().length;
  let start = 0;
  const begin = () => (start = performance.now());
  document.addEventListener('keydown', begin, {capture: true, once: true});
  const watch = new MutationObserver(() => {
    if (rows().length <= before) return;
    watch.disconnect();
    requestAnimationFrame(() => setTimeout(() => done(performance.now() - start)));
  });
  watch.observe(document.body, {childList: true, subtree: true});
})"""


def turns(page: Page, questions: Sequence[str]) -> list[float]:
    """Return the milliseconds of each question's turn."""
    times = []
    for question in questions:
        page.fill("#aa-box textarea", question)
        page.evaluate(f"() => {{ window.__turn = ({TURN})(); }}")
        page.press("#aa-box textarea", "Enter")
        times.append(float(page.evaluate("window.__turn")))
        # As a person does, who reads before asking on.
        page.wait_for_timeout(300)
    return times


def first_paints(page: Page, address: str) -> list[float]:
    """Return the milliseconds to the first contentful paint of each loading of the page."""
    found = []
    for _ in range(PAGES):
        page.goto(address)
        page.locator("#aa-box textarea").wait_for()
        found.append(
            float(
                page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
            )
        )
    return found


def speak(address: str, questions: Sequence[str], *, pause: float) -> list[float]:
    """Ask as a page does, questions to ask next included; return the seconds of each turn.

    Before each question the person thinks, `pause` seconds on average. Raises where one is not
    answered.
    """
    session = secrets.token_hex(6)
    chance = random.Random(session)  # noqa: S311
    times, asked = [], []
    with httpx.Client(base_url=address, timeout=60) as client:
        events = client.get("/config").raise_for_status().json()["dependencies"]
        converse, suggest = (
            next(one for one in events if one["api_name"].startswith(name))
            for name in ("converse", "suggest")
        )
        for number, question in enumerate(questions, 1):
            time.sleep(chance.uniform(0, 2 * pause))
            asked.append({"question": question, "limits": {}, "standalone": False})
            order = {"number": number, "conversation": session, "turns": asked, "bar": {}}
            start = time.perf_counter()
            _await_end(client, session, _join(client, session, converse, order))
            times.append(time.perf_counter() - start)
            _join(client, session, suggest, None)
    return times


def _join(client: httpx.Client, session: str, event: dict[str, Any], data: object) -> str:
    """Start an event; return its id."""
    body = {
        "data": [None] * len(event["inputs"]),
        "event_data": data,
        "fn_index": event["id"],
        "trigger_id": event["targets"][0][0],
        "session_hash": session,
    }
    joined = client.post("/gradio_api/queue/join", json=body).raise_for_status()
    return str(joined.json()["event_id"])


def _await_end(client: httpx.Client, session: str, event_id: str) -> None:
    address = f"/gradio_api/queue/data?session_hash={session}"
    with client.stream("GET", address) as events:
        for line in events.iter_lines():
            message = json.loads(line.removeprefix("data:")) if line else {}
            if message.get("event_id") != event_id or message["msg"] != "process_completed":
                continue
            assert message["success"], message
            return
    raise AssertionError("the stream ended without an answer")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--store", type=Path, required=True)
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--pause", type=float, default=20)
    parser.add_argument("--questions", type=int, default=40)
    given = parser.parse_args()
    papers = _papers(given.store)
    asked = [f"What does {paper.title} show?"[:200] for paper in papers]
    with serving(given.store) as address:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path="/usr/bin/chromium", args=BROWSER_ARGUMENTS
            )
            page = browser.new_page()
            first_paints(page, address)
            paints = first_paints(page, address)
            turns(page, asked[:WARM_UP])
            times = turns(page, asked[WARM_UP : WARM_UP + given.questions])
            browser.close()
        print(f"first paint, warm: median {statistics.median(paints):.0f} ms (asked: 1000)")
        print(
            f"a turn: median {statistics.median(times):.0f} ms, "
            f"p95 {_p95(times):.0f} ms of {len(times)} (asked: median 250)"
        )
        rest = asked[WARM_UP + given.questions :]
        each = [rest[person * EACH : (person + 1) * EACH] for person in range(given.people)]
        with ThreadPoolExecutor(given.people) as pool:
            spoken = [
                seconds
                for times in pool.map(lambda own: speak(address, own, pause=given.pause), each)
                for seconds in times
            ]
        print(
            f"{given.people} people at once: median {statistics.median(spoken):.2f} s, "
            f"p95 {_p95(spoken):.2f} s of {len(spoken)} turns, no error (asked: p95 2)"
        )


def _papers(store: Path) -> list[Paper]:
    catalog = open_catalog(settings_for(store=store))
    try:
        return list(catalog.every_paper())
    finally:
        catalog.close()


def _p95(times: Sequence[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


if __name__ == "__main__":
    main()
