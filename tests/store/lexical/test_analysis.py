"""Analysis: terms, compounds and names, alike for papers and questions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.lexical.analysis import (
    exact_words,
    holds_name,
    indexed_terms,
    names,
    possible_names,
    sought,
    terms,
    title_name,
    words,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Transformers", ["transform"]),
        ("K-Tokeniser, K-Tokenizer", ["k", "tokenis", "k", "tokenis"]),
        ("LLMs, llms and an LLM", ["llm", "llm", "llm"]),
        ("GPUs gpus classes", ["gpu", "gpu", "class"]),
        ("Ma$^2$mba Ma^2mba Ma$^{2}$mba Ma2mba", ["ma2mba"] * 4),
        ("$O(n^2)$ and 10^5", ["o", "n2", "10", "5"]),
        ("Müller naïve", ["muller", "naiv"]),
        ("the of and", []),
        ("GPT-4 at 3.5%", ["gpt", "4", "3", "5"]),
        ("", []),
    ],
)
def test_terms_are_folded_and_stemmed_without_stop_words(text: str, expected: list[str]) -> None:
    assert terms(text) == expected


def test_words_are_as_written() -> None:
    assert words("K-Tokeniser's naïve_code 3.5%") == [
        "K",
        "Tokeniser",
        "s",
        "naïve",
        "code",
        "3",
        "5",
    ]


@pytest.mark.parametrize(
    ("text", "forms"),
    [
        ("graph", [[["graph"]]]),
        ("pre-training", [[["pre", "train"], ["pretrain"]]]),
        ("self\u2010attention", [[["self", "attent"], ["selfattent"]]]),
        ("GPT4", [[["gpt4"], ["gpt", "4"]]]),
        ("GPT-4", [[["gpt", "4"], ["gpt4"]]]),
        ("GPT-4o", [[["gpt", "4o"], ["gpt4o"], ["gpt", "4", "o"]]]),
        ("2-3", [[["2", "3"]]]),
        ("the graph of the graph", [[["graph"]]]),
        ("out-of-the-box", [[["box"], ["outofthebox"]]]),
    ],
)
def test_a_compound_is_sought_in_each_of_its_forms(text: str, forms: list[list[list[str]]]) -> None:
    assert sought(text) == forms


@given(st.text(max_size=60))
def test_what_is_sought_of_a_text_is_indexed_of_it(text: str) -> None:
    indexed = set(indexed_terms(text).split())
    assert {term for forms in sought(text) for form in forms for term in form} <= indexed


def test_exact_words_keep_case_hyphens_and_inner_dots() -> None:
    text = "The FIT, EMS-SD and v4.5: Video-Ma$^2$mba's LLMs. At last."
    assert exact_words(text) == [
        "The", "FIT", "EMS-SD", "and", "v4.5", "Video-Ma2mba", "s", "LLM", "At", "last",
    ]  # fmt: skip
    assert exact_words("x" * 81) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("What is FiT?", ["FiT"]),
        ("Is Octopus v4 better than Octopus v4?", ["v4"]),
        ("What did Lee write about fit?", []),
        ("K-Tokeniser or GPT-4 in 2024 or 3.5", ["K-Tokeniser", "GPT-4"]),
        ("Self-attention, pre-training, T", []),
        ("iVideoGPT and LLaMA2", ["iVideoGPT", "LLaMA2"]),
    ],
)
def test_names_have_a_capital_beyond_the_first_letter_or_a_digit(
    text: str, found: list[str]
) -> None:
    assert names(text) == found


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("EMS-SD: Early Drafts", "EMS-SD"),
        ("Octopus v4: A Graph", "Octopus v4"),
        ("GlobalCom$^2$: Compressing", "GlobalCom2"),
        ("A graph of models", None),
        ("What is new? A survey: all of it", None),
        ("One two three four five six seven: too long", None),
        ("\u2192 \u2192: arrows", None),
        ("Ratio 3:1 kept", None),
    ],
)
def test_a_title_names_its_subject_before_a_colon(title: str, name: str | None) -> None:
    assert title_name(title) == name


def test_possible_names_are_runs_of_words_longest_first() -> None:
    assert possible_names("Is Octopus v4 fast?") == [
        "Is Octopus v4 fast",
        "Is Octopus v4",
        "Octopus v4 fast",
        "Is Octopus",
        "Octopus v4",
        "v4 fast",
        "Is",
        "Octopus",
        "v4",
        "fast",
    ]


@pytest.mark.parametrize(
    ("name", "text", "held"),
    [
        ("GPT", "GPT-4 is large.", True),
        ("GPT", "GPTQ quantizes.", False),
        ("GPT-3", "We ask GPT-3.5 for help.", False),
        ("GPT-3.5", "We ask GPT-3.5-turbo for help.", True),
        ("GPT-4", "GPT4 is large.", True),
        ("GPT4", "GPT-4 is large.", True),
        ("GPT-4", "GPT 4 is large.", True),
        ("EMS-SD", "EMSSD decodes.", True),
        ("EMSSD", "EMS-SD decodes.", False),
        ("SD", "EMS-SD decodes.", True),
        ("EMS", "EMS-SD-v2 decodes.", True),
        ("v2", "EMS-SD-v2 decodes.", True),
        ("MAGNeT", "MAGNET does not.", False),
        ("bert.cpp", "We run bert.cpp-based servers.", True),
    ],
)
def test_a_name_stands_in_longer_words_at_their_marks(name: str, text: str, held: bool) -> None:
    assert holds_name(name, exact_words(text)) is held
