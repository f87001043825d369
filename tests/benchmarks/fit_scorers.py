"""Fit the scorers of sentences and of answers on the development and the written questions.

    python -m tests.benchmarks.fit_scorers ../shared [--rerankers DIR] [--write]

Prints figures of questions that what scores them was fitted without: part by part, as `questions`
cuts them. With --write replaces the JSON files that ship with the package by scorers fitted on
all questions. A reranker that has seen a question must not be what its score's weight is fitted
on: `train_reranker --keep DIR` leaves there one for each part, which `--rerankers` names.
"""
