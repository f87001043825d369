"""`assistant serve` as a process: what it warns of, what it logs, how it leaves."""

import json
import re
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from ui.access.keys import Keys

Run = Callable[..., subprocess.CompletedProcess[str]]
QUESTION = "What is HyenaDNA?"


class Server:
    """A running `assistant serve`: its address, and at the end what it wrote."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        assert process.stderr
        self._process = process
        self.before = ""
        for line in process.stderr:
            self.before += line
            if match := re.search(r"http://[^:]+:(\d+)", line):
                self.base = f"http://127.0.0.1:{match[1]}"
                break

    def stop(self, how: signal.Signals = signal.SIGINT) -> str:
        self._process.send_signal(how)
        out, err = self._process.communicate(timeout=60)
        assert (self._process.returncode, out) == (0, "")
        return err


@pytest.fixture
def serve(executable: str, environment: dict[str, str], own: Path) -> Callable[..., object]:
    @contextmanager
    def started(*arguments: str, **settings: str) -> Iterator[Server]:
        process = subprocess.Popen(
            [executable, "serve", "--store", own, "--port", "0", *arguments],
            env={**environment, "ASSISTANT_RERANK": "false", **settings},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        with process:
            yield Server(process)
            process.kill()

    return started


@pytest.mark.slow
def test_it_warns_of_what_the_network_may_ask(serve: Callable[..., Server], own: Path) -> None:
    anywhere = ("--host", "0.0.0.0")  # noqa: S104 - this is what it has to warn of
    with serve() as server:
        assert "WARNING" not in server.before
    with serve(*anywhere) as server:
        assert "WARNING: listening on 0.0.0.0" in server.before
        assert "neither login nor key guards the chat and the API" in server.before
    Keys(own).add("laptop", ["read"])
    with serve(*anywhere) as server:
        assert "neither login nor key guards the chat. " in server.before
    with serve(*anywhere, ASSISTANT_USER_HEADER="X-User") as server:
        assert "WARNING" not in server.before


@pytest.mark.slow
@pytest.mark.parametrize("questions", [False, True])
def test_requests_and_answers_are_lines_of_json_without_the_question(
    serve: Callable[..., Server], questions: bool
) -> None:
    with serve(ASSISTANT_LOG="json", ASSISTANT_LOG_QUESTIONS=str(questions)) as server:
        httpx.post(f"{server.base}/api/v1/ask", json={"question": QUESTION}, timeout=60)
        httpx.get(f"{server.base}/api/v1/search", params={"q": QUESTION}, timeout=60)
        logged = server.stop()
    lines = [json.loads(line) for line in logged.splitlines()]
    answered, asked, searched = (line for line in lines if line["logger"].startswith("ui."))
    assert (answered["message"], answered["surface"]) == ("answered", "rest")
    assert answered["status"] == "answered"
    assert (asked["route"], asked["status"]) == ("/api/v1/ask", 200)
    assert (searched["route"], searched["method"]) == ("/api/v1/search", "GET")
    assert ("HyenaDNA" in logged) is questions
    assert answered.get("question") == (QUESTION if questions else None)


@pytest.mark.slow
@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM], ids=lambda stop: stop.name)
def test_it_leaves_at_once_and_without_a_word_while_a_chat_is_open(
    serve: Callable[..., Server], stop: signal.Signals
) -> None:
    with (
        serve() as server,
        httpx.stream("GET", f"{server.base}/gradio_api/heartbeat/page", timeout=60) as page,
    ):
        beats = page.iter_text()
        assert "ALIVE" in next(beats)
        assert server.stop(stop) == ""
        assert list(beats) == []


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"ASSISTANT_RATE": "many"}, "ASSISTANT_RATE (or its flag) is 'many': "),
        ({"ASSISTANT_PASSWORDS": "/none"}, "the passwords in '/none' cannot be read"),
        (
            {"ASSISTANT_HOSTS": "papers.example.org", "ASSISTANT_CHAT_MAY_ADD": "true"},
            "ASSISTANT_CHAT_MAY_ADD is set while answering to papers.example.org: ",
        ),
        ({"ASSISTANT_LOG": "xml"}, "ASSISTANT_LOG (or its flag) is 'xml': "),
    ],
)
def test_a_setting_that_cannot_be_used_is_one_line(
    command: Run, own: Path, settings: dict[str, str], message: str
) -> None:
    done = command("serve", "--store", own, "--port", "0", env=settings)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"error: {message}")
    assert done.stderr.count("\n") == 1
