"""Notes: what stands around an answer in its conversation, as HTML.

It passes through the chat's sanitiser: see `ui.render`.
"""

from collections.abc import Mapping

from assistant.answer import Answer
from store.papers import Paper
from ui.conversations.asked import Asked, Seal
from ui.render.verbatim import verbatim


def since_html(asked: Asked, answer: Answer) -> str:
    """Return what says whether the answer is still the one that the question had then.

    Nothing where there was none, or where it is and nobody needs to be told.
    """
    if asked.then is None:
        return ""
    said = _since(asked.then, Seal.of(answer))
    if said is None:
        said = "Same papers, same assistant: this is the answer as it was." if asked.tell else ""
    return f'<p class="aa-since">{said}</p>' if said else ""


def only_html(answer: Answer, papers: Mapping[str, Paper]) -> str:
    """Return what says that only chosen papers were searched; the answer itself says the rest."""
    ids = answer.filters.paper_ids if answer.filters else None
    if ids is None:
        return ""
    one = papers.get(ids[0]) if len(ids) == 1 else None
    said = f"<b>{verbatim(one.title)}</b>" if one else f"{len(ids):,} papers"
    return f'<p class="aa-only">Searched only {said}</p>'


def question_tools_html() -> str:
    """Return the buttons beside a question: to change it, to ask it again."""
    return (
        '<span class="aa-question-tools">'
        '<button type="button" class="aa-edit" title="Edit the question">'
        '<span class="aa-unseen">Edit the question</span></button>'
        '<button type="button" class="aa-again" title="Ask it again">'
        '<span class="aa-unseen">Ask it again</span></button></span>'
    )


def stop_html() -> str:
    """Return the button that stops an answer that is being looked for."""
    return '<p class="aa-stopping"><button type="button" class="aa-stop">Stop</button></p>'


def actions_html(*, judged: bool) -> str:
    """Return the buttons below an answer; with `judged` those that call it good or bad, too."""
    verdicts = (
        '<button type="button" class="aa-verdict aa-good" title="A good answer">'
        '<span class="aa-unseen">A good answer</span></button>'
        '<button type="button" class="aa-verdict aa-bad" title="A bad answer">'
        '<span class="aa-unseen">A bad answer</span></button>'
    )
    return (
        '<div class="aa-actions"><button type="button" class="aa-link-to"'
        ' title="Copy a link that asks this again">Copy link</button>'
        f'{verdicts if judged else ""}<span class="aa-done" role="status"></span></div>'
    )


def _since(then: Seal, now: Seal) -> str | None:
    """Return what has changed since then, or None where nothing has."""
    same_papers = now.snapshot.startswith(then.snapshot)
    same_version = not then.version or then.version == now.version
    if same_papers and same_version:
        return None
    what = "The papers have" if not same_papers else "The assistant has"
    if not then.quotes:
        return f"{what} changed since then; the answer may differ."
    if then.quotes == now.quotes:
        return f"{what} changed since then; the quotes are the same."
    return f"{what} changed since then, and so have the quotes."
