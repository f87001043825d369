"""Metrics: what a Prometheus server can read of this one."""

import logging

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from assistant.answer import Answer
from store.papers import shown_digest

log = logging.getLogger(__name__)

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4
#: Seconds that the histograms count up to: an answer takes some tens of milliseconds.
BUCKETS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30)


class Metrics:
    """Counts of one server; a registry of its own, so that several may live in one process."""

    def __init__(self) -> None:
        registry = self._registry = CollectorRegistry()
        self._requests = Counter(
            "assistant_requests", "Requests answered.", ["method", "route", "status"],
            registry=registry,
        )  # fmt: skip
        self._request_seconds = Histogram(
            "assistant_request_seconds", "Time until a response had gone out.", ["route"],
            buckets=BUCKETS, registry=registry,
        )  # fmt: skip
        self._answers = Counter(
            "assistant_answers", "Questions answered.", ["surface", "status"], registry=registry
        )
        self._answer_seconds = Histogram(
            "assistant_answer_seconds", "Time that an answer took, waiting included.", ["surface"],
            buckets=BUCKETS, registry=registry,
        )  # fmt: skip
        self._papers = Gauge("assistant_papers", "Papers in the store.", registry=registry)

    def note_request(self, method: str, route: str, status: int, *, seconds: float) -> None:
        """Count a request of a route, which is a template and never holds what was asked."""
        self._requests.labels(method, route, str(status)).inc()
        self._request_seconds.labels(route).observe(seconds)

    def note_answer(self, surface: str, answer: Answer, *, seconds: float) -> None:
        """Count an answer; the log gets its question too, but shows it only where told to."""
        self._answers.labels(surface, answer.status).inc()
        self._answer_seconds.labels(surface).observe(seconds)
        facts = {
            "surface": surface,
            "question": answer.question,
            "status": answer.status,
            "kind": answer.kind,
            "confidence": answer.confidence,
            "quotes": len(answer.quotes),
            "milliseconds": round(seconds * 1000, 1),
            "snapshot": shown_digest(answer.snapshot),
        }
        log.debug("answered", extra={"facts": facts})

    def text(self, *, papers: int) -> bytes:
        """Return all counts in Prometheus' text format."""
        self._papers.set(papers)
        return generate_latest(self._registry)
