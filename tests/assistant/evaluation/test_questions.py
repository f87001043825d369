"""Questions with gold: how the file is read, where the gold stands, what overlaps it."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.evaluation.questions import Gold, GoldSpans, Question, locate, read_questions
from store.corpus import Corpus
from store.errors import ReadError
from store.papers import Paper

TIDES = Paper(id="doi:10.1/tides", title="On Tides", abstract="The moon pulls. The sea rises.")
BREAD = Paper(id="title:bread", title="On  Bread", abstract="Yeast works. Dough rises.")


@pytest.fixture
def corpus(empty: Corpus) -> Corpus:
    empty.add([TIDES, BREAD])
    return empty


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "questions.jsonl"


def test_a_file_is_read_in_order_with_what_each_line_leaves_out(path: Path) -> None:
    full = {
        "id": "q1",
        "question": "And the sea?",
        "kind": "factoid",
        "gold": [{"title": "On Tides", "sentences": ["The sea rises."]}],
        "must_contain": ["rises"],
        "history": ["What pulls?"],
        "resolved": "What does the sea do?",
        "notes": "",
        "annotator": "ann",
    }
    # U+2028 ends a line for Python, but not in JSON.
    path.write_text(
        f'\ufeff{json.dumps(full)}\n\n{{"id": "q0", "question": "Why\u2028?"}}\r\n', "utf-8"
    )
    assert read_questions(path) == [
        Question(
            id="q1",
            question="And the sea?",
            kind="factoid",
            gold=(Gold(title="On Tides", sentences=("The sea rises.",)),),
            must_contain=("rises",),
            history=("What pulls?",),
            resolved="What does the sea do?",
        ),
        Question(id="q0", question="Why\u2028?"),
    ]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"id": "1", "question": "Why?"}\n{"id": "2"}\n', r":2: question: field required"),
        ("\n{oops\n", r":2: line: invalid JSON"),
        ('["1"]\n', r":1: line: "),
        ('{"id": 1, "question": "Why?"}\n', r":1: id: input should be a valid string"),
        (
            '{"id": "1", "question": "Why?", "gold": [{"sentences": ["ok", 2]}]}\n',
            r":1: gold\.0\.sentences\.1: input should be a valid string",
        ),
        (
            '{"id": "1", "question": "Why?", "gold": [{"title": "A", "sentences": [""]}]}\n',
            r":1: gold\.0\.sentences\.0: is blank",
        ),
        (
            '{"id": "1", "question": "Why?"}\n{"id": "1", "question": "How?"}\n',
            r":2: a second question '1'",
        ),
        ('{"id": "1", "question": "\\ud800"}\n', r":1: line: invalid JSON"),
        ("\n \n", r"questions\.jsonl: holds no question"),
        ("", r"questions\.jsonl: holds no question"),
    ],
)
def test_a_wrong_line_is_refused_with_its_number(path: Path, text: str, reason: str) -> None:
    path.write_text(text, "utf-8")
    with pytest.raises(ReadError, match=reason):
        read_questions(path)


def test_a_file_that_cannot_be_read_is_refused(path: Path) -> None:
    with pytest.raises(ReadError, match=r"questions\.jsonl: cannot be read: No such file"):
        read_questions(path)
    with pytest.raises(ReadError, match=r"cannot be read: Is a directory"):
        read_questions(path.parent)
    path.write_bytes(b'{"id": "1"}\n\xff\n')
    with pytest.raises(ReadError, match=r"questions\.jsonl:1: question: field required"):
        read_questions(path)
    path.write_bytes(b"\n\xff\n")
    with pytest.raises(ReadError, match=r"questions\.jsonl:2: not UTF-8 text \(byte 0xff"):
        read_questions(path)


@pytest.mark.parametrize(
    ("notes", "sort"),
    [
        ("off-topic: cooking", "off-topic"),
        ("detail-missing; the paper is there", "detail-missing"),
        (" absent ", "absent"),
        ("", "unanswerable"),
        (": nothing before it", "unanswerable"),
    ],
)
def test_the_sort_of_an_unanswerable_question(notes: str, sort: str) -> None:
    assert Question(id="1", question="Why?", notes=notes).sort == sort


def asked(*gold: Gold, name: str = "q") -> Question:
    return Question(id=name, question="Why?", gold=gold)


def test_gold_is_located_by_id_and_by_title_whatever_its_case_and_blanks(
    corpus: Corpus, path: Path
) -> None:
    questions = [
        asked(Gold(title=" on TIDES ", sentences=("The sea rises.", "The moon")), name="both"),
        asked(Gold(paper_id="title:bread", title="wrong", sentences=("Dough",)), name="id"),
        asked(Gold(title="On Bread"), Gold(title="On Tides", sentences=("sea",)), name="two"),
        asked(name="none"),
    ]
    # "The moon pulls. The sea rises.": The sea rises. from 16 to 30; "sea" from 20.
    assert {key: gold.spans for key, gold in locate(questions, corpus, path=path).items()} == {
        "both": {"doi:10.1/tides": [(16, 30), (0, 8)]},
        "id": {"title:bread": [(13, 18)]},
        "two": {"title:bread": [], "doi:10.1/tides": [(20, 23)]},
        "none": {},
    }


@pytest.mark.parametrize(
    ("gold", "reason"),
    [
        (Gold(title="On Clocks"), "question q: the store has no paper 'On Clocks'"),
        (Gold(paper_id="doi:10.1/no", title="On Tides"), "the store has no paper 'doi:10.1/no'"),
        (Gold(), "the store has no paper ''"),
        (
            Gold(title="On Tides", sentences=("The sea falls.",)),
            "question q: doi:10.1/tides does not hold 'The sea falls.'",
        ),
    ],
)
def test_gold_that_the_store_lacks_is_refused(
    corpus: Corpus, path: Path, gold: Gold, reason: str
) -> None:
    with pytest.raises(ReadError, match=rf"questions\.jsonl: .*{reason}"):
        locate([asked(gold)], corpus, path=path)


@pytest.mark.parametrize(
    ("start", "end", "overlaps"),
    [
        (10, 20, True),  # the same
        (0, 100, True),  # holds it
        (14, 16, True),  # within it
        (4, 16, True),  # shares 6 of the shorter's 10
        (5, 15, False),  # shares 5 of 10: not more than half
        (0, 15, False),  # the same, of a longer quote
        (18, 21, True),  # shares 2 of the shorter's 3
        (18, 22, False),  # shares 2 of 4
        (20, 30, False),  # beside it
        (0, 10, False),
        (40, 50, False),
    ],
)
def test_a_quote_overlaps_where_more_than_half_of_the_shorter_is_shared(
    start: int, end: int, overlaps: bool
) -> None:
    gold = GoldSpans({"a": [(10, 20)], "b": []})
    assert gold.overlaps("a", start, end) is overlaps
    assert not gold.overlaps("b", start, end)
    assert not gold.overlaps("c", start, end)


SPANS = st.tuples(st.integers(0, 50), st.integers(1, 50)).map(lambda pair: (pair[0], sum(pair)))


@given(SPANS, SPANS)
def test_overlap_is_mutual_and_is_what_is_shared(
    one: tuple[int, int], two: tuple[int, int]
) -> None:
    there = GoldSpans({"a": [one]}).overlaps("a", *two)
    assert there == GoldSpans({"a": [two]}).overlaps("a", *one)
    shared = len(set(range(*one)) & set(range(*two)))
    assert there == (2 * shared > min(one[1] - one[0], two[1] - two[0]))
