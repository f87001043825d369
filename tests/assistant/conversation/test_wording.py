"""Wording: a follow-up in words that stand alone."""

import pytest

from assistant.conversation.wording import as_of_papers, asks_for_similar, named, with_instead


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("How fast is it?", "How fast is BASS?"),
        ("How long are its contexts?", "How long are BASS's contexts?"),
        ("Does size matter there?", "Does size matter in BASS?"),
        ("Is the code public?", "Is the code of BASS public?"),
        ("What does the paper claim?", "What does BASS claim?"),
        ("what speedup end to end?", "what speedup end to end? (BASS)"),
    ],
)
def test_a_name_takes_the_place_of_what_stands_for_it(question: str, text: str) -> None:
    assert named(question, "BASS") == text


def test_a_plural_takes_no_other_s() -> None:
    assert named("And their size?", "Transformers") == "And Transformers' size?"


@pytest.mark.parametrize(
    ("question", "part", "text"),
    [
        (
            "What accuracy does MS-MLP get on ImageNet-1K?",
            "on CIFAR-100",
            "What accuracy does MS-MLP get on CIFAR-100?",
        ),
        (
            "What accuracy does MS-MLP get on ImageNet in 2022?",
            "on CIFAR",
            "What accuracy does MS-MLP get on CIFAR in 2022?",
        ),
        ("How fast is BASS?", "on a CPU", "How fast is BASS on a CPU?"),
        ("What is BASS?", "EMS-SD", "What is EMS-SD?"),
        ("Are angora goats good for meat?", "boer goats", "Are boer goats good for meat?"),
        ("What is throat cancer?", "diabetes", "What is diabetes?"),
        (
            "Which benchmark tests Korean culture?",
            "one for long Russian texts",
            "Which benchmark for long Russian texts?",
        ),
        (
            "What happens in the inner loop?",
            "the outer one",
            "What happens in the outer loop?",
        ),
    ],
)
def test_the_rest_of_the_question_before_stays(question: str, part: str, text: str) -> None:
    assert with_instead(question, part) == text


@pytest.mark.parametrize(
    "question",
    ["any similar papers?", "more like it", "papers like this one", "find me related work"],
)
def test_similar_papers_are_asked_for(question: str) -> None:
    assert asks_for_similar(question)


@pytest.mark.parametrize("question", ["Is it similar to BERT?", "What does it look like?"])
def test_other_questions_ask_for_nothing_similar(question: str) -> None:
    assert not asks_for_similar(question)


def test_some_of_those_are_papers() -> None:
    assert as_of_papers("Which of those edit spans?") == "Which of those papers edit spans?"
    assert as_of_papers("Are those fast?") == "Are those fast?"
