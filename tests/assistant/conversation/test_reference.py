"""Reference: which questions lean on what was said before, and how."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.conversation.reference import (
    asked_instead,
    has_own_subject,
    leaning,
    meant_instead,
    new_topic,
    places,
    unjoined,
)


@pytest.mark.parametrize(
    "question",
    [
        "How long are its contexts?",
        "Is it available?",
        "and how fast is it?",
        "Do they compare their results with Mamba and Hyena?",
        "How many tokens were trained on there, and how long?",
        "What dataset does this paper use for training?",
        "how much compute does it save against DiT-XL/2?",
        "how does that compare with pruning methods that need fine-tuning?",
        "But can somebody pull it out again?",
        "How long a video can it take on one GPU?",
        "Which of those read bytes?",
    ],
)
def test_a_word_that_stands_for_something_said_leans(question: str) -> None:
    assert leaning(question) == "pronoun"


@pytest.mark.parametrize(
    "question",
    ["Is the code public?", "Why?", "how fast", "And the inference complexity?", "code?"],
)
def test_a_question_that_leaves_out_what_it_is_about_leans(question: str) -> None:
    assert leaning(question) == "ellipsis"


@pytest.mark.parametrize(
    "question",
    [
        "which languages and how many tasks?",
        "What happens in the inner loop?",
        "Does task complexity play a role?",
    ],
)
def test_a_short_question_that_names_nothing_may_lean(question: str) -> None:
    assert leaning(question) == "perhaps"


@pytest.mark.parametrize(
    "question",
    [
        "How much training data does K-Tokeniser need?",
        "What is BASS?",
        "HyenaDNA",
        "speculative decoding",
        "How does TriForce work?",
        "Is the code of ByT5 available?",
        "Is there a method to prune visual tokens in large models?",
        "Are there benchmarks of long context in Russian?",
        # What the pronoun stands for is in the question itself.
        "How does a pointer network pick its outputs?",
        "What is replaced token detection and how does it differ from masking?",
        "VIP-tokens - what are they?",
        "Does kNN-LM write better than a Transformer, given its lower perplexity?",
        "Which small code model wins once static analysis guides its decoding?",
        # Nothing is asked.
        "hello",
        "Thanks a lot!",
        # And here it stands for nothing.
        "Is it better to read text from right to left or from left to right with a GPT?",
        "How many dollars did it cost to train iTransformer?",
    ],
)
def test_a_question_that_names_its_subject_stands_alone(question: str) -> None:
    assert leaning(question) == "none"


@pytest.mark.parametrize(
    ("question", "rest"),
    [
        ("ok, different topic. who codes wavelets?", "who codes wavelets?"),
        ("Another question: what is BASS?", "what is BASS?"),
        ("Let's change the subject. What is BASS?", "What is BASS?"),
        ("forget that. What is BASS?", "What is BASS?"),
        ("Different topic", "Different topic"),
        ("What is a different topic model?", None),
        ("What other question sets are there?", None),
        ("How do they change the subject?", None),
    ],
)
def test_a_new_topic_is_announced(question: str, rest: str | None) -> None:
    assert new_topic(question) == rest


@pytest.mark.parametrize(
    ("question", "meant"),
    [
        ("no, I meant BASE", "BASE"),
        ("I meant the Lotus.", "the Lotus."),
        ("Sorry, ByT5!", "ByT5"),
        ("No training needed?", None),
        ("What is meant by hyperfitting?", None),
    ],
)
def test_a_correction_says_what_was_meant(question: str, meant: str | None) -> None:
    assert meant_instead(question) == meant


@pytest.mark.parametrize(
    ("question", "part"),
    [
        ("What about on CIFAR-100?", "on CIFAR-100"),
        ("And how about boer goats?", "boer goats"),
        ("And one for long Russian texts?", "one for long Russian texts"),
        ("and the outer one?", "the outer one"),
        ("on ImageNet?", "on ImageNet"),
        ("On how many datasets?", None),
        ("And its accuracy?", None),
        ("What is it about?", None),
    ],
)
def test_what_is_asked_about_instead(question: str, part: str | None) -> None:
    assert asked_instead(question) == part


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("[2]", [("[2]", 2)]),
        ("How fast is the second one?", [("the second one", 2)]),
        ("Compare [1] and [3]", [("[1]", 1), ("[3]", 3)]),
        ("Is the code of paper 2 public?", [("paper 2", 2)]),
        ("tell me about the last paper", [("the last paper", -1)]),
        ("the third", [("the third", 3)]),
        ("What is the first method to prune tokens?", []),
        ("What is the first sign of it?", []),
    ],
)
def test_places_are_read_as_numbers(question: str, expected: list[tuple[str, int]]) -> None:
    assert places(question) == expected


@pytest.mark.parametrize(
    ("question", "rest"),
    [
        ("And how fast is it?", "how fast is it?"),
        ("ok, thanks. But why?", "why?"),
        ("Android phones", "Android phones"),
        ("and", "and"),
    ],
)
def test_what_joins_a_question_is_left_out(question: str, rest: str) -> None:
    assert unjoined(question) == rest


@given(st.text(max_size=60))
def test_any_text_is_read(text: str) -> None:
    leaning(text)
    places(text)
    asked_instead(text)
    meant_instead(text)
    new_topic(text)
    assert unjoined(text) == unjoined(unjoined(text)) or unjoined(text) == text.strip()


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("What is the capital of France?", True),
        ("Is pruning useful?", True),
        ("What is the speedup?", False),
        ("Which accuracy on Cora?", False),
    ],
)
def test_a_brief_question_may_have_a_subject_of_its_own(question: str, expected: bool) -> None:
    assert has_own_subject(question) is expected
