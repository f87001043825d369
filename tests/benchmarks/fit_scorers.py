"""Fit the scorers of sentences and of answers on the development and the written questions.

    python -m tests.benchmarks.fit_scorers ../shared --rerankers DIR [--write]

Prints figures of questions that what scores them was fitted without, part by part, as `questions`
cuts them. With --write replaces the JSON files that ship with the package by scorers fitted on
all questions. The weight of a reranker's score must not be fitted on questions that it has seen:
`train_reranker --keep DIR` leaves there one trained without each half of the written questions,
which `--rerankers` names. The one that ships has seen no development question.
"""

import argparse
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from assistant.evidence.confidence import signals
from assistant.evidence.evidence import reranked
from assistant.evidence.scorer import Decider, LinearScorer
from assistant.reranking.reranker import Reranker, open_reranker
from tests.benchmarks.cases import UNFITTED, Case, all_cases
from tests.benchmarks.fitting import fit_choice, fit_confidence, ship
from tests.benchmarks.scorer_report import floor_of, report, share_of

#: What the scorer of sentences that were read sees of them.
READING = ("features", "reranker")


def fit_evidence(cases: Sequence[Case], names: Sequence[str] = ()) -> LinearScorer:
    """Fit on the sentences of the answerable cases, on the features of these names or on all."""
    return fit_choice(
        [
            (
                [
                    {name: e.features[name] for name in names} if names else e.features
                    for e in case.evidence
                ],
                case.right,
            )
            for case in cases
            if case.answerable
        ]
    )


def fit_decider(cases: Sequence[Case]) -> LinearScorer:
    """Fit whether one of the first three pieces of evidence is right."""
    return fit_confidence(
        [signals_of(case) for case in cases],
        [any(case.right[:3]) for case in cases],
        weights=share_of(cases),
    )


def signals_of(case: Case) -> dict[str, float]:
    """Return the signals of a case whose evidence is ranked."""
    return signals(case.need, found=case.found, papers=case.papers, evidence=case.evidence)


def without_own_part(
    cases: Sequence[Case], fit: Callable[[Sequence[Case]], LinearScorer]
) -> dict[str, LinearScorer]:
    """Return, for each part, what is fitted on the cases of all other parts."""
    parts = sorted({case.question.part for case in cases})
    return {part: fit([case for case in cases if case.question.part != part]) for part in parts}


def ranked(cases: Sequence[Case], scorers: dict[str, LinearScorer]) -> list[Case]:
    """Return the cases with their evidence ranked by the scorer of their part."""
    return [case.scored_by(scorers[case.question.part]) for case in cases]


def rerankers_of(folder: Path, cache: Path) -> Callable[[Case], Reranker]:
    """Return what names the reranker for a case: one that has not seen its question."""
    shipped = open_reranker(cache)
    halves = {
        f"written {half}": open_reranker(cache, difference=folder / f"without_{half}.safetensors")
        for half in (0, 1)
    }
    return lambda case: halves.get(case.question.part, shipped)


def read(cases: Sequence[Case], reranker_of: Callable[[Case], Reranker]) -> list[Case]:
    """Return the cases with the evidence that a reranker reads, and its logits."""
    return [
        case.with_evidence(
            reranked(case.need, case.evidence, reranker=reranker_of(case), scorer=UNFITTED)
        )
        for case in cases
    ]


def decide(cases: Sequence[Case], *, name: str) -> Decider:
    """Print the figures of ranked cases and return the decider fitted on all of them."""
    scorers = without_own_part(cases, fit_decider)
    sure = np.array([scorers[case.question.part].probability(signals_of(case)) for case in cases])
    floors = {}
    for prefix in ("written", "development"):
        at = [n for n, case in enumerate(cases) if case.question.part.startswith(prefix)]
        print(f"\n== {prefix} questions, {name}")
        report([cases[n] for n in at], sure[at])
        floors[prefix] = floor_of([cases[n] for n in at], sure[at])
    # The written ones were read by rerankers that have learnt from half as much.
    return Decider(**fit_decider(cases).model_dump(), answer_from=floors["development"])


def main() -> None:
    """Fit, print the figures, and write the scorers where asked."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("shared", type=Path)
    parser.add_argument("--rerankers", type=Path, required=True)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    # A case with every sentence taken away has nothing to rank.
    cases = [case for case in all_cases(options.shared) if case.evidence]
    plain = ranked(cases, without_own_part(cases, fit_evidence))
    fitted = {
        "evidence": fit_evidence(cases),
        "confidence": decide(plain, name="without the reranker"),
    }
    with tempfile.TemporaryDirectory() as folder:
        seen = read(plain, rerankers_of(options.rerankers, Path(folder)))
    scorers = without_own_part(seen, lambda some: fit_evidence(some, READING))
    fitted["reranked"] = fit_evidence(seen, READING)
    fitted["confidence_reranked"] = decide(ranked(seen, scorers), name="with the reranker")
    for name, scorer in fitted.items() if options.write else ():
        ship(name, scorer)


if __name__ == "__main__":
    main()
