"""Greeting: what the empty chat says and offers, of the papers as they are now or about one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from assistant.assistant import Assistant
from ui.collection import Collection
from ui.render import welcome_html, welcome_to_html
from ui.render.citing import counted


@dataclass(frozen=True, slots=True)
class Greeting:
    """The `welcome` as HTML, questions that answer well, and what the empty box says."""

    welcome: str
    examples: tuple[str, ...]
    prompt: str

    @property
    def of_chat(self) -> dict[str, Any]:
        """What Gradio's Chatbot is given of it."""
        return {
            "placeholder": self.welcome,
            "examples": [{"text": text} for text in self.examples],
        }


def greeting(assistant: Assistant, *, examples: Sequence[str], paper_id: str = "") -> Greeting:
    """Return the greeting of all papers, with these `examples`, or about the paper of an id."""
    paper = assistant.corpus.get([paper_id]).get(paper_id) if paper_id else None
    if paper:
        asked = assistant.examples_of(paper)
        return Greeting(welcome_to_html(paper), asked, "Ask about this paper")
    collection = Collection.of(assistant.corpus)
    prompt = f"Ask {counted(collection.papers, 'abstract')} a question"
    return Greeting(welcome_html(collection), tuple(examples), prompt)
