from collections.abc import Callable
from pathlib import Path

import httpx
from prometheus_client.parser import text_string_to_metric_families

from assistant.assistant import Assistant
from store.corpus import Corpus
from store.embedding import Embedder
from store.papers import Paper
from store.stats import Stats


def test_health_and_readiness_say_what_is_answered_from(
    client: httpx.Client, assistant: Assistant
) -> None:
    for path in ("/health", "/ready", "/api/v1/health", "/api/v1/ready"):
        said = client.get(path).raise_for_status().json()
        assert said["status"] == "ok"
        assert (said["papers"], said["snapshot"]) == (108, assistant.corpus.snapshot)


def test_a_store_that_cannot_be_searched_is_alive_but_not_ready(
    serving: Callable[..., str], embedder: Embedder, tmp_path: Path
) -> None:
    with Corpus(tmp_path / "store", embedder) as corpus:
        corpus.add([Paper(id="title:1", title="One", abstract="One sentence.")])
        address = serving(Assistant(corpus))
        assert httpx.get(f"{address}/ready", timeout=60).status_code == 200
        alive = httpx.get(f"{address}/health").raise_for_status().json()
        with Corpus(tmp_path / "store2", embedder) as other:
            other.add([Paper(id="title:2", title="Two", abstract="Another sentence.")])
    # Closed, its catalog is gone from under the server.
    (tmp_path / "store" / "catalog.sqlite3").write_bytes(b"no database")
    assert httpx.get(f"{address}/health").raise_for_status().json() == alive
    got = httpx.get(f"{address}/ready", timeout=60)
    assert got.status_code in (500, 503)
    assert got.headers["content-type"] == "application/problem+json"


def test_stats_are_the_stores(client: httpx.Client, assistant: Assistant) -> None:
    got = client.get("/api/v1/stats")
    assert Stats.model_validate_json(got.content) == assistant.corpus.stats()


def test_requests_and_answers_are_counted_by_route_and_surface(client: httpx.Client) -> None:
    def count(name: str, **labels: str) -> float:
        text = client.get("/metrics").raise_for_status().text
        return sum(
            sample.value
            for family in text_string_to_metric_families(text)
            for sample in family.samples
            if sample.name == name and labels.items() <= sample.labels.items()
        )

    asked = {"surface": "rest", "status": "answered"}
    refused = {"route": "/api/v1/ask", "status": "422", "method": "POST"}
    counts = count("assistant_answers_total", **asked), count("assistant_requests_total", **refused)
    client.post("/api/v1/ask", json={"question": "What is HyenaDNA?"})
    client.post("/api/v1/ask", json={"question": ""})
    assert count("assistant_answers_total", **asked) == counts[0] + 1
    assert count("assistant_requests_total", **refused) == counts[1] + 1
    assert count("assistant_papers") == 108


def test_metrics_hold_no_question_and_no_id(client: httpx.Client) -> None:
    client.get("/api/v1/search", params={"q": "zyxwv"})
    client.get("/api/v1/papers/doi:10.1/zyxwv")
    client.get("/zyxwv")
    assert "zyxwv" not in client.get("/metrics").text
