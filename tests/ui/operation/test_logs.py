import json
import logging
import subprocess
from collections.abc import Callable

import pytest

from ui.operation.logs import JsonLines

Run = Callable[..., subprocess.CompletedProcess[str]]


def record(message: str, *arguments: object, **more: object) -> logging.LogRecord:
    made = logging.LogRecord(
        "ui.operation.metrics", logging.INFO, "file", 1, message, arguments, None
    )
    vars(made).update(more)
    return made


def test_a_message_is_one_line_of_json() -> None:
    line = JsonLines().format(record("kept %d\nlines", 2, facts={"status": 200}))
    assert "\n" not in line
    said = json.loads(line)
    assert said.pop("time").endswith("+00:00")
    assert said == {
        "level": "info", "logger": "ui.operation.metrics", "message": "kept 2\nlines",
        "status": 200,
    }  # fmt: skip


@pytest.mark.parametrize("questions", [False, True])
def test_questions_are_logged_only_where_that_is_set(questions: bool) -> None:
    asked = record("answered", facts={"question": "What is „BASS“?", "quotes": 1})
    said = json.loads(JsonLines(questions=questions).format(asked))
    assert ("question" in said) is questions
    assert said["quotes"] == 1


def test_what_a_library_warns_of_is_a_line_of_json_too(python: Run) -> None:
    done = python(
        "import logging; from ui.operation.logs import show_json; show_json()\n"
        "from mcp.server.mcpserver.utilities.logging import configure_logging\n"
        "configure_logging('WARNING'); logging.getLogger('mcp.server').warning('no such paper')"
    )
    (line,) = done.stderr.splitlines()
    assert json.loads(line)["message"] == "no such paper"


def test_an_error_brings_its_trace() -> None:
    try:
        raise ValueError("no such thing")
    except ValueError as error:
        failed = record("failed", exc_info=(type(error), error, error.__traceback__))
    said = json.loads(JsonLines().format(failed))
    assert said["error"].startswith("Traceback")
    assert "ValueError: no such thing" in said["error"]
