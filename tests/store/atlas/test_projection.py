"""The projection: like papers come near one another, and always to the same place."""

import numpy as np
import pytest

from store.atlas.projection import project, reduce, unit


def groups(each: int) -> np.ndarray:
    """Three groups of unit vectors, each around a direction of its own."""
    random = np.random.default_rng(7)
    around = np.repeat(np.eye(16, dtype=np.float32)[:3], each, axis=0)
    return unit(around + random.normal(scale=0.05, size=around.shape).astype(np.float32))


@pytest.mark.parametrize("landmarks", [90, 30])
def test_the_nearest_point_is_of_the_same_group(landmarks: int) -> None:
    points = project(reduce(groups(30)), landmarks=landmarks)
    assert points.shape == (90, 2)
    assert points.min() >= 0
    assert points.max() <= 1
    apart = np.linalg.norm(points[:, None] - points[None], axis=2)
    np.fill_diagonal(apart, np.inf)
    assert (apart.argmin(axis=1) // 30 == np.arange(90) // 30).all()


@pytest.mark.parametrize("landmarks", [90, 30])
def test_the_same_vectors_come_to_the_same_points(landmarks: int) -> None:
    reduced = reduce(groups(30))
    first, second = (project(reduced, landmarks=landmarks) for _ in range(2))
    assert np.array_equal(first, second)


def test_equal_vectors_and_none_are_laid_out_too() -> None:
    same = np.ones((12, 8), dtype=np.float32)
    assert np.isfinite(project(unit(same))).all()
    assert project(np.empty((0, 8), dtype=np.float32)).shape == (0, 2)
