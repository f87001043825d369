"""Logs: every message, request and answer as one line of JSON, without the questions."""

import json
import logging
import sys
from datetime import UTC, datetime

#: Whose messages are shown. What uvicorn says of requests is said by ours.
LOGGERS = ("store", "assistant", "ui", "uvicorn.error")


class JsonLines(logging.Formatter):
    """A record as one line: time, level, where from, message, and the facts that came with it."""

    def __init__(self, *, questions: bool = False) -> None:
        super().__init__()
        self._questions = questions

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        facts = dict(getattr(record, "facts", {}))
        if not self._questions:
            facts.pop("question", None)
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **facts,
        }
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def show_json(*, questions: bool = False) -> None:
    """Write all messages, requests and answers to standard error, a line of JSON each."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines(questions=questions))
    for name in LOGGERS:
        logger = logging.getLogger(name)
        logger.handlers = [handler]
        logger.setLevel(logging.INFO)
        logger.propagate = False
    # What other libraries warn of; one of them would else print it in colours.
    logging.getLogger().addHandler(handler)
    # These speak of every request and answer: worth a line here, too much at a terminal.
    for name in ("ui.operation.requests", "ui.operation.metrics"):
        logging.getLogger(name).setLevel(logging.DEBUG)
