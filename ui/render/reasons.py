"""Reasons: the shares of a quote's score as bars and numbers, closed until asked for."""

from assistant.answer import Quote
from ui.render.verbatim import verbatim
from ui.wording.shares import Share, shares

#: What each share means, for whoever opens the reasons for the first time.
_LEGEND = (
    "Bars to the right speak for the sentence, hollow ones against it. The parts add up; above 0 "
    "an answer is more likely than not."
)


def reasons_html(quote: Quote) -> str:
    """Return what opens to show why a quote was chosen; nothing where it does not say."""
    if quote.why is None:
        return ""
    found = shares(quote.why)
    longest = max((abs(share.value) for share in found), default=1.0)
    rows = "".join(_row(share, longest) for share in found)
    together = _signed(sum(share.value for share in found))
    return (
        '<details class="aa-reasons"><summary>Why this sentence</summary>'
        f'<div class="aa-legend">{verbatim(_LEGEND)}</div>'
        f"<table><tbody>{rows}</tbody></table>"
        f'<div class="aa-sum">Together {together} in log-odds: a score of {quote.score:.2f}.</div>'
        "</details>"
    )


def _row(share: Share, longest: float) -> str:
    against = " aa-against" if share.value < 0 else ""
    return (
        f'<tr><th scope="row">{share.label.capitalize()}</th>'
        f'<td><span class="aa-share{against}"'
        f' style="width: {100 * abs(share.value) / longest:.0f}%"></span></td>'
        f"<td>{_signed(share.value)}</td></tr>"
    )


def _signed(value: float) -> str:
    # With the sign that is as wide as a plus, so that the figures stand below one another.
    return f"{value:+.1f}".replace("-", "\u2212")
