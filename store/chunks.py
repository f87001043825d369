"""Chunk: a window of consecutive sentences of one abstract, the unit that is embedded."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from store.papers import Paper
from store.sentences import Span, sentence_spans

#: Sentences in a window. Windows do not overlap: one per sentence scores within .003 nDCG@10 of
#: this and costs almost three times the vectors.
WINDOW = 3
#: Characters in a window, so that window and title fit the 256 tokens that the model reads.
WINDOW_CHARACTERS = 900
#: Chunks of which the paper is remembered: a search asks it of hundreds, mostly the same ones.
KEPT = 20_000


@dataclass(frozen=True, slots=True)
class Chunk:
    """A window of an abstract: `paper.abstract[start:end] == text`, offsets in code points."""

    paper_id: str
    start: int
    end: int
    text: str

    @property
    def id(self) -> str:
        """The chunk's id, `"{paper_id}:{start}-{end}"`."""
        return f"{self.paper_id}:{self.start}-{self.end}"


@lru_cache(KEPT)
def paper_of(chunk_id: str) -> str:
    """Return the id of the paper that a chunk belongs to."""
    return chunk_id.rpartition(":")[0]


def span_of(chunk_id: str) -> Span:
    """Return where a chunk stands in its abstract."""
    start, _, end = chunk_id.rpartition(":")[2].partition("-")
    return Span(int(start), int(end))


def chunk(paper: Paper) -> list[Chunk]:
    """Split the abstract of `paper` into chunks, in order; every sentence is in exactly one."""
    return [
        Chunk(paper.id, start, end, paper.abstract[start:end])
        for start, end in _windows(sentence_spans(paper.abstract))
    ]


def embedded_text(title: str, text: str) -> str:
    """Return what is embedded for a chunk: its title in front, since sentences often say "it"."""
    return f"{title}\n{text}"


def _windows(sentences: list[Span]) -> Iterator[Span]:
    window: list[Span] = []
    for span in sentences:
        too_long = window and span.end - window[0].start > WINDOW_CHARACTERS
        if len(window) == WINDOW or too_long:
            yield Span(window[0].start, window[-1].end)
            window = []
        window.append(span)
    if window:
        yield Span(window[0].start, window[-1].end)
