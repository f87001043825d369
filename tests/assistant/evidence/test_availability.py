"""Availability: what is out, and what is only promised."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.evidence.availability import Availability, availability_of, resources_in

SAID: list[tuple[str, Availability | None]] = [
    ("Code is available at https://example.org/a.", "available"),
    ("We release our code and data.", "available"),
    ("The pre-trained models are publicly available.", "available"),
    ("Project website: https://example.org/", "available"),
    ("We make the dataset and all annotations publicly available.", "available"),
    ("The code will be released at https://example.org/a.", "promised"),
    ("Our code is to be released.", "promised"),
    ("Code coming soon.", "promised"),
    ("Models are available upon acceptance.", "promised"),
    ("The source code is made public once the paper is accepted.", "promised"),
    ("We plan to open-source the weights.", "promised"),
    ("We will open our source code.", "promised"),
    ("Our model will open new directions.", None),
    ("We train the model on public data.", None),
    ("The results will be discussed.", None),
    ("It outperforms open-source models by 3%.", None),
    ("", None),
]


@pytest.mark.parametrize(("sentence", "said"), SAID)
def test_what_is_out_is_told_from_what_is_promised(
    sentence: str, said: Availability | None
) -> None:
    assert availability_of(sentence) == said


def test_of_two_things_the_one_asked_for_counts() -> None:
    sentence = "We release the model at https://example.org/m and will also release the code later."
    assert availability_of(sentence, asked=resources_in("are the weights out?")) == "available"
    assert availability_of(sentence, asked=resources_in("where is the code?")) == "promised"
    assert availability_of(sentence) == "available"


def test_a_question_names_what_it_asks_for() -> None:
    assert resources_in("code and data of X?") == {"code", "data"}
    assert resources_in("Has it a website, and checkpoints?") == {"page", "model"}
    assert resources_in("How fast is it?") == frozenset()


@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    assert availability_of(text) in (None, "available", "promised")
