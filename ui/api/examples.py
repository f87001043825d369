"""Examples: what the API's description shows as sent and given, from the bundled sample corpus."""

import json
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def examples() -> dict[str, Any]:
    """Return the examples by name: an `answer`, and the `results` of a search."""
    text = (files("ui.api") / "examples.json").read_text(encoding="utf-8")
    shown: dict[str, Any] = json.loads(text)
    return shown
