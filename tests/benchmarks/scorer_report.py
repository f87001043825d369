"""Figures of ranked cases: right sentences by kind, abstention by sort, calibration."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

if TYPE_CHECKING:
    from tests.benchmarks.fit_scorers import Case

#: The share of answerable questions that should be answered.
ANSWERED = 0.95


def floor_of(cases: Sequence[Case], sure: NDArray[np.float64]) -> float:
    """Return the confidence that ANSWERED of the answerable cases reach."""
    answerable = np.array([case.answerable for case in cases])
    return round(float(np.quantile(sure[answerable], 1 - ANSWERED)), 3)


def report(
    cases: Sequence[Case], sure: NDArray[np.float64], *, weights: NDArray[np.float64]
) -> None:
    """Print p1 and hit3 by kind, then how well confidence tells the cases apart."""
    by_kind: dict[str, list[tuple[bool, bool]]] = defaultdict(list)
    for case in cases:
        if case.answerable:
            for kind in (case.question.kind, "all"):
                by_kind[kind].append((case.right[0], any(case.right[:3])))
    for kind, pairs in sorted(by_kind.items()):
        p1, hit3 = np.mean(pairs, axis=0)
        print(f"{kind:16} n={len(pairs):3}  p1 {p1:.3f}  hit3 {hit3:.3f}")
    _report_abstention(cases, sure)
    _report_calibration(sure, np.array([any(case.right[:3]) for case in cases]), weights)


def _report_abstention(cases: Sequence[Case], sure: NDArray[np.float64]) -> None:
    asked = np.array([not case.taken_away for case in cases])
    answerable = np.array([case.answerable for case in cases])
    away = answerable | ~asked
    print(f"AUROC, answerable against unanswerable: {_auroc(answerable, sure, asked):.3f}")
    print(f"AUROC, answerable against papers taken away: {_auroc(answerable, sure, away):.3f}")
    floor = floor_of(cases, sure)
    print(f"threshold that answers {ANSWERED:.0%} of the answerable: {floor}")
    sorts: dict[str, list[bool]] = defaultdict(list)
    for case, value in zip(cases, sure, strict=True):
        if case.taken_away:
            sorts["papers taken away"].append(bool(value < floor))
        elif not case.answerable:
            sorts[case.question.sort.split(":")[0].split(";")[0]].append(bool(value < floor))
    for sort, abstained in sorted(sorts.items()):
        print(f"abstained, {sort:20} n={len(abstained):3}  {np.mean(abstained):.2f}")


def _auroc(
    answerable: NDArray[np.bool_], sure: NDArray[np.float64], among: NDArray[np.bool_]
) -> float:
    return float(roc_auc_score(answerable[among], sure[among]))


def _report_calibration(
    sure: NDArray[np.float64], right: NDArray[np.bool_], weights: NDArray[np.float64]
) -> None:
    error = 0.0
    for low, high in pairwise(np.linspace(0, 1, 11)):
        inside = (sure >= low) & (sure < high)
        if inside.any():
            weight = weights[inside]
            is_right = float(np.average(right[inside], weights=weight))
            said = float(np.average(sure[inside], weights=weight))
            error += weight.sum() / weights.sum() * abs(said - is_right)
            count = inside.sum()
            print(f"confidence {low:.1f}-{high:.1f}: n={count:3}, right {is_right:.2f}")
    print(f"expected calibration error: {error:.3f}")
