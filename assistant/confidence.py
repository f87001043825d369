"""Confidence: the probability that the best evidence answers the question."""

from collections.abc import Mapping, Sequence

from assistant.evidence import Evidence
from assistant.need import Need
from assistant.retrieval import Found
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
    whole = frozenset(terms(f"{paper.title} {paper.abstract}"))
    sentence = frozenset(terms(f"{paper.title} {best.sentence.text}"))
    everywhere = " ".join(f"{p.title} {p.abstract}" for p in papers.values())
    second = next((e.score for e in evidence if e.sentence.paper.id != paper.id), 0.0)
    return {
        "evidence": best.score,
        "reranker": best.features.get("reranker", 0.0),
        "evidence_lead": best.score - second,
        "cosine": max(item.cosine for item in found),
        "cosine_here": next(item.cosine for item in found if item.paper_id == paper.id),
        "bm25": max(item.bm25 for item in found) / (need.weight * 3),
        "terms_paper": need.share(whole),
        "terms_sentence": need.share(sentence),
        "terms_known": need.share({term for term in need.terms if need.frequencies[term]}),
        "names_unknown": _share_missing(need.names, everywhere),
        "has_names": float(bool(need.names)),
        "length": min(len(need.terms) / 12, 1.5),
    }


def _share_missing(names: set[str], text: str) -> float:
    folded = text.casefold()
    return sum(n.casefold() not in folded for n in sorted(names)) / len(names) if names else 0.0
