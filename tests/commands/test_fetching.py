"""Fetching from the command line, from a server on this machine."""

import subprocess
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

from store.fetching import Request
from store.fetching.daily_papers import BY_DATE
from store.fetching.position import Position
from tests.store.fetching.test_fetching import NO_ABSTRACT, Service

Run = Callable[..., subprocess.CompletedProcess[str]]
FEED = """<feed xmlns="http://www.w3.org/2005/Atom"><entry>
<id>http://arxiv.org/abs/2403.05530v2</id><title>On Rocks</title><summary>Rocks wet.</summary>
<comment xmlns="http://arxiv.org/schemas/atom">This paper has been withdrawn</comment>
<doi xmlns="http://arxiv.org/schemas/atom">10.1000/3</doi></entry></feed>"""


class Arxiv(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(FEED.encode())

    def log_message(self, *_: object) -> None: ...


def test_what_is_fetched_is_in_the_store(command: Run, tmp_path: Path) -> None:
    server = HTTPServer(("127.0.0.1", 0), Arxiv)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    store = tmp_path / "store"
    env = {"ASSISTANT_ARXIV_URL": f"http://127.0.0.1:{server.server_address[1]}"}
    for said in ("1 added, 0 updated, 0 unchanged", "0 added, 0 updated, 1 unchanged"):
        done = command("fetch", "arxiv", "--id", "2403.05530", "--store", store, env=env)
        assert (done.stdout, done.stderr) == (f"{said}, 0 skipped\n", "")
    server.shutdown()
    thread.join()
    server.server_close()
    for name in ("arxiv:2403.05530", "doi:10.1000/3"):
        shown = command("show", name, "--store", store).stdout
        assert "withdrawn: yes\n" in shown
        assert "also known as: doi:10.1000/3\n" in shown


def test_ids_that_are_none_or_are_not_given_are_told(command: Run, tmp_path: Path) -> None:
    server = Service()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    asked = ["fetch", "pubmed", "--store", tmp_path / "s", "--strict"]
    for name in ("https://pubmed.ncbi.nlm.nih.gov/7/", "007", "2403.05530", NO_ABSTRACT):
        asked += ["--id", name]
    env = {"ASSISTANT_PUBMED_URL": f"{server.url}/pubmed"}
    done = command(*asked, env=env)
    server.failures = [400]
    failed = command(*asked, env=env)
    server.shutdown()
    thread.join()
    server.server_close()
    assert [query["id"] for _, query in server.asked] == [f"7,{NO_ABSTRACT}"] * 2
    none = "skipped 2403.05530: no id of pubmed\n"
    assert done.stderr == f"{none}skipped {NO_ABSTRACT}: no abstract\n"
    assert done.stdout == "1 added, 0 updated, 0 unchanged, 2 skipped\n"
    assert done.returncode == 1
    error, *skipped = failed.stderr.splitlines(keepends=True)
    assert error.startswith(f"error: {server.url}/pubmed cannot be fetched from: it answers 400")
    assert skipped == [none, *(f"skipped {n}: pubmed did not answer\n" for n in (7, NO_ABSTRACT))]
    assert failed.returncode == 2


def test_what_cannot_be_asked_is_named(command: Run, tmp_path: Path) -> None:
    done = command("fetch", "arxiv", "--store", tmp_path / "s")
    assert done.stderr == "error: nothing is asked of arxiv; give a query, --id or --since\n"
    assert done.returncode == 2
    done = command("fetch", "arxiv", "--id", "rocks", "--store", tmp_path / "s")
    assert done.stderr == "error: 'rocks' is no id of arxiv; give --id such as 2403.05530\n"
    done = command("fetch", "daily-papers", "--id", "2403.05530", "--store", tmp_path / "s")
    assert done.stderr == f"error: {BY_DATE}\n"
    done = command("fetch", "nowhere", "rocks", "--store", tmp_path / "s")
    assert done.stderr == ("error: no source 'nowhere'; name one of arxiv, pubmed, daily-papers\n")
    assert not (tmp_path / "s").exists()
    done = command("fetch", "arxiv", "--since", "yesterday", "--store", tmp_path / "s")
    assert done.stderr == "error: 'yesterday' is no date; give YYYY, YYYY-MM or YYYY-MM-DD\n"
    assert done.returncode == 2
    assert not (tmp_path / "s").exists()


def test_what_came_in_since_an_interruption_is_fetched_too(command: Run, tmp_path: Path) -> None:
    server = HTTPServer(("127.0.0.1", 0), Arxiv)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    store = tmp_path / "store"
    env = {"ASSISTANT_ARXIV_URL": f"http://127.0.0.1:{server.server_address[1]}"}
    asked = ("fetch", "arxiv", "rocks", "--limit", "100", "--store", store)
    command(*asked, env=env)
    command("remove", "arxiv:2403.05530", "--store", store)
    # All papers were read, and one has come in before them since.
    position = Position(store, "arxiv", Request(query="rocks", limit=100))
    position.reached(100)
    done = command(*asked, env=env)
    server.shutdown()
    thread.join()
    server.server_close()
    assert done.stdout == "1 added, 0 updated, 0 unchanged, 0 skipped\n"
    assert "Interrupted before, this goes on at 100" in done.stderr
    assert position.start() == 0
