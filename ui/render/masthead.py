"""The head of the page."""

from ui.render.verbatim import verbatim


def masthead_html(title: str) -> str:
    """Return the head of the chat: its title, and the way to the papers."""
    return (
        f'<h1>{verbatim(title)}</h1><nav aria-label="Main">'
        '<a href="./" aria-current="page">Chat</a><a href="papers">Papers</a></nav>'
        '<button type="button" id="aa-show-keys" title="Keys" aria-label="Keys">?</button>'
    )
