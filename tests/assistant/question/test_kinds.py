"""The kind of answer that a question asks for."""

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answer import Kind
from assistant.question.kinds import kind_of

QUESTIONS: dict[str, list[str]] = {
    "number": [
        "How many tokens was XGen-7B trained on?",
        "How much training data does K-Tokeniser need?",
        "By what factor is decoding faster?",
        "What accuracy does DaViT reach?",
        "What percentage of tokens is pruned?",
        "On how many datasets was it tried?",
        "Which sensor does it carry, and how many?",
    ],
    "resource": [
        "Is the code of SqueezeAttention available?",
        "Where can I find the weights?",
        "Are there any datasets released?",
        "Is HyenaDNA on GitHub?",
        "K-Tokeniser code?",
        "Which benchmark was built and where is it?",
        "Does ByT5 have a website?",
    ],
    "comparison": [
        "How does ByT5 compare with token-based models?",
        "Mamba versus Transformer",
        "What is the difference between BPE and unigram?",
        "Is BASS faster than Medusa?",
    ],
    "list": [
        "Which papers speed up decoding by speculation?",
        "List benchmarks for long context",
        "papers on token pruning",
        "What methods compress the cache?",
        "Who prunes tokens for speed?",
        "3d lane detection methods",
        "Which gliders dive deepest?",
        "snow avalanche detectors",
        "Any work on grasping?",
        "picking good subsets of the data, papers",
    ],
    "threshold": [
        "Which methods save more than 40% of FLOPs?",
        "Is there a tracker that needs less than 1 ms?",
        "torque sensors below 10 nNm",
        "Does any detector get above 97% accuracy?",
    ],
    "definition": [
        "What is HyenaDNA?",
        "what's a pointer network",
        "How does Token Recycling work?",
        "Explain rotary position embedding",
    ],
    "factoid": [
        "Who trained XGen-7B?",
        "When was BART introduced?",
        "Does pruning hurt?",
        "Where do such models fail?",
        "How are the weights of the mixture learned?",
        "Why is code so hard to find online?",
        "How does Tango choose how many words to keep?",
        "What triggers an avalanche?",
        "Which sensors does the glider carry?",
        "pruning",
        "",
    ],
}


#: What composition reads off a question, whatever its wording is like.
READ = {"similar", "paper", "corpus"}


def test_every_kind_has_its_examples() -> None:
    assert set(QUESTIONS) == set(get_args(Kind)) - READ


@pytest.mark.parametrize(
    ("question", "kind"), [(text, kind) for kind, texts in QUESTIONS.items() for text in texts]
)
def test_the_wording_tells_the_kind(question: str, kind: str) -> None:
    assert kind_of(question) == kind
    assert kind_of(f"  {question.upper()}\n") == kind


@given(st.text(max_size=300))
def test_any_text_has_a_kind(text: str) -> None:
    assert kind_of(text) in get_args(Kind)
