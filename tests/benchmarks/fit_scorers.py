"""Fit the evidence and the confidence scorer on the development questions.

    python tests/benchmarks/fit_scorers.py ../shared [--write]

Prints five-fold figures, by question, and with --write replaces the JSON files that ship with the
package by scorers fitted on all questions. Besides the unanswerable questions there are, each
answerable one is asked again with its own papers taken away: near the collection, but not in it.
"""

import argparse
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.preprocessing import StandardScaler

from assistant.assistant import PAPERS
from assistant.confidence import signals
from assistant.evidence import Evidence, gather
from assistant.kinds import kind_of
from assistant.retrieval import Found, retrieve
from assistant.scorer import LinearScorer
from store.corpus import Corpus
from store.embedding import open_embedder
from store.papers import Paper
from store.readers import read_papers, source_files
from tests.benchmarks.dev_questions import DevQuestion, load

SEED = 0
FOLDS = 5
#: Inverse strength of the penalty on the weights; few questions, so a strong one.
EVIDENCE_C = 0.05
CONFIDENCE_C = 0.1
#: The share of answerable questions that should be answered.
ANSWERED = 0.95

Row = dict[str, float]


@dataclass(frozen=True)
class Case:
    """A question asked of the corpus, with or without its own papers."""

    question: DevQuestion
    found: Sequence[Found]
    papers: dict[str, Paper]
    evidence: Sequence[Evidence]
    right: Sequence[bool]
    taken_away: bool

    def rescored(self, scorer: LinearScorer) -> tuple[list[Evidence], list[bool]]:
        """Return evidence and labels, best first under another scorer."""
        scored = [
            (Evidence(item.sentence, scorer.probability(item.features), item.features), right)
            for item, right in zip(self.evidence, self.right, strict=True)
        ]
        scored.sort(key=lambda pair: -pair[0].score)
        return [item for item, _ in scored], [right for _, right in scored]


def fit(
    rows: Sequence[Row], right: Sequence[bool], *, c: float, weight: NDArray[np.float64] | None
) -> LinearScorer:
    """Fit a logistic model on standardised features, written in terms of the plain ones."""
    names = sorted({name for row in rows for name in row})
    matrix = np.array([[row.get(name, 0.0) for name in names] for row in rows])
    scaler = StandardScaler().fit(matrix)
    model = LogisticRegression(C=c, max_iter=5000)
    model.fit(scaler.transform(matrix), np.array(right), sample_weight=weight)
    plain = model.coef_[0] / scaler.scale_
    return LinearScorer(
        intercept=round(float(model.intercept_[0] - plain @ scaler.mean_), 4),
        weights={n: round(float(w), 4) for n, w in zip(names, plain, strict=True)},
    )


def fit_evidence(cases: Sequence[Case]) -> LinearScorer:
    """Fit on every sentence of the answerable cases."""
    answerable = [case for case in cases if case.question.gold and not case.taken_away]
    rows = [dict(item.features) for case in answerable for item in case.evidence]
    right = [label for case in answerable for label in case.right]
    return fit(rows, right, c=EVIDENCE_C, weight=None)


def fit_confidence(rows: Sequence[Row], right: Sequence[bool]) -> LinearScorer:
    """Fit with the wrong and unanswerable cases weighing half as much, in all, as the right."""
    return fit(rows, right, c=CONFIDENCE_C, weight=mix(np.array(right)))


def mix(right: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return the weights under which a third of all cases have no right answer."""
    share = right.sum() / 2 / max((~right).sum(), 1)
    return np.where(right, 1.0, share)


def ask(corpus: Corpus, question: DevQuestion, *, taken_away: bool) -> Case:
    """Gather the evidence for a question, with the scorer that is installed."""
    within = None
    if taken_away:
        within = [paper for paper in corpus.select() if paper not in question.gold]
    found = retrieve(corpus, question.text, k=PAPERS, within=within)
    papers = corpus.get([item.paper_id for item in found])
    evidence = gather(
        corpus,
        question.text,
        kind=kind_of(question.text),
        found=found,
        papers=papers,
        scorer=LinearScorer(intercept=0, weights={}),
    )
    right = [question.is_answered_by(item.sentence) for item in evidence]
    return Case(question, found, papers, evidence, right, taken_away)


def main() -> None:
    """Fit, print the figures, and write the scorers where asked."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("shared", type=Path)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    questions = load(options.shared)
    with tempfile.TemporaryDirectory() as folder:
        embedder = open_embedder(cache=Path(folder) / "cache")
        with Corpus(Path(folder) / "store", embedder) as corpus:
            files = source_files([options.shared / "seeds"])
            corpus.add(record for file in files for record in read_papers(file))
            cases = [ask(corpus, q, taken_away=False) for q in questions]
            cases += [ask(corpus, q, taken_away=True) for q in questions if q.gold]
            rows, right, outcomes = cross_validated(corpus, cases, questions)
    report(cases, rows, right, outcomes, questions)
    if options.write:
        package = Path(__file__).parents[2] / "assistant"
        write(package / "evidence.json", fit_evidence(cases))
        write(package / "confidence.json", fit_confidence(rows, right))


def folds(questions: Sequence[DevQuestion]) -> dict[str, int]:
    """Return the fold of each question, by id."""
    order = np.random.default_rng(SEED).permutation(len(questions))
    return {q.id: int(place) % FOLDS for q, place in zip(questions, order, strict=True)}


def cross_validated(
    corpus: Corpus, cases: Sequence[Case], questions: Sequence[DevQuestion]
) -> tuple[list[Row], list[bool], list[list[bool]]]:
    """Return each case's signals, whether its first three sentences hold a right one, and which."""
    fold = folds(questions)
    rows: list[Row] = [{}] * len(cases)
    outcomes: list[list[bool]] = [[]] * len(cases)
    for held_out in range(FOLDS):
        scorer = fit_evidence([case for case in cases if fold[case.question.id] != held_out])
        for at, case in enumerate(cases):
            if fold[case.question.id] == held_out:
                evidence, right = case.rescored(scorer)
                outcomes[at] = right[:3]
                rows[at] = signals(
                    corpus,
                    case.question.text,
                    found=case.found,
                    papers=case.papers,
                    evidence=evidence,
                )
    return rows, [any(outcome) for outcome in outcomes], outcomes


def report(
    cases: Sequence[Case],
    rows: Sequence[Row],
    right: Sequence[bool],
    outcomes: Sequence[Sequence[bool]],
    questions: Sequence[DevQuestion],
) -> None:
    """Print p1 and hit3 by kind, then how well confidence tells the cases apart."""
    by_kind: dict[str, list[tuple[bool, bool]]] = defaultdict(list)
    for case, outcome in zip(cases, outcomes, strict=True):
        if case.question.gold and not case.taken_away:
            for kind in (case.question.kind, "all"):
                by_kind[kind].append((outcome[0], any(outcome)))
    for kind, pairs in sorted(by_kind.items()):
        p1, hit3 = np.mean(pairs, axis=0)
        print(f"{kind:16} n={len(pairs):3}  p1 {p1:.3f}  hit3 {hit3:.3f}")
    fold = folds(questions)
    sure = np.zeros(len(cases))
    for held_out in range(FOLDS):
        kept = [i for i, case in enumerate(cases) if fold[case.question.id] != held_out]
        scorer = fit_confidence([rows[i] for i in kept], [right[i] for i in kept])
        for at, case in enumerate(cases):
            if fold[case.question.id] == held_out:
                sure[at] = scorer.probability(rows[at])
    _report_abstention(cases, sure)
    _report_calibration(sure, np.array(right))


def _report_abstention(cases: Sequence[Case], sure: NDArray[np.float64]) -> None:
    asked = np.array([not case.taken_away for case in cases])
    answerable = np.array([bool(c.question.gold) and not c.taken_away for c in cases])
    real = asked & ~answerable
    print(f"AUROC, answerable against unanswerable: {_auroc(answerable, sure, asked):.3f}")
    away = answerable | ~asked
    print(f"AUROC, answerable against papers taken away: {_auroc(answerable, sure, away):.3f}")
    floor = float(np.quantile(sure[answerable], 1 - ANSWERED))
    print(f"threshold that answers {ANSWERED:.0%} of the answerable: {floor:.3f}")
    sorts = defaultdict(list)
    for case, value in zip(cases, sure, strict=True):
        if case.taken_away:
            sorts["papers taken away"].append(value < floor)
        elif not case.question.gold:
            sorts[case.question.sort.split(":")[0].split(";")[0][:24]].append(value < floor)
    for sort, abstained in sorted(sorts.items()):
        print(f"abstained, {sort:24} n={len(abstained):3}  {np.mean(abstained):.2f}")
    print(f"abstained, all unanswerable     n={real.sum():3}  {np.mean(sure[real] < floor):.2f}")


def _auroc(
    answerable: NDArray[np.bool_], sure: NDArray[np.float64], among: NDArray[np.bool_]
) -> float:
    return float(roc_auc_score(answerable[among], sure[among]))


def _report_calibration(sure: NDArray[np.float64], right: NDArray[np.bool_]) -> None:
    edges = np.linspace(0, 1, 11)
    weights = mix(right)
    error = 0.0
    for low, high in pairwise(edges):
        inside = (sure >= low) & (sure < high)
        if inside.any():
            weight = weights[inside]
            is_right = float(np.average(right[inside], weights=weight))
            said = float(np.average(sure[inside], weights=weight))
            error += weight.sum() / weights.sum() * abs(said - is_right)
            count = inside.sum()
            print(f"confidence {low:.1f}-{high:.1f}: n={count:3}, right {is_right:.2f}")
    print(f"expected calibration error: {error:.3f}")


def write(path: Path, scorer: LinearScorer) -> None:
    """Write a scorer as readable JSON."""
    path.write_text(scorer.model_dump_json(indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
