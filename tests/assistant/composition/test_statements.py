"""Statements: what is said around the quotes of an answer."""

import pytest

from assistant.answer import Answer, Citation, Coverage, Matching
from assistant.composition.statements import statements


def listing(quoted: int, matching: Matching | None) -> Answer:
    """Return an answer that cites so many papers."""
    cited = [
        Citation(number=n, paper_id=f"title:{n}", title="T", abstract_sha256="0")
        for n in range(1, quoted + 1)
    ]
    return Answer(
        question="papers?",
        query="papers?",
        kind="list",
        status="answered",
        confidence=0.9,
        citations=tuple(cited),
        matching=matching,
        coverage=Coverage(papers_searched=30),
        snapshot="0",
        version="0",
    )


@pytest.mark.parametrize(
    ("quoted", "found", "expected", "words"),
    [
        (1, 1, 0.4, "1 paper seems to match."),
        (5, 5, 4.6, "5 papers seem to match."),
        (5, 5, 4.4, "5 papers may match; probably about 4 of them do."),
        (
            20,
            23,
            16.9,
            "23 papers may match; the first 20 are quoted, of which probably about 17 do.",
        ),
    ],
)
def test_a_list_says_how_many_papers_match(
    quoted: int, found: int, expected: float, words: str
) -> None:
    answer = listing(quoted, Matching(weighed=30, found=found, expected=expected))
    assert [str(one) for one in statements(answer)] == [words]


def test_a_count_of_matches_says_among_how_many_it_was_made() -> None:
    # Twenty of thirty papers were weighed.
    answers = (listing(n, Matching(weighed=20, found=n, expected=n)) for n in (1, 4))
    assert [str(one) for answer in answers for one in statements(answer)] == [
        "1 of the 20 nearest papers seems to match.",
        "4 of the 20 nearest papers seem to match.",
    ]


def test_nothing_is_said_of_what_is_no_list() -> None:
    assert list(statements(listing(2, None))) == []
