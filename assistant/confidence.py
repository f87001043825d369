"""Confidence: the probability that the best evidence answers the question."""

from collections.abc import Mapping, Sequence

from assistant.evidence import Evidence
from assistant.features import Overlap
from assistant.retrieval import Found
from assistant.sentence import names_in
from store.corpus import Corpus
from store.lexical import terms
from store.papers import Paper


def signals(
    corpus: Corpus,
    question: str,
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
    overlap = Overlap(corpus, question)
    paper = best.sentence.paper
    whole = frozenset(terms(f"{paper.title} {paper.abstract}"))
    sentence = frozenset(terms(f"{paper.title} {best.sentence.text}"))
    names = names_in(question)
    everywhere = " ".join(f"{p.title} {p.abstract}" for p in papers.values())
    second = next((e.score for e in evidence if e.sentence.paper.id != paper.id), 0.0)
    return {
        "evidence": best.score,
        "reranker": best.features.get("reranker", 0.0),
        "evidence_lead": best.score - second,
        "cosine": max(item.cosine for item in found),
        "cosine_here": next(item.cosine for item in found if item.paper_id == paper.id),
        "bm25": max(item.bm25 for item in found) / (overlap.total * 3),
        "terms_paper": overlap.share(whole),
        "terms_sentence": overlap.share(sentence),
        "terms_known": overlap.share({term for term in overlap.terms if overlap.frequencies[term]}),
        "names_unknown": _share_missing(names, everywhere),
        "has_names": float(bool(names)),
        "length": min(len(overlap.terms) / 12, 1.5),
    }


def _share_missing(names: set[str], text: str) -> float:
    folded = text.casefold()
    return sum(n.casefold() not in folded for n in sorted(names)) / len(names) if names else 0.0
