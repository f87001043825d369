"""Fit which papers belong in a list, on the lists and numeric filters of all questions.

    python -m tests.benchmarks.fit_matching ../shared --rerankers DIR [--write]

Prints figures of questions that the scorer was fitted without, part by part as `questions` cuts
them: five folds of the development questions, two halves of the written ones. With --write
replaces the JSON files that ship with the package. `--rerankers` is as in `fit_scorers`.
"""

import argparse
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from assistant.composition.listing import LISTED
from assistant.evidence.matching import best_of_papers, features_of_papers
from assistant.evidence.meeting import features_of_meeting
from assistant.evidence.scorer import Decider
from assistant.inquiry import Inquiry
from assistant.reranking.reranker import Reranker, open_reranker
from store.corpus import Corpus
from store.embedding import open_embedder
from store.readers import Record
from tests.benchmarks.fitting import ship
from tests.benchmarks.questions import (
    Question,
    development_papers,
    development_questions,
    written_papers,
    written_questions,
)

#: How strongly weights are held near zero (of a logistic regression: smaller is stronger).
STRENGTH = 0.3
#: The probability from which a paper is listed. Of the values tried, .2 to .4, the one that comes
#: nearest to a recall of .8 at a precision of .75.
LIST_FROM = 0.2


#: And of a question that bounds a figure, for which a paper that fails it is plainly wrong.
FILTER_FROM = 0.3


@dataclass(frozen=True, slots=True)
class ListCase:
    """A list question, its papers' features in found order, and which of them are right."""

    question: Question
    rows: Sequence[dict[str, float]]
    right: Sequence[bool]


#: The reranker for a question of each part, or none.
Readers = Mapping[str, Reranker | None]


def list_cases(
    records: Iterable[Record], questions: Sequence[Question], *, readers: Sequence[Readers]
) -> list[list[ListCase]]:
    """Ask each question of its papers; return the cases as each of `readers` has them."""
    cases: list[list[ListCase]] = [[] for _ in readers]
    with tempfile.TemporaryDirectory() as folder:
        embedder = open_embedder(cache=Path(folder) / "cache")
        with Corpus(Path(folder) / "store", embedder) as corpus:
            corpus.add(records)
            for question in questions:
                for own, reader in zip(cases, readers, strict=True):
                    if question.kind in ("list", "numeric filter"):
                        inquiry = Inquiry(corpus, reader[question.part], question.text)
                        own.append(_case(question, inquiry))
    return cases


def _case(question: Question, inquiry: Inquiry) -> ListCase:
    if question.kind == "list":
        rows = features_of_papers(
            inquiry.need,
            found=inquiry.found,
            papers=inquiry.papers,
            best=best_of_papers(inquiry.evidence),
        )
    else:
        met = features_of_meeting(inquiry.need, inquiry.alike, inquiry.evidence)
        rows = {paper_id: seen for paper_id, (_, seen) in met.items()}
    return ListCase(question, list(rows.values()), [key in question.gold for key in rows])


def fit(cases: Sequence[ListCase]) -> Decider:
    """Fit a logistic model of belonging in the list, on every paper of every case."""
    names = sorted({name for case in cases for row in case.rows for name in row})
    matrix = np.array([[row[name] for name in names] for case in cases for row in case.rows])
    scaler = StandardScaler().fit(matrix)
    model = LogisticRegression(C=STRENGTH, max_iter=5000)
    model.fit(scaler.transform(matrix), [right for case in cases for right in case.right])
    weights = model.coef_[0] / scaler.scale_
    return Decider(
        intercept=round(float(model.intercept_[0] - weights @ scaler.mean_), 4),
        weights={name: round(float(w), 4) for name, w in zip(names, weights, strict=True)},
        answer_from=LIST_FROM if cases[0].question.kind == "list" else FILTER_FROM,
    )


def report(cases: Sequence[ListCase], scorers: dict[str, Decider]) -> None:
    """Print, by list, the precision, the recall over all gold papers, and what was expected."""
    for prefix in ("written", "development"):
        lists = []
        for case in cases:
            if not case.question.part.startswith(prefix):
                continue
            scorer = scorers[case.question.part]
            sure = np.array([scorer.probability(row) for row in case.rows])
            order = np.argsort(-sure, kind="stable")[:LISTED]
            chosen = [at for at in order if sure[at] >= scorer.answer_from] or [order[0]]
            hits = [case.right[at] for at in chosen]
            lists.append(
                (
                    np.mean(hits),
                    sum(hits) / len(case.question.gold),
                    hits[0],
                    len(hits),
                    sum(hits),
                    sum(sure[chosen]),
                )
            )
        precision, recall, first, listed, right, expected = np.mean(lists, axis=0)
        print(
            f"{prefix:12} n={len(lists):3}  precision {precision:.3f}  recall {recall:.3f}"
            f"  first {first:.3f}  listed {listed:.1f}  right {right:.2f}  expected {expected:.2f}"
        )


def main() -> None:
    """Fit, print the figures, and write the scorers where asked."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("shared", type=Path)
    parser.add_argument("--rerankers", type=Path, required=True)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    papers = written_papers(options.shared)
    written = written_questions(papers)
    development = development_questions(options.shared)
    parts = sorted({question.part for question in (*written, *development)})
    with tempfile.TemporaryDirectory() as folder:
        cache = Path(folder)
        readers: dict[str, Reranker | None] = dict.fromkeys(parts, open_reranker(cache))
        for half in (0, 1):
            difference = options.rerankers / f"without_{half}.safetensors"
            readers[f"written {half}"] = open_reranker(cache, difference=difference)
        both: list[Readers] = [dict.fromkeys(parts), readers]
        seen = list_cases(development_papers(options.shared), development, readers=both)
        made = list_cases(papers.values(), written, readers=both)
    for kind, name, at in (
        ("list", "matching", 0),
        ("list", "matching_reranked", 1),
        ("numeric filter", "threshold", 0),
        ("numeric filter", "threshold_reranked", 1),
    ):
        cases = [case for case in (*seen[at], *made[at]) if case.question.kind == kind]
        others = {p: fit([case for case in cases if case.question.part != p]) for p in parts}
        print(name)
        report(cases, others)
        if options.write:
            ship(name, fit(cases))


if __name__ == "__main__":
    main()
