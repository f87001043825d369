"""One thing: an answer that one sentence gives, and at most two that stand behind it."""

from collections.abc import Sequence

from assistant.evidence.evidence import Evidence

#: Quotes of an answer about one thing.
QUOTES = 3
#: A further quote must score at least this share of the first one's score: from the same paper,
#: and from another one, which is held to more.
SUPPORT_SAME = 0.02
SUPPORT_OTHER = 0.6


def about_one_thing(evidence: Sequence[Evidence]) -> list[Evidence]:
    """Take the best sentence, then at most two that stand behind it, the same paper's first.

    `evidence` is best first and not empty.
    """
    best, *others = evidence
    here = best.sentence.paper.id
    enough = {True: SUPPORT_SAME * best.score, False: SUPPORT_OTHER * best.score}
    support = [item for item in others if item.score >= enough[item.sentence.paper.id == here]]
    # Both sorts keep the order of what they find equal.
    support = sorted(support, key=lambda item: -item.score)[: QUOTES - 1]
    return [best, *sorted(support, key=lambda item: item.sentence.paper.id != here)]
