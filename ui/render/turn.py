"""A turn of the conversation but for its answer: the question, the wait, and what went wrong."""

from ui.render.citing import counted
from ui.render.verbatim import verbatim


def question_html(question: str) -> str:
    """Return the bubble that holds a question, exactly as it was typed."""
    return f'<p class="aa-question">{verbatim(question)}</p>'


def waiting_html(papers: int) -> str:
    """Return what stands in for an answer while the abstracts are searched."""
    return f'<p class="aa-waiting">Searching {counted(papers, "abstract")}</p>'


def notice_html(text: str, *, again: bool = False) -> str:
    """Return a gentle message, set as a sentence, in the place of an answer.

    With `again`, a button asks the same question once more: see static/talk.js.
    """
    sentence = text[:1].upper() + text[1:].rstrip(".") + "."
    button = '<button type="button" class="aa-retry">Ask again</button>' if again else ""
    return f'<div class="aa-notice"><p>{verbatim(sentence)}</p>{button}</div>'
