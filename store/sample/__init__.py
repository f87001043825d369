"""A small corpus written for this project: real titles, with summaries in our own words."""

from pathlib import Path

#: The sample papers, as JSON lines.
SAMPLE = Path(__file__).parent / "papers.jsonl"

#: Questions that the sample answers, one of each common kind.
SAMPLE_QUESTIONS = (
    "How much training data does K-Tokeniser need?",
    "What is HyenaDNA?",
    "Which papers speed up decoding by speculation?",
    "Is the code of SqueezeAttention available?",
)
