"""What is said: questions in, answers made only of verbatim, cited quotes out.

The names below load their modules when they are first used, so that importing this costs nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from assistant.answer import Answer
    from assistant.assistant import Assistant
    from assistant.conversation import Turn
    from assistant.query import Filters
    from assistant.retrieval.search import Result
    from assistant.session import Session

__version__ = "0.1.0"

__all__ = ["Answer", "Assistant", "Filters", "Result", "Session", "Turn", "__version__"]

#: The module that each name is in.
_HOMES = {
    "Answer": "assistant.answer",
    "Assistant": "assistant.assistant",
    "Filters": "assistant.query",
    "Result": "assistant.retrieval.search",
    "Session": "assistant.session",
    "Turn": "assistant.conversation",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
