"""Sentence spans: where sentences begin and end, and that the spans are exact."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from store.sentences import Span, sentence_spans

PIECES = ("A", "B", "We", "e.g.", "Fig.", "2", ".", "?", "(", ")", "“", "”", "😀", "ü", "\n", " ")
BLANKS = ("\x1c", "\x85", "\xa0", "\u2003", "\u2028", "\u3000")
TEXTS = st.text(st.characters(exclude_categories=["Cs"])) | st.lists(
    st.sampled_from(PIECES + BLANKS), max_size=12
).map("".join)


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        ("No stop at all", ["No stop at all"]),
        ("  Padded.  \n Next line. ", ["Padded.", "Next line."]),
        (
            "We use BERT (Devlin et al. 2019) in Fig. 2. It wins by 3.5% on GLUE, e.g. on MNLI.",
            [
                "We use BERT (Devlin et al. 2019) in Fig. 2.",
                "It wins by 3.5% on GLUE, e.g. on MNLI.",
            ],
        ),
        (
            "Code: https://github.com/ann/code. The end.",
            ["Code: https://github.com/ann/code.", "The end."],
        ),
        ("A wrapped\nline is one. Two.", ["A wrapped\nline is one.", "Two."]),
        ("😀 is one. Two 😀 too.", ["😀 is one.", "Two 😀 too."]),
        ("", []),
        (" \n\t\u2003", []),
    ],
)
def test_sentences(text: str, sentences: list[str]) -> None:
    assert [text[start:end] for start, end in sentence_spans(text)] == sentences


def test_spans_count_code_points() -> None:
    assert sentence_spans("😀 is one. Two.") == [Span(0, 9), Span(10, 14)]


@given(TEXTS)
@example("A.\r\nB.\x85C. \x1dD")
@example("Plan B\xa0. A\u2003.")
def test_spans_are_in_order_disjoint_and_hold_everything_but_white_space(text: str) -> None:
    spans = sentence_spans(text)
    covered = 0
    for start, end in spans:
        assert covered <= start < end <= len(text)
        assert not text[covered:start].strip()
        assert text[start:end] == text[start:end].strip()
        covered = end
    assert not text[covered:].strip()
