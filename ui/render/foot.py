"""The foot of an answer: what was checked, what was searched, and which state of the papers."""

from assistant.answer import Answer
from store.papers import shown_digest
from ui.render.citing import counted
from ui.render.verbatim import verbatim


def foot_html(answer: Answer, *, sound: bool) -> str:
    """Return the foot of an answer that `verify` found `sound`, or did not."""
    checked = verified_html(len(answer.quotes), sound=sound)
    searched = f"Searched {counted(answer.coverage.papers_searched, 'abstract')}."
    return f'<p class="aa-foot">{checked} <br>{searched} {snapshot_html(answer.snapshot)}</p>'


def verified_html(quotes: int, *, sound: bool) -> str:
    """Return what says that the quotes were compared with the stored abstracts, if they were."""
    if not sound:
        return '<span class="aa-unverified">Not verified: the abstracts have changed.</span>'
    said = "The quote is" if quotes == 1 else f"All {quotes} quotes are"
    where = "its stored abstract" if quotes == 1 else "their stored abstracts"
    return f'<span class="aa-verified">Verified</span> {said} letter for letter in {where}.'


def snapshot_html(snapshot: str) -> str:
    """Return the state of the papers that was searched, in short; a click copies it whole."""
    about = "Copy the whole id. The same snapshot, question and version give this answer again."
    return (
        f'Snapshot <button type="button" class="aa-snapshot" name="{verbatim(snapshot)}"'
        f' title="{about}">{verbatim(shown_digest(snapshot))}</button>'
    )
