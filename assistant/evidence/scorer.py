"""LinearScorer: a logistic model over named features, kept as JSON."""

import math
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Literal, get_args

from pydantic import BaseModel

from store.papers import sha256

#: The scorers that ship with the package, each in a file of this name in `scorers/`: of sentences
#: at the first and the second reading, and of whole answers and of the papers of lists, without
#: the reranker and with it.
OfSentences = Literal["evidence", "reranked"]
OfAnswers = Literal[
    "confidence", "confidence_reranked",
    "matching", "matching_reranked",
    "threshold", "threshold_reranked",
]  # fmt: skip
SCORERS: tuple[str, ...] = (*get_args(OfSentences), *get_args(OfAnswers))

#: Decimals of a probability, so that last bits never decide an order.
DECIMALS = 4


class LinearScorer(BaseModel):
    """Weights by feature name; a feature that is not named weighs nothing."""

    intercept: float
    weights: dict[str, float]

    def probability(self, features: Mapping[str, float]) -> float:
        """Return the modelled probability, from 0 to 1."""
        # Beyond this the logistic function is 0 or 1 to every digit kept.
        total = max(-40.0, min(40.0, self.log_odds(features)))
        return round(1.0 / (1.0 + math.exp(-total)), DECIMALS)

    def log_odds(self, features: Mapping[str, float]) -> float:
        """Return the logit of the modelled probability."""
        total = self.intercept
        for name, weight in self.weights.items():
            total += weight * features.get(name, 0.0)
        return total

    def contributions(self, features: Mapping[str, float]) -> dict[str, float]:
        """Return what each named feature adds to the log-odds; the rest is the intercept."""
        return {
            name: weight * features[name]
            for name, weight in self.weights.items()
            if name in features
        }


class Decider(LinearScorer):
    """A scorer of answers, or of papers of a list, and the probability from which one is given."""

    answer_from: float


@cache
def load_scorer(name: OfSentences) -> LinearScorer:
    """Return the scorer of sentences that was fitted for `name` and ships with the package."""
    return LinearScorer.model_validate_json(_shipped(name))


@cache
def load_decider(name: OfAnswers) -> Decider:
    """Return the scorer of answers or of papers that was fitted for `name`; they ship with this."""
    return Decider.model_validate_json(_shipped(name))


@cache
def scorers_digest() -> str:
    """Return the SHA-256, in hex, of all scorers that ship with the package."""
    return sha256("\n".join(map(_shipped, sorted(SCORERS))))


def _shipped(name: str) -> str:
    return (
        resources.files("assistant.evidence").joinpath("scorers", f"{name}.json").read_text("utf-8")
    )
