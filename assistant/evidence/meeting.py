"""Meeting: which papers have a sentence whose figures meet the conditions of a question."""

from collections.abc import Iterable, Mapping, Sequence

from assistant.evidence.evidence import Evidence, log_odds
from assistant.evidence.matching import Match
from assistant.evidence.scorer import LinearScorer
from assistant.question.conditions import figures_in, share_met
from assistant.question.need import Need

#: What meeting the conditions adds to the log-odds of a sentence beside the others of its paper.
#: Of 0, 2, 3 and 5 it makes the most first quotes right.
MET = 2.0


def meeting(need: Need, evidence: Sequence[Evidence]) -> list[Evidence]:
    """Return the sentence of each paper that meets the conditions best, of those that do at all.

    `evidence` is best first, and of equals the first is taken.
    """
    best: dict[str, tuple[float, Evidence]] = {}
    for item in evidence if need.conditions else ():
        met = share_met(item.sentence.text, need.conditions)
        if met > best.get(item.sentence.paper.id, (0.0, item))[0]:
            best[item.sentence.paper.id] = met, item
    return [item for _, item in best.values()]


def features_of_meeting(
    need: Need, matches: Iterable[Match], evidence: Sequence[Evidence]
) -> dict[str, tuple[Evidence, dict[str, float]]]:
    """Return the sentence of each paper that answers and meets best, and what is seen of it."""
    met = {id(item): share_met(item.sentence.text, need.conditions) for item in evidence}
    own: dict[str, list[Evidence]] = {}
    for item in evidence:
        own.setdefault(item.sentence.paper.id, []).append(item)
    rows = {}
    for match in matches:
        paper_id = match.evidence.sentence.paper.id
        best = max(own[paper_id], key=lambda item: log_odds(item.score) + MET * met[id(item)])
        every = len(figures_in(best.sentence.text, need.conditions)) == len(need.conditions)
        seen = {"matches": log_odds(match.probability), "met": met[id(best)], "all": float(every)}
        rows[paper_id] = best, seen
    return rows


def met_by_papers(
    rows: Mapping[str, tuple[Evidence, Mapping[str, float]]], scorer: LinearScorer
) -> list[Match]:
    """Return the papers with the probability that each is asked for, the likeliest first."""
    found = [Match(item, scorer.probability(seen)) for item, seen in rows.values()]
    return sorted(found, key=lambda match: -match.probability)
