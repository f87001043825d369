"""Fit the scorers of sentences and of answers on the development questions.

    python -m tests.benchmarks.fit_scorers ../shared [--rerankers DIR] [--write]

Prints five-fold figures, by question, without and with the reranker; with --write replaces the JSON
files that ship with the package by scorers fitted on all questions. Besides the unanswerable
questions there are, each answerable one is asked again with its own papers taken away: near the
collection, but not in it. A reranker that has seen these questions must not be what its score's
weight is fitted on: where the one that ships has, name the folder in which `train_reranker --keep`
left the five that were each trained without a fold, and every question is read by its own.
"""

import argparse
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from assistant.assistant import PAPERS
from assistant.confidence import signals
from assistant.evidence import Evidence, gather, reranked
from assistant.kinds import kind_of
from assistant.reranker import Reranker, open_reranker
from assistant.retrieval import Found, retrieve
from assistant.scorer import Decider, LinearScorer
from store.corpus import Corpus
from store.embedding import open_embedder
from store.papers import Paper
from store.readers import read_papers, source_files
from tests.benchmarks.dev_questions import DevQuestion, load
from tests.benchmarks.scorer_report import floor_of, report

SEED = 0
FOLDS = 5
#: Inverse strength of the penalty on the weights; few questions, so a strong one.
EVIDENCE_C = 0.05
RERANKED_C = 1.0
CONFIDENCE_C = 0.1

Row = dict[str, float]
_UNFITTED = LinearScorer(intercept=0, weights={})


@dataclass(frozen=True)
class Case:
    """A question asked of the corpus, with or without its own papers."""

    question: DevQuestion
    found: Sequence[Found]
    papers: dict[str, Paper]
    evidence: Sequence[Evidence]
    taken_away: bool

    @property
    def answerable(self) -> bool:
        """Whether the papers at hand answer the question."""
        return bool(self.question.gold) and not self.taken_away

    @property
    def right(self) -> list[bool]:
        """Whether each piece of evidence overlaps a gold sentence."""
        return [self.question.is_answered_by(item.sentence) for item in self.evidence]

    @property
    def was_read(self) -> bool:
        """Whether the reranker read the evidence; it leaves lists alone."""
        return "reranker" in self.evidence[0].features

    def with_evidence(self, evidence: Sequence[Evidence]) -> "Case":
        """Return this case with other evidence."""
        return Case(self.question, self.found, self.papers, evidence, self.taken_away)

    def rescored(self, scorer: LinearScorer) -> tuple[list[Evidence], list[bool]]:
        """Return evidence and labels, best first under another scorer."""
        scored = [
            Evidence(item.sentence, scorer.probability(item.features), item.features)
            for item in self.evidence
        ]
        scored.sort(key=lambda item: -item.score)
        return scored, self.with_evidence(scored).right


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
    answerable = [case for case in cases if case.answerable]
    rows = [dict(item.features) for case in answerable for item in case.evidence]
    right = [label for case in answerable for label in case.right]
    return fit(rows, right, c=EVIDENCE_C, weight=None)


def fit_reranked(cases: Sequence[Case]) -> LinearScorer:
    """Fit the two scores of a sentence together, on the evidence that the reranker has read."""
    answerable = [case for case in cases if case.answerable and case.was_read]
    names = ("features", "reranker")
    rows = [{n: e.features[n] for n in names} for case in answerable for e in case.evidence]
    right = [label for case in answerable for label in case.right]
    return fit(rows, right, c=RERANKED_C, weight=None)


def fit_confidence(rows: Sequence[Row], right: Sequence[bool]) -> LinearScorer:
    """Fit under `mix`, so that a third of all cases have no right answer."""
    return fit(rows, right, c=CONFIDENCE_C, weight=mix(np.array(right)))


def mix(right: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return the weights under which a third of all cases have no right answer."""
    share = right.sum() / 2 / max((~right).sum(), 1)
    return np.where(right, 1.0, share)


def ask(corpus: Corpus, question: DevQuestion, *, taken_away: bool) -> Case:
    """Gather the evidence for a question, unscored."""
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
        scorer=_UNFITTED,
    )
    return Case(question, found, papers, evidence, taken_away)


def folds(questions: Sequence[DevQuestion]) -> dict[str, int]:
    """Return the fold of each question, by id."""
    order = np.random.default_rng(SEED).permutation(len(questions))
    return {q.id: int(place) % FOLDS for q, place in zip(questions, order, strict=True)}


def without_own_fold(
    cases: Sequence[Case], fold: Mapping[str, int], *, scorers: Sequence[LinearScorer]
) -> list[Case]:
    """Return the cases with their evidence ranked by the scorer of their fold."""
    return [case.with_evidence(case.rescored(scorers[fold[case.question.id]])[0]) for case in cases]


def others(cases: Sequence[Case], fold: Mapping[str, int], held_out: int) -> list[Case]:
    """Return the cases outside a fold."""
    return [case for case in cases if fold[case.question.id] != held_out]


def rerankers_of(folder: Path | None, cache: Path) -> list[Reranker]:
    """Return the reranker of each fold: those in `folder`, or the one that ships for all."""
    if folder is None:
        return [open_reranker(cache)] * FOLDS
    return [
        open_reranker(cache, difference=folder / f"{held_out}.safetensors")
        for held_out in range(FOLDS)
    ]


def read_by(
    rerankers: Sequence[Reranker], cases: Sequence[Case], fold: Mapping[str, int]
) -> list[Case]:
    """Return the cases with the evidence that the reranker of their fold reads, and its logits."""
    return [
        case.with_evidence(
            reranked(
                case.question.text,
                case.evidence,
                kind=kind_of(case.question.text),
                reranker=rerankers[fold[case.question.id]],
                scorer=_UNFITTED,
            )
        )
        for case in cases
    ]


def signals_of(corpus: Corpus, cases: Sequence[Case]) -> list[Row]:
    """Return the signals of each case."""
    return [
        signals(
            corpus, case.question.text, found=case.found, papers=case.papers, evidence=case.evidence
        )
        for case in cases
    ]


def decide(corpus: Corpus, cases: Sequence[Case], fold: Mapping[str, int], *, name: str) -> Decider:
    """Print the figures of ranked cases and return the decider fitted on all of them."""
    rows = signals_of(corpus, cases)
    right = [any(case.right[:3]) for case in cases]
    sure = np.zeros(len(cases))
    for held_out in range(FOLDS):
        kept = [at for at, case in enumerate(cases) if fold[case.question.id] != held_out]
        scorer = fit_confidence([rows[at] for at in kept], [right[at] for at in kept])
        for at, case in enumerate(cases):
            if fold[case.question.id] == held_out:
                sure[at] = scorer.probability(rows[at])
    print(f"== {name}")
    report(cases, sure, weights=mix(np.array(right)))
    fitted = fit_confidence(rows, right)
    return Decider(**fitted.model_dump(), answer_from=floor_of(cases, sure))


def main() -> None:
    """Fit, print the figures, and write the scorers where asked."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("shared", type=Path)
    parser.add_argument("--rerankers", type=Path)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    questions = load(options.shared)
    fold = folds(questions)
    with tempfile.TemporaryDirectory() as folder:
        cache = Path(folder) / "cache"
        rerankers = rerankers_of(options.rerankers, cache)
        with Corpus(Path(folder) / "store", open_embedder(cache=cache)) as corpus:
            files = source_files([options.shared / "seeds"])
            corpus.add(record for file in files for record in read_papers(file))
            cases = [ask(corpus, q, taken_away=False) for q in questions]
            cases += [ask(corpus, q, taken_away=True) for q in questions if q.gold]
            scorers = [fit_evidence(others(cases, fold, f)) for f in range(FOLDS)]
            ranked = without_own_fold(cases, fold, scorers=scorers)
            plain = decide(corpus, ranked, fold, name="without the reranker")
            read = read_by(rerankers, ranked, fold)
            scorers = [fit_reranked(others(read, fold, f)) for f in range(FOLDS)]
            again = [
                ranked_by if case.was_read else case
                for case, ranked_by in zip(
                    read, without_own_fold(read, fold, scorers=scorers), strict=True
                )
            ]
            best = decide(corpus, again, fold, name="with the reranker")
    if options.write:
        write("evidence", fit_evidence(cases))
        write("confidence", plain)
        write("reranked", fit_reranked(read))
        write("confidence_reranked", best)


def write(name: str, scorer: LinearScorer) -> None:
    """Replace the scorer of that name that ships with the package."""
    path = Path(__file__).parents[2] / "assistant" / f"{name}.json"
    path.write_text(scorer.model_dump_json(indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
