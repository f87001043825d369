"""Answers measured: every figure against the value worked out by hand."""

import json
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answer import Answer, Citation, Context, Coverage, Quote
from assistant.assistant import Assistant
from assistant.evaluation.answers import (
    KindFigures,
    Outcome,
    as_rows,
    calibration_error,
    evaluate,
    figures,
)
from assistant.evaluation.questions import Gold, GoldSpans, Question
from store.corpus import Corpus
from store.errors import ReadError

Run = Callable[..., subprocess.CompletedProcess[str]]
Span = tuple[int, int]


def outcome(
    *,
    quotes: Sequence[tuple[str, Span, str]] = (),
    gold: dict[str, Sequence[Span]] | None = None,
    confidence: float = 0.5,
    milliseconds: float = 1.0,
    **fields: object,
) -> Outcome:
    """Return the outcome of an answer of (paper id, span, text) quotes to a question with gold."""
    papers = list(dict.fromkeys(paper for paper, _, _ in quotes))
    question = Question.model_validate(
        {"id": "q", "question": "Why?", "gold": [Gold(title=key) for key in gold or {}], **fields}
    )
    answer = Answer(
        question="Why?",
        query="Why?",
        kind="factoid",
        status="answered" if quotes else "no_answer",
        confidence=confidence,
        quotes=tuple(
            Quote(
                text=text,
                paper_id=paper,
                start=start,
                end=end,
                citation=papers.index(paper) + 1,
                score=0.5,
                context=Context(start=start, end=end),
            )
            for paper, (start, end), text in quotes
        ),
        citations=tuple(
            Citation(number=number, paper_id=paper, title=paper, abstract_sha256="0" * 64)
            for number, paper in enumerate(papers, 1)
        ),
        coverage=Coverage(papers_searched=3),
        snapshot="0" * 64,
        version="0",
    )
    return Outcome(question, answer, GoldSpans(gold or {}), milliseconds)


FIRST_RIGHT = outcome(
    quotes=[("a", (0, 10), "needs 50%"), ("b", (0, 10), "of it")],
    gold={"a": [(0, 10)]},
    must_contain=("50%", "of it"),
    kind="factoid",
)
THIRD_RIGHT = outcome(
    quotes=[("c", (0, 10), "x"), ("c", (20, 30), "y"), ("a", (12, 24), "z")],
    gold={"a": [(10, 20)], "b": [(0, 5)]},
    must_contain=("50%",),
    kind="factoid",
)
FOURTH_RIGHT = outcome(
    quotes=[("c", (n, n + 1), "x") for n in range(3)] + [("a", (0, 10), "50%")],
    gold={"a": [(0, 10)]},
    must_contain=("50%",),
    kind="list",
)
ABSTAINED = outcome(gold={"a": [(0, 10)]}, kind="factoid")


def test_the_figures_of_a_kind() -> None:
    kinds = figures([FIRST_RIGHT, THIRD_RIGHT, ABSTAINED, FOURTH_RIGHT]).kinds
    # Citation precision: 1 of 2 and 1 of 2, nothing for the abstention; recall: 1/1, 1/2, 0/1.
    assert kinds["factoid"] == KindFigures(
        questions=3,
        answered=2 / 3,
        p1=1 / 3,
        hit3=2 / 3,
        must3=0.5,
        citation_precision=0.5,
        citation_recall=0.5,
    )
    # The fourth quote counts for the citations alone.
    assert kinds["list"] == KindFigures(
        questions=1,
        answered=1,
        p1=0,
        hit3=0,
        must3=0,
        citation_precision=0.5,
        citation_recall=1,
    )
    assert kinds["all"].questions == 4
    assert kinds["all"].p1 == 0.25
    assert kinds["all"].hit3 == 0.5
    assert kinds["all"].must3 == pytest.approx(1 / 3)
    assert list(kinds) == ["factoid", "list", "all"]


def test_required_strings_may_be_spread_over_the_first_three_quotes_but_not_across_two() -> None:
    spread = outcome(
        quotes=[("a", (0, 5), "half"), ("a", (6, 9), "of")],
        gold={"a": [(0, 5)]},
        must_contain=("half", "of"),
    )
    across = outcome(
        quotes=[("a", (0, 5), "half"), ("a", (6, 9), "of")],
        gold={"a": [(0, 5)]},
        must_contain=("half of",),
    )
    assert figures([spread]).kinds["all"].must3 == 1
    assert figures([across]).kinds["all"].must3 == 0


def test_what_nothing_was_measured_on_is_none() -> None:
    measured = figures([ABSTAINED])
    assert measured.kinds["all"].must3 is None
    assert measured.kinds["all"].citation_precision is None
    assert measured.kinds["all"].citation_recall == 0
    assert measured.auroc is None
    assert measured.abstained == {}
    assert figures([outcome(notes="off-topic")]).kinds == {}


def test_abstention_is_shared_out_by_sort() -> None:
    wrong = [("a", (0, 5), "x")]
    measured = figures(
        [
            outcome(notes="off-topic: cooking"),
            outcome(notes="off-topic: sport"),
            outcome(notes="off-topic", quotes=wrong),
            outcome(notes="absent", quotes=wrong),
            outcome(),
            FIRST_RIGHT,
        ]
    )
    assert measured.abstained == {
        "absent": 0,
        "off-topic": pytest.approx(2 / 3),
        "unanswerable": 1,
    }
    assert measured.kinds["all"].questions == 1


def test_auroc_is_the_share_of_pairs_that_confidence_orders_rightly() -> None:
    measured = figures(
        [
            outcome(gold={"a": []}, confidence=0.9),
            outcome(gold={"a": []}, confidence=0.4),
            outcome(confidence=0.6),
            outcome(confidence=0.4),
            outcome(confidence=0.1),
        ]
    )
    # 0.9 is above all three: 3. 0.4 is above one, level with one, below one: 1.5. Of 6 pairs.
    assert measured.auroc == pytest.approx(4.5 / 6)


def test_the_calibration_error_by_hand() -> None:
    confidences = [0.2, 0.3 - 1e-9, 0.8, 0.9 - 1e-9, 0.92, 1.0]
    right = [False, False, True, False, True, True]
    # Three bins, each with a third of them: 0.2-0.3 has mean 0.25 and none right, 0.8-0.9 has
    # mean 0.85 and half right, 0.9-1.0, which 1.0 falls in too, has mean 0.96 and both right.
    assert calibration_error(confidences, right) == pytest.approx((0.25 + 0.35 + 0.04) / 3)


def test_confidence_that_is_sure_and_right_has_no_calibration_error() -> None:
    right = outcome(quotes=[("a", (0, 5), "x")], gold={"a": [(0, 5)]}, confidence=1.0)
    wrong = outcome(confidence=0.0)
    assert figures([right, wrong]).calibration_error == 0
    assert figures([outcome(confidence=1.0)]).calibration_error == 1


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=30))
def test_the_calibration_error_is_a_share_and_asks_for_no_order(
    pairs: list[tuple[float, bool]],
) -> None:
    confidences, right = [c for c, _ in pairs], [r for _, r in pairs]
    error = calibration_error(confidences, right)
    assert 0 <= error <= 1
    assert calibration_error(confidences[::-1], right[::-1]) == pytest.approx(error)


@pytest.mark.parametrize(
    ("times", "p50", "p95"),
    [
        ([7.0], 7.0, 7.0),
        ([1.0, 2.0], 1.5, 1.95),
        ([float(n) for n in range(100, -1, -1)], 50.0, 95.0),
    ],
)
def test_latencies_lie_within_what_was_measured(times: list[float], p50: float, p95: float) -> None:
    measured = figures([outcome(milliseconds=time) for time in times])
    assert measured.latency_p50 == pytest.approx(p50)
    assert measured.latency_p95 == pytest.approx(p95)


def test_figures_are_printed_with_a_dash_for_none() -> None:
    rows = as_rows(figures([ABSTAINED]).kinds)
    assert rows == [
        ["factoid", "1", "0.000", "0.000", "0.000", "–", "–", "0.000"],
        ["all", "1", "0.000", "0.000", "0.000", "–", "–", "0.000"],
    ]


HYENA = "HyenaDNA: Long-Range Genomic Sequence Modeling at Single Nucleotide Resolution"


def hyena_sentences(sample: Corpus) -> tuple[str, ...]:
    (paper,) = (paper for paper in sample.papers() if paper.title == HYENA)
    return (paper.abstract,)


def test_every_question_is_asked_in_turn(
    assistant: Assistant, sample: Corpus, tmp_path: Path
) -> None:
    gold = (Gold(title=HYENA, sentences=hyena_sentences(sample)),)
    questions = [
        Question(id="1", question="What is HyenaDNA?", gold=gold, must_contain=("HyenaDNA",)),
        Question(id="2", question="What is the boiling point of mercury?", notes="off-topic"),
        Question(
            id="3",
            question="How long are its contexts?",
            history=("What is HyenaDNA?",),
            resolved="How long are the contexts of HyenaDNA?",
            gold=gold,
        ),
    ]
    counted: list[int] = []
    measured = evaluate(assistant, questions, path=tmp_path, progress=counted.append)
    assert counted == [1, 1, 1]
    # The whole abstract is gold, and the follow-up is of the paper that the first answer cites.
    assert measured.kinds["all"].questions == 2
    assert measured.kinds["all"].p1 == 1
    assert measured.kinds["all"].must3 == 1
    assert measured.abstained == {"off-topic": 1}
    assert measured.auroc == 1
    assert 0 < measured.latency_p50 <= measured.latency_p95
    assert evaluate(assistant, questions, path=tmp_path, resolved=True).kinds["all"].p1 == 1


def test_gold_that_is_not_in_the_store_ends_before_anything_is_asked(
    assistant: Assistant, tmp_path: Path
) -> None:
    question = Question(id="1", question="?!", gold=(Gold(title="Unknown"),))
    with pytest.raises(ReadError, match="question 1: the store has no paper 'Unknown'"):
        evaluate(assistant, [question], path=tmp_path)


def test_the_command_measures_and_refuses(sample: Corpus, command: Run, tmp_path: Path) -> None:
    path = tmp_path / "questions.jsonl"
    path.write_text('{"id": "1", "question": "Who won the cup?", "notes": "off-topic"}\n', "utf-8")
    done = command("eval", "answers", path, "--store", sample.folder, "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["abstained"] == {"off-topic": 1.0}
    path.write_text('{"id": "1"}\n', "utf-8")
    done = command("eval", "answers", path, "--store", sample.folder)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"error: {path}:1: question: field required\n"
