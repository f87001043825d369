"""Conditions: what a question bounds, and what meets it."""

import pytest

from assistant.question.conditions import (
    bounds_something,
    conditions_in,
    figures_in,
    told_in,
)

MET = [
    ("Which methods save more than 70% FLOPs?", "It offers FLOP savings up to 71.1%.", "71.1%"),
    ("Which methods save more than 70% FLOPs?", "It offers FLOP savings up to 69.9%.", None),
    ("What cuts FLOPs by at least 40%?", "The computational cost (FLOPs) is reduced by 2X.", "2X"),
    ("What cuts FLOPs by at least 60%?", "The computational cost (FLOPs) is reduced by 2X.", None),
    ("What saves over 40% FLOPs?", "more than 100% inference speed, nearly 60% FLOPs", "60%"),
    ("Which papers get an FID below 1.5?", "It achieves an FID of 1.48 in 3 days.", "1.48"),
    ("Which papers get an FID below 1.5?", "It achieves an FID of 1.5.", None),
    ("Which report speedups above 5x?", "It is faster by 4.9times.", None),
    ("methods with 5x speedup or more", "a 5x speedup", "5x"),
    ("trackers under 1 ms", "at a runtime of 0.7 milliseconds", "0.7 milliseconds"),
    ("segmentation with Dice over 0.9", "Dice scores of 89.02% and 91.82%", "91.82%"),
    ("Which lose under half a percent of accuracy?", "an accuracy drop of 0.38%", "0.38%"),
    ("studies with fewer than 100 patients", "We tested 81 subjects in 300 rooms.", "81"),
]


@pytest.mark.parametrize(("question", "sentence", "figure"), MET)
def test_the_figure_that_meets_a_condition_is_found(
    question: str, sentence: str, figure: str | None
) -> None:
    found = figures_in(sentence, tuple(conditions_in(question)))
    assert [one.quantity.text for one in found] == ([figure] if figure else [])


def test_a_figure_without_a_bound_is_no_condition() -> None:
    assert list(conditions_in("What does ViT reach on CIFAR 100 with 16 tokens?")) == []
    assert not bounds_something("Which ~1B model is best?")
    assert bounds_something("Which model under 1B is best?")


@pytest.mark.parametrize(
    ("sentence", "is_of_flops"),
    [
        ("It halves memory by 50% and cuts FLOPs by 20%.", False),
        ("It reduces FLOPs by 50% and memory by 20%.", True),
        ("The computational cost (FLOPs) is reduced by 2X.", True),
        ("Latency falls by 45%, with fewer FLOPs.", False),
    ],
)
def test_a_figure_is_of_what_its_own_clause_names(sentence: str, is_of_flops: bool) -> None:
    conditions = tuple(conditions_in("What cuts FLOPs by at least 40%?"))
    assert len(figures_in(sentence, conditions)) == 1
    assert bool(told_in(sentence, conditions)) is is_of_flops


def test_a_condition_of_no_certain_thing_takes_any_figure() -> None:
    told = told_in("a 6x speedup", tuple(conditions_in("which are over 5x faster")))
    assert [(start, figure.quantity.text) for start, figure in told.items()] == [(2, "6x")]
