"""The development questions as the reranker meets them, and how well a score ranks their sentences.

Retrieval, features and folds are those of `fit_scorers`; a question's candidates are the best
sentences by the plain score and by the features, fitted without that question's fold.
"""

import tempfile
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.evidence import Evidence
from store.corpus import Corpus
from store.embedding import open_embedder
from store.readers import read_papers, source_files
from tests.benchmarks.dev_questions import DevQuestion, load
from tests.benchmarks.fit_scorers import FOLDS, Case, ask, fit_evidence, folds
from tests.benchmarks.reranker_data import Group

#: Sentences that the reranker is shown.
BEST = 16
#: Wrong sentences to learn from, of an answerable question and of an unanswerable one.
WRONG, WRONG_WITHOUT_ANSWER = 10, 6

Scores = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Asked:
    """A development question, its candidates, and two scores of them that no model is needed for.

    `taken_away`: asked with its own papers left out, so that nothing answers it. `learn` is what
    there is to learn from it.
    """

    question: DevQuestion
    taken_away: bool
    fold: int
    shown: Group
    plain: Scores
    features: Scores
    learn: Group

    @property
    def answerable(self) -> bool:
        """Whether the papers answer it."""
        return bool(self.question.gold) and not self.taken_away


def ask_all(shared: Path) -> list[Asked]:
    """Ask every question of the seed papers, then the answerable ones without their own papers."""
    questions = load(shared)
    with tempfile.TemporaryDirectory() as folder:
        embedder = open_embedder(cache=Path(folder) / "cache")
        with Corpus(Path(folder) / "store", embedder) as corpus:
            files = source_files([shared / "seeds"])
            corpus.add(record for file in files for record in read_papers(file))
            cases = [ask(corpus, q, taken_away=False) for q in questions]
            cases += [ask(corpus, q, taken_away=True) for q in questions if q.gold]
    fold = folds(questions)
    scorers = [
        fit_evidence([case for case in cases if fold[case.question.id] != held_out])
        for held_out in range(FOLDS)
    ]
    asked = []
    for case in cases:
        at = fold[case.question.id]
        features = np.array([scorers[at].probability(e.features) for e in case.evidence])
        asked.append(_asked(case, at, features))
    return asked


def plain_score(evidence: Evidence) -> float:
    """Return the paper's score, half the window's cosine and half the share of terms held."""
    seen = evidence.features
    return seen["paper"] + 0.5 * seen["window_best"] + 0.5 * seen["terms_with_title"]


def _asked(case: Case, fold: int, features: Scores) -> Asked:
    plain = np.array([plain_score(e) for e in case.evidence])
    by_plain = np.argsort(-plain, kind="stable")[:BEST]
    by_features = np.argsort(-features, kind="stable")[:BEST]
    shown = list(dict.fromkeys([*by_features, *by_plain]))
    right = [at for at, answers in enumerate(case.right) if answers]
    # Wrong ones by the plain score alone: it was fitted on nothing.
    wrong = [at for at in np.argsort(-plain, kind="stable") if not case.right[at]]
    learn = [*right[:4], *wrong[: WRONG if right else WRONG_WITHOUT_ANSWER]]
    return Asked(
        question=case.question,
        taken_away=case.taken_away,
        fold=fold,
        shown=_group(case, shown),
        plain=plain[shown],
        features=features[shown],
        learn=_group(case, learn),
    )


def _group(case: Case, places: Sequence[int]) -> Group:
    sentences = [case.evidence[at].sentence for at in places]
    return Group(
        case.question.text,
        tuple((sentence.paper.title, sentence.text) for sentence in sentences),
        tuple(int(case.right[at]) for at in places),
        "development",
    )


# -- measures -----------------------------------------------------------------------------------


def best_of(first: Scores, second: Scores, *, weight: float) -> Scores:
    """Return `second` plus `weight` times `first`, among the best by `first`, both scaled.

    Scaled is: mean 0 and deviation 1 among the best. The others get minus infinity.
    """
    best = np.argsort(-first, kind="stable")[:BEST]
    scores = np.full(len(first), -np.inf)
    scores[best] = weight * _scaled(first[best]) + _scaled(second[best])
    return scores


def measures(asked: Sequence[Asked], scores: Sequence[Scores]) -> dict[str, float]:
    """Return p1 and hit3 over the answerable questions, then p1 of each kind."""
    firsts: dict[str, list[bool]] = defaultdict(list)
    threes = []
    for item, row in zip(asked, scores, strict=True):
        if item.answerable:
            order = np.argsort(-row, kind="stable")[:3]
            firsts[item.question.kind].append(bool(item.shown.answers[order[0]]))
            threes.append(any(item.shown.answers[at] for at in order))
    every = [value for values in firsts.values() for value in values]
    by_kind = {kind: float(np.mean(values)) for kind, values in sorted(firsts.items())}
    return {"p1": float(np.mean(every)), "hit3": float(np.mean(threes)), **by_kind}


def separation(asked: Sequence[Asked], scores: Sequence[Scores]) -> tuple[float, float]:
    """Return the AUROC of the top score: against unanswerable ones, against papers taken away."""
    top = [float(np.max(row[np.isfinite(row)])) for row in scores]
    yes = [score for score, item in zip(top, asked, strict=True) if item.answerable]
    no = [s for s, item in zip(top, asked, strict=True) if not item.question.gold]
    away = [s for s, item in zip(top, asked, strict=True) if item.taken_away]
    return _auroc(yes, no), _auroc(yes, away)


def _auroc(yes: Sequence[float], no: Sequence[float]) -> float:
    wins = sum((a > b) + (a == b) / 2 for a in yes for b in no)
    return wins / (len(yes) * len(no))


def _scaled(values: Scores) -> Scores:
    result: Scores = (values - values.mean()) / (values.std() or 1.0)
    return result
