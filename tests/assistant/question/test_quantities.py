"""Quantities: what a text says in figures, with its unit and its bound."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.question.quantities import Bound, quantities_in

FIGURES: list[tuple[str, str, float, float, str, Bound]] = [
    ("2.49times faster", "2.49times", 2.49, 2.49, "times", "exact"),
    (r"$2.49\times$ faster", r"2.49\times$", 2.49, 2.49, "times", "exact"),
    (r"by 50\% of", r"50\%", 50, 50, "percent", "exact"),
    (r"\textless2MB", "2MB", 2e6, 2e6, "byte", "below"),
    (r"saved 40-60\% FLOPs", r"40-60\%", 40, 60, "percent", "exact"),
    ("from 28% to 56% on", "28% to 56%", 28, 56, "percent", "exact"),
    ("1-2 million steps", "1-2 million", 1e6, 2e6, "", "exact"),
    ("at most about half a point", "half a point", 0.5, 0.5, "point", "at most"),
    ("at least in half", "half", 50, 50, "percent", "at least"),
    ("three quarters of it", "three quarters", 75, 75, "percent", "exact"),
    ("less than a fifth", "a fifth", 20, 20, "percent", "below"),
    ("4B parameters or fewer", "4B", 4e9, 4e9, "", "at most"),
    ("a million tokens or more", "a million", 1e6, 1e6, "", "at least"),
    ("1.5T tokens", "1.5T", 1.5e12, 1.5e12, "", "exact"),
    ("960,067 items", "960,067", 960067, 960067, "", "exact"),
    ("2 orders of magnitude", "2 orders of magnitude", 100, 100, "times", "exact"),
    ("a tenfold speedup", "tenfold", 10, 10, "times", "exact"),
    ("twice as fast", "twice", 2, 2, "times", "exact"),
    ("10+ BLEU", "10", 10, 10, "", "at least"),
    ("under 100 ms", "100 ms", 0.1, 0.1, "second", "below"),
    ("13.7m/s", "13.7m/s", 13.7, 13.7, "metre/second", "exact"),
    ("nearly 5x", "5x", 5, 5, "times", "about"),
    ("6 datasets", "6", 6, 6, "", "exact"),
]


@pytest.mark.parametrize(("text", "figure", "low", "high", "unit", "bound"), FIGURES)
def test_a_figure_is_read_with_its_unit_and_its_bound(
    text: str, figure: str, low: float, high: float, unit: str, bound: Bound
) -> None:
    (found,) = quantities_in(text)
    assert (found.text, found.unit, found.bound) == (figure, unit, bound)
    assert (found.low, found.high) == pytest.approx((low, high))


@pytest.mark.parametrize(
    "text", ["GPT-4 and ResNet50", "512times512", "256 x 256", "3D scenes", "v2.0", "a method",
             "half-precision", "one of them", ""]
)  # fmt: skip
def test_what_is_no_quantity_is_none(text: str) -> None:
    assert list(quantities_in(text)) == []


PIECES = st.sampled_from(
    ["5", "12.5", "1,000", "%", r"\%", "x", "times", " ", "-", " to ", "half", "million", "K", "ms",
     "over ", "or more", "$", r"\times", "10^{2}", "a ", "three ", "quarters", "é"]
)  # fmt: skip


@given(st.lists(PIECES | st.characters()).map("".join))
def test_every_quantity_slices_back_and_none_overlaps_another(text: str) -> None:
    at = 0
    for found in quantities_in(text):
        assert at <= found.start < found.end <= len(text)
        assert text[found.start : found.end] == found.text
        assert found.low <= found.high
        at = found.end
