"""Calibration: the line between two rerankers' logits, and the pairs that it is drawn over."""

from pathlib import Path

import numpy as np
import pytest

from assistant.evidence.calibration import Scale, keep_scale, load_scale, probes
from store.errors import ModelError


def logits(*values: float) -> np.ndarray:
    return np.array(values, dtype=np.float32)


def test_the_scaled_logits_have_the_mean_and_deviation_wanted() -> None:
    # Means 2 and -3, deviations 1 and 2.
    scale = Scale.between(logits(1, 3, 1, 3), logits(-5, -1, -1, -5))
    assert (scale.slope, scale.offset) == (2.0, -7.0)
    assert scale(logits(1, 3, 2)).tolist() == [-5.0, -1.0, -3.0]


def test_how_a_reranker_is_spread_and_where_it_lies_makes_no_difference() -> None:
    wanted, own = logits(-5, -1, -3, 0), logits(0.1, 0.9, 0.3, 0.7)
    expected = Scale.between(own, wanted)(own)
    for slope, offset in ((100, 0), (0.5, 20), (7, -3)):
        moved = own * np.float32(slope) + np.float32(offset)
        assert Scale.between(moved, wanted)(moved) == pytest.approx(expected, abs=1e-2)


@pytest.mark.parametrize("value", [0.0, 7.5, float("nan"), float("inf")])
def test_logits_that_tell_nothing_are_refused(value: float) -> None:
    with pytest.raises(ModelError, match="gives every pair about the same score"):
        Scale.between(logits(value, value, value), logits(1, 2, 3))


def test_a_scale_is_kept_and_read_back(tmp_path: Path) -> None:
    file = tmp_path / "scales" / "a.json"
    assert load_scale(file) is None
    keep_scale(Scale(slope=0.5, offset=-1.25), file)
    assert load_scale(file) == Scale(slope=0.5, offset=-1.25)
    file.write_text('{"slope": "steep"}')
    assert load_scale(file) is None


def test_the_probes_ask_about_a_paper_and_show_it_and_another() -> None:
    asked = {question for question, _, _ in probes()}
    assert len(asked) == 8
    for question in asked:
        titles = {title for q, title, _ in probes() if q == question}
        name = question.removeprefix("What is ").removesuffix("?")
        assert len(titles) == 2
        assert sum(name in title for title in titles) == 1
