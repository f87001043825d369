"""Answers measured on questions with gold sentences."""

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean, quantiles

from pydantic import BaseModel

from assistant.answer import Answer
from assistant.assistant import Assistant
from assistant.evaluation.questions import GoldSpans, Question, locate
from store.errors import MissingExtra

#: Quotes looked at by hit3 and must3.
FIRST = 3
#: Bins of the calibration error.
BINS = 10


class KindFigures(BaseModel):
    """Shares over the answerable questions of one kind; an abstention counts as a miss.

    `p1`: the first quote overlaps a gold sentence; `hit3`: one of the first three does; `must3`:
    the required strings occur in the first three. Citation precision is over the answers given.
    """

    questions: int
    answered: float
    p1: float
    hit3: float
    must3: float | None
    citation_precision: float | None
    citation_recall: float


class AnswerFigures(BaseModel):
    """What `assistant eval answers` reports; latencies in milliseconds."""

    kinds: dict[str, KindFigures]
    abstained: dict[str, float]
    auroc: float | None
    calibration_error: float
    latency_p50: float
    latency_p95: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """A question, its answer, where its gold stands, and how long the answer took."""

    question: Question
    answer: Answer
    gold: GoldSpans
    milliseconds: float

    @property
    def right(self) -> list[bool]:
        """Whether each of the first quotes overlaps a gold sentence."""
        return [
            self.gold.overlaps(quote.paper_id, quote.start, quote.end)
            for quote in self.answer.quotes[:FIRST]
        ]


def evaluate(
    assistant: Assistant,
    questions: Sequence[Question],
    *,
    path: Path,
    resolved: bool = False,
    progress: Callable[[int], None] | None = None,
) -> AnswerFigures:
    """Ask every question and return the figures; `resolved` asks follow-ups in their full form."""
    gold = locate(questions, assistant.corpus, path=path)
    outcomes = []
    for question in questions:
        outcomes.append(_asked(assistant, question, gold[question.id], resolved=resolved))
        if progress:
            progress(1)
    return figures(outcomes)


def figures(outcomes: Sequence[Outcome]) -> AnswerFigures:
    """Return the figures of outcomes; there must be at least one."""
    answerable = [outcome for outcome in outcomes if outcome.question.gold]
    by_kind: dict[str, list[Outcome]] = defaultdict(list)
    sorts: dict[str, list[bool]] = defaultdict(list)
    for outcome in answerable:
        by_kind[outcome.question.kind].append(outcome)
    for outcome in outcomes:
        if not outcome.question.gold:
            sorts[outcome.question.sort].append(outcome.answer.status == "no_answer")
    times = sorted(outcome.milliseconds for outcome in outcomes)
    # Inclusive: the other way extrapolates, beyond the slowest answer where there are few.
    cuts = quantiles(times, n=20, method="inclusive") if len(times) > 1 else times * 19
    kinds = {kind: _kind_figures(own) for kind, own in sorted(by_kind.items())}
    if answerable:
        kinds["all"] = _kind_figures(answerable)
    return AnswerFigures(
        kinds=kinds,
        abstained={sort: fmean(values) for sort, values in sorted(sorts.items())},
        auroc=_auroc(outcomes),
        calibration_error=calibration_error(
            [outcome.answer.confidence for outcome in outcomes],
            [any(outcome.right) for outcome in outcomes],
        ),
        latency_p50=cuts[9],
        latency_p95=cuts[18],
    )


def calibration_error(confidences: Sequence[float], right: Sequence[bool]) -> float:
    """Return the expected calibration error over ten equal bins (Naeini et al., 2015)."""
    bins: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for confidence, is_right in zip(confidences, right, strict=True):
        bins[min(int(confidence * BINS), BINS - 1)].append((confidence, is_right))
    gaps = (
        len(pairs) * abs(fmean(c for c, _ in pairs) - fmean(r for _, r in pairs))
        for pairs in bins.values()
    )
    return sum(gaps) / len(confidences)


def _asked(assistant: Assistant, question: Question, gold: GoldSpans, *, resolved: bool) -> Outcome:
    full = question.resolved if resolved and question.resolved else None
    filters = question.filters
    turns = () if full else assistant.recall(question.history, filters=filters)
    began = time.perf_counter()
    answer = assistant.ask(full or question.question, turns=turns, filters=filters)
    return Outcome(question, answer, gold, 1000 * (time.perf_counter() - began))


def _kind_figures(outcomes: Sequence[Outcome]) -> KindFigures:
    required = [outcome for outcome in outcomes if outcome.question.must_contain]
    precisions = [p for outcome in outcomes if (p := _citation_precision(outcome)) is not None]
    return KindFigures(
        questions=len(outcomes),
        answered=fmean(outcome.answer.status == "answered" for outcome in outcomes),
        p1=fmean(outcome.right[:1] == [True] for outcome in outcomes),
        hit3=fmean(any(outcome.right) for outcome in outcomes),
        must3=_mean(_holds_required(outcome) for outcome in required),
        citation_precision=_mean(precisions),
        citation_recall=fmean(_citation_recall(outcome) for outcome in outcomes),
    )


def _holds_required(outcome: Outcome) -> bool:
    said = "\n".join(quote.text for quote in outcome.answer.quotes[:FIRST])
    return all(required in said for required in outcome.question.must_contain)


def _citation_precision(outcome: Outcome) -> float | None:
    cited = [citation.paper_id for citation in outcome.answer.citations]
    return _mean(paper_id in outcome.gold.spans for paper_id in cited)


def _citation_recall(outcome: Outcome) -> float:
    cited = {citation.paper_id for citation in outcome.answer.citations}
    return fmean(paper_id in cited for paper_id in outcome.gold.spans)


def _mean(values: Iterable[float]) -> float | None:
    every = list(values)
    return fmean(every) if every else None


def _auroc(outcomes: Sequence[Outcome]) -> float | None:
    """Return how well confidence tells answerable questions, or None where all are of one sort."""
    answerable = [bool(outcome.question.gold) for outcome in outcomes]
    if len(set(answerable)) < 2:
        return None
    try:
        from sklearn.metrics import roc_auc_score
    except ModuleNotFoundError as error:
        raise MissingExtra("eval", "scikit-learn") from error
    return float(roc_auc_score(answerable, [outcome.answer.confidence for outcome in outcomes]))


def as_rows(kinds: Mapping[str, KindFigures]) -> list[list[str]]:
    """Return the figures of each kind as printed cells, one row a kind."""
    return [
        [kind, *("–" if v is None else f"{v:.3f}" if isinstance(v, float) else str(v)
                 for v in values.model_dump().values())]
        for kind, values in kinds.items()
    ]  # fmt: skip
