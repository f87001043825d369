"""Fitting linear scorers: which of a question's sentences answers it, and whether any does."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import logsumexp
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from assistant.evidence.scorer import SCORERS, LinearScorer

Row = Mapping[str, float]
Matrix = NDArray[np.float64]

#: How strongly weights are held near zero, on features scaled to deviation 1.
CHOICE_PENALTY = 0.01
CONFIDENCE_C = 0.1
#: Where the scorers lie that ship with the package.
SHIPPED = Path(__file__).parents[2] / "assistant" / "evidence" / "scorers"


def fit_choice(groups: Sequence[tuple[Sequence[Row], Sequence[bool]]]) -> LinearScorer:
    """Fit what picks a right one among the candidates of a question, then its probability.

    Each group holds the candidates of one question and whether each is right. First a conditional
    logit (McFadden 1974): the chance of picking a right candidate when the odds of a candidate are
    the exponential of its score. What a whole question has in common thus weighs nothing. Then the
    scores are mapped to the probability of being right by a logistic of one slope (Platt 1999).
    """
    groups = [group for group in groups if any(group[1])]
    names = sorted({name for rows, _ in groups for row in rows for name in row})
    parts = [_matrix(rows, names) for rows, _ in groups]
    right = [np.array(labels) for _, labels in groups]
    scaler = StandardScaler().fit(np.vstack(parts))
    weights = _conditional_logit([scaler.transform(part) for part in parts], right)
    scores = scaler.transform(np.vstack(parts)) @ weights
    platt = LogisticRegression(C=1e6).fit(scores[:, None], np.concatenate(right))
    slope, intercept = float(platt.coef_[0, 0]), float(platt.intercept_[0])
    return _plain(names, slope * weights, intercept, scaler)


def fit_confidence(
    rows: Sequence[Row], right: Sequence[bool], *, weights: Matrix | None = None
) -> LinearScorer:
    """Fit a logistic model of being right, each row counted by its weight."""
    names = sorted({name for row in rows for name in row})
    matrix = _matrix(rows, names)
    scaler = StandardScaler().fit(matrix)
    model = LogisticRegression(C=CONFIDENCE_C, max_iter=5000)
    model.fit(scaler.transform(matrix), np.array(right), sample_weight=weights)
    return _plain(names, model.coef_[0], float(model.intercept_[0]), scaler)


def ship(name: str, scorer: LinearScorer) -> None:
    """Write a scorer to where the package keeps it."""
    assert name in SCORERS, f"the package has no scorer {name!r}"
    (SHIPPED / f"{name}.json").write_text(scorer.model_dump_json(indent=1) + "\n", "utf-8")


def _conditional_logit(parts: Sequence[Matrix], right: Sequence[NDArray[np.bool_]]) -> Matrix:
    ends = np.cumsum([len(part) for part in parts])[:-1]
    matrix = np.vstack(parts)

    def loss(weights: Matrix) -> tuple[float, Matrix]:
        total, slopes = 0.0, np.empty(len(matrix))
        pieces = np.split(matrix @ weights, ends)
        at = 0
        for scores, labels in zip(pieces, right, strict=True):
            every, chosen = logsumexp(scores), logsumexp(scores[labels])
            total += every - chosen
            slopes[at : at + len(scores)] = np.exp(scores - every)
            slopes[at : at + len(scores)][labels] -= np.exp(scores[labels] - chosen)
            at += len(scores)
        gradient = matrix.T @ slopes / len(parts) + 2 * CHOICE_PENALTY * weights
        return total / len(parts) + CHOICE_PENALTY * float(weights @ weights), gradient

    found: Matrix = minimize(loss, np.zeros(matrix.shape[1]), jac=True, method="L-BFGS-B").x
    return found


def _matrix(rows: Sequence[Row], names: Sequence[str]) -> Matrix:
    return np.array([[row.get(name, 0.0) for name in names] for row in rows])


def _plain(
    names: Sequence[str], weights: Matrix, intercept: float, scaler: StandardScaler
) -> LinearScorer:
    """Return the scorer written in terms of the features as they are, not as they were scaled."""
    plain = weights / scaler.scale_
    return LinearScorer(
        intercept=round(float(intercept - plain @ scaler.mean_), 4),
        weights={name: round(float(w), 4) for name, w in zip(names, plain, strict=True)},
    )
