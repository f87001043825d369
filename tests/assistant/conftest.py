"""The assistant over the bundled papers, with and without the reranker, and what it answers."""

from pathlib import Path

import pytest

from assistant.answer import Answer
from assistant.assistant import Assistant
from assistant.reranking.reranker import Reranker, open_reranker
from store.corpus import Corpus

#: Questions of every kind, some with an answer among the bundled papers and some without.
QUESTIONS = (
    "How much training data does K-Tokeniser need?",
    "What is HyenaDNA?",
    "How does Token Recycling work?",
    "Which papers speed up decoding by speculation?",
    "Is the code of SqueezeAttention available?",
    "How does ByT5 compare with token-based models?",
    "Who trained XGen-7B, and on how many tokens?",
    "What is the boiling point of mercury?",
    "Which football club won the league in 1987?",
    "How many parameters does GPT-4 have?",
    "pruning",
    "the of and",
    "量子コンピュータとは何ですか?",
)


@pytest.fixture(scope="session", params=["reranked", "plain"])
def reranker(request: pytest.FixtureRequest, cache: Path) -> Reranker | None:
    """The reranker, and then none: what holds of answers holds either way."""
    return open_reranker(cache) if request.param == "reranked" else None


@pytest.fixture(scope="session")
def assistant(sample: Corpus, reranker: Reranker | None) -> Assistant:
    """An assistant over the bundled papers, to ask only."""
    return Assistant(sample, reranker)


@pytest.fixture(scope="session")
def answers(assistant: Assistant) -> dict[str, Answer]:
    """The answer to each of QUESTIONS."""
    return {question: assistant.ask(question) for question in QUESTIONS}
