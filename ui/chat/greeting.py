"""Greeting: what the empty chat says and offers, of the papers as they are now or about one."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from assistant.assistant import EXAMPLES, Assistant
from assistant.composition.suggestion import questions_within
from assistant.query import Filters
from store.papers import Paper
from ui.chat.collection import Collection
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
        return Greeting(welcome_to_html(paper), _tried(assistant, paper), "Ask about this paper")
    collection = Collection.of(assistant.corpus)
    prompt = f"Ask {counted(collection.papers, 'abstract')} a question"
    return Greeting(welcome_html(collection), tuple(examples), prompt)


def _tried(assistant: Assistant, paper: Paper) -> tuple[str, ...]:
    """Return questions that the paper answers where it alone is asked."""
    alone = Filters(paper_ids=(paper.id,))
    good = (
        question
        for question in questions_within(paper)
        if assistant.ask(question, filters=alone).status == "answered"
    )
    return tuple(islice(good, EXAMPLES))
