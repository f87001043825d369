"""Projection: vectors to points of the plane, those of like papers near one another.

Up to LANDMARKS papers are laid out by t-SNE (van der Maaten and Hinton 2008); any other stands
among the landmarks that are nearest to it, so that the time grows with the papers, and not with
their square.
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

#: Papers laid out by t-SNE itself, and its perplexity where there are enough.
LANDMARKS, PERPLEXITY = 2000, 30.0
#: Directions of greatest variance that are kept: the rest is mostly noise, and takes time.
DIRECTIONS = 50
#: Landmarks that a paper stands among, and how far around it is scattered, in shares of the map.
NEIGHBOURS, SCATTER = 4, 0.006
#: Papers compared with the landmarks at a time.
BATCH = 4096
#: Any fixed number: the same papers make the same map.
SEED = 0


def reduce(vectors: Floats) -> Floats:
    """Return vectors (n, d) along their directions of greatest variance, of length 1 each."""
    from sklearn.decomposition import PCA

    count = min(DIRECTIONS, *vectors.shape)
    # One paper has no variance.
    if len(vectors) < 2:
        return vectors
    reduced = PCA(count, svd_solver="covariance_eigh").fit_transform(vectors)
    return unit(reduced.astype(np.float32))


def project(reduced: Floats, *, landmarks: int = LANDMARKS) -> Floats:
    """Return for each of the reduced vectors (n, d) a point (n, 2), within 0..1 both ways.

    At most so many `landmarks`, picked at random but always the same, are laid out by t-SNE.
    """
    count = len(reduced)
    if count < 3:
        return np.linspace([0.25, 0.5], [0.75, 0.5], count, dtype=np.float32)
    random = np.random.default_rng(SEED)
    chosen = np.sort(random.choice(count, min(count, landmarks), replace=False))
    placed = _fitted(_laid_out(reduced[chosen]))
    if count == len(chosen):
        return placed
    points = _among(reduced, reduced[chosen], placed)
    points += random.normal(scale=SCATTER, size=points.shape)
    points[chosen] = placed
    return _fitted(points)


def unit(vectors: Floats) -> Floats:
    """Return the vectors with length 1 each; those of length 0 stay."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    scaled: Floats = (vectors / np.where(lengths > 0, lengths, 1)).astype(np.float32)
    return scaled


def _laid_out(reduced: Floats) -> Floats:
    from sklearn.manifold import TSNE
    from threadpoolctl import threadpool_limits

    perplexity = min(PERPLEXITY, (len(reduced) - 1) / 3)
    # Several threads would add up in an order of their own, and no two maps would be the same.
    with threadpool_limits(1):
        layout = TSNE(init="pca", perplexity=perplexity, random_state=SEED, max_iter=500)
        return np.asarray(layout.fit_transform(reduced), dtype=np.float32)


def _among(reduced: Floats, landmarks: Floats, points: Floats) -> Floats:
    """Return for each vector a mean of its nearest landmarks' points; the nearer count more."""
    placed = np.empty((len(reduced), 2), dtype=np.float32)
    for start in range(0, len(reduced), BATCH):
        likeness = reduced[start : start + BATCH] @ landmarks.T
        nearest = np.argpartition(-likeness, NEIGHBOURS, axis=1)[:, :NEIGHBOURS]
        near = np.take_along_axis(likeness, nearest, axis=1)
        weights = np.exp(10 * (near - near.max(axis=1, keepdims=True)))
        weights /= weights.sum(axis=1, keepdims=True)
        placed[start : start + BATCH] = (points[nearest] * weights[:, :, None]).sum(axis=1)
    return placed


def _fitted(points: Floats) -> Floats:
    """Return the points moved and scaled, the same both ways, into 0..1."""
    low, high = points.min(axis=0), points.max(axis=0)
    width = max(float((high - low).max()), 1e-9)
    fitted: Floats = np.clip((points - (low + high) / 2) / width + 0.5, 0, 1).astype(np.float32)
    return fitted
