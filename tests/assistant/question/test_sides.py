"""What a question wants compared, and which of it a sentence names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.evidence.sentence import sentences_of
from assistant.question.sides import Side, comparison_in, named
from store.papers import Paper


def sides_of(question: str) -> list[str]:
    comparison = comparison_in(question)
    return [side.name for side in comparison.sides] if comparison else []


@pytest.mark.parametrize(
    ("question", "sides"),
    [
        ("BASS vs Medusa", ["BASS", "Medusa"]),
        ("Tides vs. waves versus currents", ["Tides", "waves", "currents"]),
        ("What is the effect of aspirin versus placebo on stroke?", ["aspirin", "placebo"]),
        ("How does ByT5 compare with token-based models?", ["ByT5", "token-based models"]),
        ("How do clay and sand differ in the field?", ["clay", "sand"]),
        ("How is RWKV different from a transformer?", ["RWKV", "transformer"]),
        ("How close do GRU and LSTM come to BERT?", ["GRU", "LSTM", "BERT"]),
        ("What is the difference between BPE and unigram?", ["BPE", "unigram"]),
        ("Compare BASS, Medusa and EAGLE on latency.", ["BASS", "Medusa", "EAGLE"]),
        ("Compare BASS with Medusa", ["BASS", "Medusa"]),
        ("Compare token pruning with token merging on speed", ["token pruning", "token merging"]),
        ("Comparing sand to clay", ["sand", "clay"]),
        ("Compare sand against clay.", ["sand", "clay"]),
        ("Compare BASS and Medusa with four drafts", ["BASS", "Medusa"]),
        ("compare the FLOPs of LTP and ToMe", ["LTP", "ToMe"]),
        ("Is BASS faster than Medusa?", ["BASS", "Medusa"]),
        ("Does metformin lower mortality more than insulin in adults?", ["metformin", "insulin"]),
        ("How much cheaper is scoring in XTR than in ColBERT?", ["XTR", "ColBERT"]),
        ("How does ELECTRA's cost compare with XLNet at scale?", ["ELECTRA", "XLNet"]),
        ("Which is better, LoRA or full fine-tuning?", ["LoRA", "full fine-tuning"]),
        ("LoRA or adapters: which is better for speech?", ["LoRA", "adapters"]),
        ("Is it cheaper to read top-down or bottom-up?", ["top-down", "bottom-up"]),
        ("Is FIT better than FiT?", ["FIT", "FiT"]),
    ],
)
def test_the_sides_are_read_off_the_question(question: str, sides: list[str]) -> None:
    assert sides_of(question) == sides


@pytest.mark.parametrize(
    "question",
    [
        "What is BASS?",
        "Does it work better than BASS?",
        "Is there anything better than attention?",
        "How do text tokenizers compare with ordinary ones?",
        "Which method is more than twice as fast?",
        "vs",
        "",
    ],
)
def test_where_two_things_are_not_named_nothing_is_compared(question: str) -> None:
    assert comparison_in(question) is None


def test_a_side_is_asked_about_in_the_respect_that_the_question_names() -> None:
    scaled = comparison_in("HyenaDNA vs Caduceus: what is each made of?")
    assert scaled is not None
    assert scaled.about(scaled.sides[0]) == "HyenaDNA: what is each made of?"
    cost = comparison_in("compare the FLOPs of LTP and ToMe")
    assert cost is not None
    assert cost.about(cost.sides[1]) == "ToMe: FLOPs"
    bare = comparison_in("HyenaDNA vs Caduceus")
    assert bare is not None
    assert bare.about(bare.sides[1]) == "What is Caduceus?"


def names_of(sides: list[str], text: str, *, title: str = "A study") -> list[str]:
    (sentence,) = sentences_of(Paper(id="t", title=title, abstract=text))
    return [side.name for side in named([Side(name) for name in sides], sentence)]


@pytest.mark.parametrize(
    ("sides", "text", "standing"),
    [
        (["FIT", "FiT"], "We present FiT.", ["FiT"]),
        (["FIT", "FiT"], "FIT beats FiT.", ["FIT", "FiT"]),
        (["attention", "linear attention"], "Linear attention is fast.", ["linear attention"]),
        (
            ["attention", "linear attention"],
            "Linear attention is faster than plain attention.",
            ["attention", "linear attention"],
        ),
        (["left-to-right", "right-to-left"], "We read right-to-left.", ["right-to-left"]),
        (["GPT-4", "GPT-4o"], "We ask GPT-4o.", ["GPT-4o"]),
        (["transformers", "RNNs"], "A transformer is not an RNN.", ["transformers", "RNNs"]),
        (["linear attention"], "Attention that is linear.", []),
        (["DeepSeek", "Llama-3"], "DeepSeek-V2 beats Llama 3.", ["DeepSeek", "Llama-3"]),
        (["BERT", "GPT-3"], "ModernBERT beats GPT-3.5.", []),
    ],
)
def test_a_sentence_names_a_side_letter_for_letter_and_in_one_piece(
    sides: list[str], text: str, standing: list[str]
) -> None:
    assert names_of(sides, text) == standing


def test_the_title_speaks_for_its_sentences() -> None:
    assert names_of(["Mamba", "BERT"], "It beats BERT.", title="Mamba: a model") == [
        "Mamba",
        "BERT",
    ]


@pytest.mark.parametrize(
    ("title", "spoken_of"),
    [
        ("BERT for tides", ["BERT"]),
        ("ModernBERT is cheaper than conventional BERT", []),
        ("ModernBERT: better than BERT", []),
        ("Is CAT better than BERT?", ["CAT", "BERT"]),
    ],
)
def test_a_title_that_names_something_else_speaks_for_no_name(
    title: str, spoken_of: list[str]
) -> None:
    assert names_of(["CAT", "BERT"], "It is accurate.", title=title) == spoken_of


@given(st.text(max_size=200))
def test_whatever_is_asked_two_sides_are_named_or_none(question: str) -> None:
    comparison = comparison_in(question)
    assert comparison is None or len(comparison.sides) > 1
