"""Listing: an answer that many papers give, each with one sentence."""

from collections.abc import Sequence
from itertools import islice

from assistant.evidence import Evidence

#: Papers of a list.
LISTED = 8
#: A paper is listed whose retrieval score is at least this share of the best one's, and whose
#: sentence's score at least that share.
LIST_PAPER_SHARE = 0.45
LIST_SENTENCE_SHARE = 0.001


def listed(evidence: Sequence[Evidence]) -> list[Evidence]:
    """Take the best sentence, and that of each other paper which holds up beside the best ones.

    `evidence` is best first and not empty.
    """
    found = LIST_PAPER_SHARE * max(item.features.get("paper", 0.0) for item in evidence)
    firsts = {evidence[0].sentence.paper.id: evidence[0]}
    for item in evidence:
        holds_up = item.score >= LIST_SENTENCE_SHARE * evidence[0].score
        if holds_up and item.features.get("paper", 0.0) >= found:
            firsts.setdefault(item.sentence.paper.id, item)
    return list(islice(firsts.values(), LISTED))
