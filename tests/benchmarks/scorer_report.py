"""Figures of ranked cases: right sentences by kind, abstention by sort, calibration."""

from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from tests.benchmarks.cases import Case

Sure = NDArray[np.float64]

#: The share of answerable questions that should be answered.
ANSWERED = 0.95
#: How much a question counts that was made unanswerable, beside one that was written so: it may
#: still have an answer.
MADE = 0.35
#: The share of all questions, so counted, that have a right answer.
RIGHT = 2 / 3


def share_of(cases: Sequence[Case]) -> Sure:
    """Return the weight of each case: all that are right together weigh RIGHT."""
    weights = np.array([1.0 if case.variant == "asked" else MADE for case in cases])
    right = np.array([any(case.right[:3]) for case in cases])
    weights[~right] *= weights[right].sum() * (1 - RIGHT) / RIGHT / max(weights[~right].sum(), 1e-9)
    return weights


def floor_of(cases: Sequence[Case], sure: Sure) -> float:
    """Return the confidence that ANSWERED of the answerable cases reach."""
    answerable = np.array([case.answerable for case in cases])
    return round(float(np.quantile(sure[answerable], 1 - ANSWERED)), 3)


def report(cases: Sequence[Case], sure: Sure) -> None:
    """Print p1 and hit3 by kind, then how well confidence tells the cases apart."""
    by_kind: dict[str, list[tuple[bool, bool]]] = defaultdict(list)
    for case in cases:
        if case.answerable:
            for kind in (case.question.kind, "all"):
                by_kind[kind].append((case.right[0], any(case.right[:3])))
    for kind, pairs in sorted(by_kind.items()):
        p1, hit3 = np.mean(pairs, axis=0)
        print(f"{kind:16} n={len(pairs):4}  p1 {p1:.3f}  hit3 {hit3:.3f}")
    _report_abstention(cases, sure)
    right = np.array([any(case.right[:3]) for case in cases])
    _report_calibration(sure, right, share_of(cases))


def _report_abstention(cases: Sequence[Case], sure: Sure) -> None:
    answerable = np.array([case.answerable for case in cases])
    answered = sure >= _floors_of_others(cases, sure)
    print(f"answered of the answerable: {float(np.mean(answered[answerable])):.3f}")
    sorts: dict[str, list[int]] = defaultdict(list)
    for at, case in enumerate(cases):
        if case.variant != "asked":
            sorts[case.variant].append(at)
        elif not case.answerable:
            sorts[case.question.sort].append(at)
            sorts["all unanswerable"].append(at)
    for sort, places in sorted(sorts.items()):
        among = np.concatenate([np.flatnonzero(answerable), np.array(places)])
        auroc = float(roc_auc_score(answerable[among], sure[among]))
        abstained = 1 - float(np.mean(answered[places]))
        print(f"{sort:18} n={len(places):4}  AUROC {auroc:.3f}  abstained {abstained:.2f}")


def _floors_of_others(cases: Sequence[Case], sure: Sure) -> Sure:
    """Return for each case the threshold that is picked without the cases of its part."""
    parts = np.array([case.question.part for case in cases])
    floors = np.empty(len(cases))
    for part in set(parts.tolist()):
        others = np.flatnonzero(parts != part)
        floors[parts == part] = floor_of([cases[at] for at in others], sure[others])
    return floors


def _report_calibration(sure: Sure, right: NDArray[np.bool_], weights: Sure) -> None:
    error = 0.0
    for low, high in pairwise(np.linspace(0, 1, 11)):
        inside = (sure >= low) & ((sure < high) | (high == 1))
        if inside.any():
            weight = weights[inside]
            is_right = float(np.average(right[inside], weights=weight))
            said = float(np.average(sure[inside], weights=weight))
            error += weight.sum() / weights.sum() * abs(said - is_right)
            print(f"confidence {low:.1f}-{high:.1f}: n={inside.sum():4}, right {is_right:.2f}")
    print(f"expected calibration error: {error:.3f}")
