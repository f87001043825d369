"""Matching: which of the papers found are what a list question asks for, and how surely."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.evidence.evidence import Evidence, log_odds
from assistant.evidence.scorer import LinearScorer
from assistant.question.need import Need
from assistant.retrieval.ranking import Found
from store.lexical import terms
from store.papers import Paper


@dataclass(frozen=True, slots=True)
class Match:
    """A paper's best sentence for a list, and the probability that the paper belongs in it."""

    evidence: Evidence
    probability: float


def matches(
    need: Need,
    *,
    found: Sequence[Found],
    papers: Mapping[str, Paper],
    evidence: Sequence[Evidence],
    scorer: LinearScorer,
) -> list[Match]:
    """Return each found paper with its best sentence, the likeliest first; equals in found order.

    `evidence` is best first.
    """
    best = best_of_papers(evidence)
    rows = features_of_papers(need, found=found, papers=papers, best=best)
    matched = [Match(best[key], scorer.probability(row)) for key, row in rows.items()]
    return sorted(matched, key=lambda match: -match.probability)


def best_of_papers(evidence: Sequence[Evidence]) -> dict[str, Evidence]:
    """Return the best sentence of each paper, by paper id; `evidence` is best first."""
    best: dict[str, Evidence] = {}
    for item in evidence:
        best.setdefault(item.sentence.paper.id, item)
    return best


def features_of_papers(
    need: Need,
    *,
    found: Sequence[Found],
    papers: Mapping[str, Paper],
    best: Mapping[str, Evidence],
) -> dict[str, dict[str, float]]:
    """Return what is seen of each paper that has a best sentence, by paper id, in found order.

    A paper belongs in a list by what is seen of it, and by how little the best one exceeds it.
    """
    found = [item for item in found if item.paper_id in best]
    highest = max((log_odds(item.score) for item in best.values()), default=0.0)
    read = max((item.features.get("reranker", 0.0) for item in best.values()), default=0.0)
    first = max((item.score for item in found), default=0.0) or 1.0
    rows = {}
    for item in found:
        sentence = best[item.paper_id]
        paper = papers[item.paper_id]
        title = frozenset(terms(paper.title))
        reranker = sentence.features.get("reranker", 0.0)
        rows[item.paper_id] = {
            "evidence": log_odds(sentence.score),
            "evidence_behind": highest - log_odds(sentence.score),
            "reranker": reranker,
            "reranker_behind": read - reranker,
            "paper": item.score,
            "paper_share": item.score / first,
            "rank": math.log(item.rank),
            "terms_title": need.share(title),
            "terms_paper": need.share(title | frozenset(terms(paper.abstract))),
        }
    return rows
