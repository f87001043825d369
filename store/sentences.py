"""Sentence spans of a text, as exact offsets into it."""

import re
from typing import NamedTuple

from sentencex import get_sentence_boundaries

# The splitter panics on some blanks of more than one byte after a capital; a plain blank in their
# place leaves every offset as it is.
_FOREIGN_BLANK = re.compile(r"[^\S\x00-\x7f]")


class Span(NamedTuple):
    """A half-open range `[start, end)` of code points."""

    start: int
    end: int


def sentence_spans(text: str) -> list[Span]:
    """Return the span of each sentence of `text`, in order, without the blanks around it.

    The spans do not overlap, none is empty, and everything outside them is white space.
    """
    spans = []
    for boundary in get_sentence_boundaries("en", _FOREIGN_BLANK.sub(" ", text)):
        start, end = boundary["start_index"], boundary["end_index"]
        piece = text[start:end]
        start += len(piece) - len(piece.lstrip())
        end -= len(piece) - len(piece.rstrip())
        if start < end:
            spans.append(Span(start, end))
    return spans
