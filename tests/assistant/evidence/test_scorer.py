"""The linear scorer: the logistic function by hand, and the weights that ship."""

import math
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from assistant.evidence.scorer import LinearScorer, load_decider

NUMBERS = st.floats(-100, 100)


@pytest.mark.parametrize(
    ("features", "expected"),
    [
        ({}, 0.25),  # 1 / (1 + e^ln 3) = 1 / (1 + 3)
        ({"a": 1.0}, 0.5),  # -ln 3 + ln 3 = 0
        ({"a": 2.0}, 0.75),  # 1 / (1 + 1/3)
        ({"a": 1.0, "b": 0.5}, 0.2689),  # 1 / (1 + e) = 0.26894
        ({"a": 1.0, "unknown": 9.0}, 0.5),
        ({"b": 1000.0}, 0.0),
        ({"b": -1000.0}, 1.0),
    ],
)
def test_the_probability_is_the_logistic_of_the_weighted_sum(
    features: dict[str, float], expected: float
) -> None:
    scorer = LinearScorer(intercept=-math.log(3), weights={"a": math.log(3), "b": -2.0})
    assert scorer.probability(features) == expected


@given(NUMBERS, NUMBERS, NUMBERS, NUMBERS)
def test_a_probability_never_falls_as_what_speaks_for_it_grows(
    intercept: float, weight: float, less: float, more: float
) -> None:
    less, more = sorted((less, more))
    scorer = LinearScorer(intercept=intercept, weights={"a": abs(weight)})
    low, high = scorer.probability({"a": less}), scorer.probability({"a": more})
    assert 0 <= low <= high <= 1
    assert low == round(low, 4)


def test_a_scorer_round_trips_and_needs_its_parts() -> None:
    scorer = LinearScorer(intercept=-0.5, weights={"a": 0.1})
    assert LinearScorer.model_validate_json(scorer.model_dump_json()) == scorer
    with pytest.raises(ValidationError, match=r"(?s)weights.*Field required"):
        LinearScorer.model_validate_json('{"intercept": 1.0}')


@pytest.mark.parametrize("name", ["confidence", "confidence_reranked"])
def test_nothing_seen_is_no_answer(name: Literal["confidence", "confidence_reranked"]) -> None:
    decider = load_decider(name)
    assert 0 < decider.answer_from < 1
    assert decider.probability({}) < decider.answer_from
