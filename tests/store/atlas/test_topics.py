"""Topics: sizes, and names by hand-counted terms."""

import numpy as np

from store.atlas.projection import unit
from store.atlas.topics import cluster, name


def test_topics_are_numbered_by_size_and_know_their_typical_papers() -> None:
    random = np.random.default_rng(3)
    around = np.repeat(np.eye(8, dtype=np.float32)[:2], [6, 18], axis=0)
    topics, typical = cluster(unit(around + random.normal(scale=0.01, size=(24, 8))))
    assert topics.tolist() == [1] * 6 + [0] * 18
    assert sorted(typical[0].tolist()) == list(range(6, 24))
    assert sorted(typical[1].tolist()) == list(range(6))


def test_a_name_is_made_of_the_terms_that_tell_a_topic_from_the_others() -> None:
    # "papers" is in every text; "dna" in three of three of one topic, "gene" in two.
    names = name(
        [
            ["papers dna gene", "papers dna", "papers dna gene"],
            ["papers roof solar", "papers solar", "papers solar wind"],
        ]
    )
    assert names[0].split(", ")[0] in ("dna", "papers dna")
    assert "solar" in names[1]
    assert "dna" not in names[1]


def test_topics_without_a_word_have_names_all_the_same() -> None:
    assert name([["1 2 3"], ["4"]]) == ["Topic 1", "Topic 2"]
