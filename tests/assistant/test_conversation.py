"""A conversation: what a follow-up refers to, and what stands alone."""

import pytest

from assistant.answer import Answer, Citation, Coverage
from assistant.conversation import Turn, short_name, standalone

HYENA = "HyenaDNA: Long-Range Genomic Sequence Modeling"
POINTERS = "Pointer Networks"


def turn(*titles: str, query: str = "What is it all about?") -> Turn:
    """Return a turn whose answer cites papers of these titles; without any it has no answer."""
    citations = tuple(
        Citation(number=number, paper_id=title, title=title, abstract_sha256="0" * 64)
        for number, title in enumerate(titles, 1)
    )
    answer = Answer(
        question="asked",
        query=query,
        kind="factoid",
        status="answered" if titles else "no_answer",
        confidence=0.5,
        citations=citations,
        coverage=Coverage(papers_searched=2),
        snapshot="0" * 64,
        version="0",
    )
    return Turn("asked", answer)


@pytest.mark.parametrize(
    "question",
    [
        "How long are its contexts?",
        "Is it available?",
        "Do they compare their results with Mamba and Hyena?",
        "How many tokens were trained on there, and how long?",
        "What dataset does this paper use for training?",
        "And on long sequences of several genomes?",
        "What about protein sequences and other molecules?",
        "Why?",
        "how fast",
    ],
)
def test_a_follow_up_refers_to_the_paper_that_the_last_turn_cited_first(question: str) -> None:
    turns = [turn(POINTERS), turn(HYENA, POINTERS)]
    assert standalone(question, turns) == f"{question} (HyenaDNA)"
    assert standalone(question, [turn(POINTERS)]) == f"{question} (Pointer Networks)"


@pytest.mark.parametrize("question", ["How long are its contexts?", "Why?"])
def test_after_no_answer_a_follow_up_refers_to_what_was_searched(question: str) -> None:
    turns = [turn(HYENA), turn(query="asked")]
    assert standalone(question, turns) == f"{question} (asked)"


def test_questions_without_an_answer_do_not_nest() -> None:
    turns = [turn(query="asked"), turn(query="and? (asked)"), turn(query="why? (asked)")]
    assert standalone("how?", turns) == "how? (asked)"


@pytest.mark.parametrize(
    "question",
    [
        "How much training data does K-Tokeniser need?",
        "Which methods prune visual tokens in large models?",
        "Does ByT5 beat token-based models on noisy text?",
        "Is there a method to prune visual tokens in large models?",
        "Are there benchmarks of long context in Russian?",
    ],
)
def test_a_question_that_stands_alone_is_searched_as_it_is(question: str) -> None:
    assert standalone(question, [turn(HYENA)]) == question


@pytest.mark.parametrize("question", ["How long are its contexts?", "Why?", "And now?"])
def test_the_first_question_is_searched_as_it_is(question: str) -> None:
    assert standalone(question, []) == question


@pytest.mark.parametrize(
    ("title", "name"),
    [
        (HYENA, "HyenaDNA"),
        ("DiffRate : Differentiable Compression Rate", "DiffRate"),
        ("Golden Touchstone: A Comprehensive Benchmark", "Golden Touchstone"),
        ("PixArt-Σ: Weak-to-Strong Training", "PixArt-Σ"),
        (POINTERS, None),
        ("X: too short a name", None),
        ("Why do models fail? A study: part one", None),
        (f"{'Long ' * 13}: not a name", None),
        ("Ratio 3:1 of parts", None),
        (": nothing before", None),
        ("", None),
    ],
)
def test_the_name_that_a_title_gives(title: str, name: str | None) -> None:
    assert short_name(title) == name


@pytest.mark.parametrize(
    "question",
    ["What is BASS?", "HyenaDNA", "How does TriForce work?", "Is the code of ByT5 available?"],
)
def test_a_question_that_names_its_subject_is_a_new_one(question: str) -> None:
    assert standalone(question, [turn(POINTERS)]) == question
