"""The part that each sentence of an abstract plays."""

import pytest

from assistant.composition.definition import subject_of
from assistant.evidence.roles import roles_of
from assistant.evidence.sentence import sentences_of
from store.papers import Paper

PAPER = Paper(
    id="t",
    title="Tidal: forecasts of tides",
    abstract=(
        "Existing models work by using the moon alone. "
        "We propose Tidal, a model of the sun and the moon. "
        "It is trained by comparing harbours. "
        "We evaluate it using three seas. "
        "However, others outperform this. "
        "Tidal outperforms the almanac. "
        "Code is available."
    ),
)


def roles(subject: str) -> dict[int, str]:
    return dict(roles_of(sentences_of(PAPER), subject=subject))


def test_each_part_of_a_paper_about_the_subject_is_told() -> None:
    assert roles("Tidal") == {1: "What it is", 2: "How it works", 5: "What it achieves"}


def test_a_paper_about_something_else_tells_only_what_names_the_subject() -> None:
    assert roles("the almanac") == {5: "What it achieves"}
    assert roles("pendulum") == {}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("We call such days VIP-tokens.", True),
        ("We term them as VIP-tokens.", True),
        ("VIP-tokens -- the few that count -- are kept.", True),
        ("A few (we call VIP-tokens) matter.", True),
        ("We develop a way to find VIP-tokens.", False),
        ("We keep VIP-tokens.", False),
    ],
)
def test_what_a_thing_is_stands_beside_its_name(text: str, says: bool) -> None:
    paper = Paper(id="t", title="A study", abstract=text)
    found = roles_of(sentences_of(paper), subject="VIP-tokens")
    assert (found.get(0) == "What it is") is says


@pytest.mark.parametrize(
    ("question", "subject"),
    [
        ("What is a macro action in MA-RLHF?", "macro action"),
        ("What are 'critical tokens' in LLM reasoning?", "critical tokens"),
        ("what is meant by hyperfitting?", "hyperfitting"),
        ("How do registers work in vision transformers?", "registers"),
        ("What does 'Drop-towards-the-End' mean in OpenMoE?", "Drop-towards-the-End"),
        ("VIP-tokens - what are they?", "VIP-tokens"),
        ("Who trained it?", None),
    ],
)
def test_the_subject_is_what_the_meaning_is_asked_of(question: str, subject: str | None) -> None:
    assert subject_of(question) == subject
