"""Topics: groups of like papers, each named by the terms that tell it from the others."""

import math
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from store.atlas.projection import SEED, Floats

#: Topics at most: more colours are not told apart.
MOST = 12
#: Papers of a topic, the most typical, that its name is made from.
TYPICAL = 100
#: Terms of a name, and the papers of a topic that must hold one.
TERMS, HOLDING = 3, 2
_WORD = r"(?u)\b[^\W\d][\w-]{2,}\b"


def cluster(reduced: Floats) -> tuple[NDArray[np.uint8], list[NDArray[np.intp]]]:
    """Return the topic of each vector, and of each topic its most typical vectors.

    Topics are numbered from 0, that of most papers first.
    """
    from sklearn.cluster import MiniBatchKMeans
    from threadpoolctl import threadpool_limits

    count = min(MOST, max(1, round(math.sqrt(len(reduced) / 6))))
    with threadpool_limits(1):
        found = MiniBatchKMeans(count, random_state=SEED, n_init=4, batch_size=2048).fit(reduced)
    sizes = np.bincount(found.labels_, minlength=count)
    order = np.argsort(-sizes, kind="stable")
    order = order[sizes[order] > 0]
    number = np.zeros(count, dtype=np.uint8)
    number[order] = np.arange(len(order))
    topics = number[found.labels_]
    likeness = np.einsum("ij,ij->i", reduced, found.cluster_centers_[found.labels_])
    typical = [_most(np.flatnonzero(topics == topic), likeness) for topic in range(len(order))]
    return topics, typical


def name(texts: Sequence[Sequence[str]]) -> list[str]:
    """Return a name for each topic, given the texts of its typical papers.

    A term tells where it stands in many texts of the topic and in few of the others: it counts
    p log(p / q), where p and q are its shares of the topic's texts and of all.
    """
    from sklearn.feature_extraction.text import CountVectorizer

    every = [text for own in texts for text in own]
    words = CountVectorizer(
        stop_words="english",
        ngram_range=(1, 2),
        token_pattern=_WORD,
        binary=True,
    )
    try:
        held = words.fit_transform(every)
    except ValueError:
        # No text holds a word.
        return [f"Topic {number}" for number in range(1, len(texts) + 1)]
    terms = words.get_feature_names_out()
    overall = np.asarray(held.sum(axis=0)).ravel()
    names: list[str] = []
    start = 0
    for number, own in enumerate(texts, 1):
        inside = np.asarray(held[start : start + len(own)].sum(axis=0)).ravel()
        start += len(own)
        share = inside / max(1, len(own))
        with np.errstate(divide="ignore", invalid="ignore"):
            score = np.where(inside >= HOLDING, share * np.log(share * len(every) / overall), 0)
        best = (
            str(terms[place])
            for place in np.argsort(-score, kind="stable")[:30]
            if score[place] > 0
        )
        label = ", ".join(_distinct(best)) or f"Topic {number}"
        names.append(label if label not in names else f"{label} {number}")
    return names


def _most(members: NDArray[np.intp], likeness: NDArray[np.float32]) -> NDArray[np.intp]:
    return members[np.argsort(-likeness[members], kind="stable")][:TYPICAL]


def _distinct(terms: Iterable[str]) -> list[str]:
    """Return the first terms that share no word with one before them."""
    chosen: list[str] = []
    seen: set[str] = set()
    for term in terms:
        stems = {word.rstrip("s") for word in term.replace("-", " ").split()}
        if len(chosen) < TERMS and not stems & seen:
            chosen.append(term)
            seen |= stems
    return chosen
