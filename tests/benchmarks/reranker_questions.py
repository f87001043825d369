"""Cases as the reranker meets them, and how well a score ranks their sentences."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.evidence.evidence import Evidence
from tests.benchmarks.cases import Case
from tests.benchmarks.reranker_data import Group

#: Sentences that the reranker is shown.
BEST = 8
#: Right sentences to learn from, and wrong ones of an answerable and of an unanswerable question.
RIGHT, WRONG, WRONG_WITHOUT_ANSWER = 4, 10, 6

Scores = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Shown:
    """The sentences of a case that a reranker reads, and the plain score that chose them."""

    case: Case
    group: Group
    plain: Scores


def plain_score(evidence: Evidence) -> float:
    """Return the paper's score, half the window's cosine and half the share of terms held.

    It was fitted on nothing.
    """
    seen = evidence.features
    return seen["paper"] + 0.5 * seen["window_best"] + 0.5 * seen["terms_with_title"]


def shown(case: Case) -> Shown:
    """Return the best sentences of a case by the plain score."""
    plain, order = _by_plain_score(case)
    best = order[:BEST]
    return Shown(case, _group(case, best), plain[best])


def to_learn(case: Case) -> Group:
    """Return what there is to learn from a case: right sentences and the likeliest wrong ones."""
    _, order = _by_plain_score(case)
    right = [at for at in order if case.right[at]]
    wrong = [at for at in order if not case.right[at]]
    return _group(case, [*right[:RIGHT], *wrong[: WRONG if right else WRONG_WITHOUT_ANSWER]])


def _by_plain_score(case: Case) -> tuple[Scores, Sequence[int]]:
    plain = np.array([plain_score(item) for item in case.evidence])
    return plain, [int(at) for at in np.argsort(-plain, kind="stable")]


def _group(case: Case, places: Sequence[int]) -> Group:
    sentences = [case.evidence[at].sentence for at in places]
    return Group(
        case.question.text,
        tuple((sentence.paper.title, sentence.text) for sentence in sentences),
        tuple(int(case.right[at]) for at in places),
        case.question.part,
    )


# -- measures -----------------------------------------------------------------------------------


def mixed(plain: Scores, logits: Scores, *, weight: float) -> Scores:
    """Return the logits plus `weight` times the plain score, both scaled to deviation 1."""
    return _scaled(logits) + weight * _scaled(plain)


def measures(cases: Sequence[Shown], scores: Sequence[Scores]) -> dict[str, float]:
    """Return p1 and hit3 over the answerable cases, then p1 of each kind."""
    firsts: dict[str, list[bool]] = defaultdict(list)
    threes = []
    for item, row in zip(cases, scores, strict=True):
        if item.case.answerable:
            order = np.argsort(-row, kind="stable")[:3]
            firsts[item.case.question.kind].append(bool(item.group.answers[order[0]]))
            threes.append(any(item.group.answers[at] for at in order))
    every = [value for values in firsts.values() for value in values]
    by_kind = {kind: float(np.mean(values)) for kind, values in sorted(firsts.items())}
    return {"p1": float(np.mean(every)), "hit3": float(np.mean(threes)), **by_kind}


def separation(cases: Sequence[Shown], scores: Sequence[Scores]) -> float:
    """Return the AUROC of the top score: answerable questions against unanswerable ones."""
    top = [float(row.max()) for row in scores]
    yes = [score for score, item in zip(top, cases, strict=True) if item.case.answerable]
    no = [s for s, item in zip(top, cases, strict=True) if not item.case.question.gold]
    wins = sum((a > b) + (a == b) / 2 for a in yes for b in no)
    return wins / (len(yes) * len(no))


def _scaled(values: Scores) -> Scores:
    result: Scores = (values - values.mean()) / (values.std() or 1.0)
    return result
