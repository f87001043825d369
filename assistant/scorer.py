"""LinearScorer: a logistic model over named features, kept as JSON."""

import math
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Literal

from pydantic import BaseModel

#: Decimals of a probability, so that last bits never decide an order.
DECIMALS = 4


class LinearScorer(BaseModel):
    """Weights by feature name; a feature that is not named weighs nothing."""

    intercept: float
    weights: dict[str, float]

    def probability(self, features: Mapping[str, float]) -> float:
        """Return the modelled probability, from 0 to 1."""
        total = self.intercept
        for name, weight in self.weights.items():
            total += weight * features.get(name, 0.0)
        # Beyond this the logistic function is 0 or 1 to every digit kept.
        total = max(-40.0, min(40.0, total))
        return round(1.0 / (1.0 + math.exp(-total)), DECIMALS)


@cache
def load_scorer(name: Literal["evidence", "confidence"]) -> LinearScorer:
    """Return the scorer that was fitted for `name` and ships with the package."""
    text = resources.files("assistant").joinpath(f"{name}.json").read_text("utf-8")
    return LinearScorer.model_validate_json(text)
