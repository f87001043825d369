"""Listing: an answer that many papers give, each with one sentence."""

from assistant.answer import Matching
from assistant.composition.draft import Chosen, Draft
from assistant.inquiry import Inquiry

#: Papers of the longest list.
LISTED = 20
#: The probability that its best paper matches, from which a question that bounds a figure is
#: answered. It tells what has an answer better than the confidence does, which sees no figures.
ANSWER_FROM = 0.5


def listed(inquiry: Inquiry) -> Draft | None:
    """Quote of each paper that seems to match its best sentence, the likeliest paper first.

    None where the papers hold no answer.
    """
    matches, confidence, answered = inquiry.matches, inquiry.confidence, inquiry.is_answered
    if matches and inquiry.need.conditions:
        confidence = matches[0].probability
        answered = confidence >= ANSWER_FROM
        if not answered:
            return Draft(inquiry.need.kind, confidence)
    if not answered:
        return None
    likely = [match for match in matches if match.probability >= inquiry.match_from]
    # One paper answers at least, or there would be no answer.
    shown = likely[:LISTED] or matches[:1]
    matching = Matching(
        weighed=len(matches),
        found=max(len(likely), 1),
        expected=round(sum(match.probability for match in shown), 1),
    )
    chosen = tuple(Chosen(match.evidence) for match in shown)
    return Draft(inquiry.need.kind, confidence, chosen, matching=matching)
