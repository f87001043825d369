"""Confidence: the probability that the best evidence answers the question."""

from collections.abc import Mapping, Sequence
from typing import get_args

from assistant.answer import Kind
from assistant.evidence.evidence import Evidence, log_odds
from assistant.question.need import Need
from assistant.retrieval.ranking import Found
from store.lexical import terms
from store.papers import Paper


def signals(
    need: Need,
    *,
    found: Sequence[Found],
    papers: Mapping[str, Paper],
    evidence: Sequence[Evidence],
) -> dict[str, float]:
    """Return what tells an answered question from an unanswerable one, as named numbers.

    No single one separates questions that are near the collection but outside it: similarity
    alone lets most of them pass.
    """
    if not evidence or not found:
        return {}
    best = evidence[0]
    paper = papers[best.sentence.paper.id]
    whole = f"{paper.title} {paper.abstract}"
    everywhere = " ".join(f"{p.title} {p.abstract}" for p in papers.values())
    # What the second best sentence, and the best of another paper, would be worth.
    second = evidence[1].score if len(evidence) > 1 else 0.0
    other = next((e.score for e in evidence if e.sentence.paper.id != paper.id), 0.0)
    return {
        "evidence": log_odds(best.score),
        "evidence_second": log_odds(second),
        "evidence_lead": log_odds(best.score) - log_odds(other),
        "reranker": best.features.get("reranker", 0.0),
        "paper": best.features["paper"],
        "paper_first": max(item.first_score for item in found),
        "cosine": max(item.cosine for item in found),
        "cosine_here": next(item.cosine for item in found if item.paper_id == paper.id),
        "bm25": max(item.bm25 for item in found) / (need.weight * 3),
        "terms_paper": need.share(frozenset(terms(whole))),
        "terms_sentence": need.share(best.sentence.terms | best.sentence.within.title_terms),
        "names_here": 1 - _share_missing(need.names, whole) if need.names else 0.0,
        "names_unknown": _share_missing(need.names, everywhere),
        "has_names": float(bool(need.names)),
        "length": min(len(need.terms) / 12, 1.5),
        "number_lacking": float(need.kind == "number") * (1 - best.sentence.cues["number"]),
        # Some kinds of question are answered more often than others at the same scores.
        **{f"kind_{kind}": float(need.scored_as == kind) for kind in get_args(Kind)},
    }


def _share_missing(names: set[str], text: str) -> float:
    folded = text.casefold()
    return sum(n.casefold() not in folded for n in sorted(names)) / len(names) if names else 0.0
