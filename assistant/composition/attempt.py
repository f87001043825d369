"""Attempt: one way to take a question, put to a corpus."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.composition import compose
from assistant.composition.draft import Draft
from assistant.conversation import Reading
from assistant.inquiry import Inquiry
from assistant.query import Filters
from assistant.question.correction import corrected, reread
from assistant.question.metadata import metadata_in
from assistant.reranking.reranker import Reranker
from store.corpus import Corpus


@dataclass(frozen=True, eq=False)
class Attempt:
    """A reading of a question, what was searched for it, and what came of that.

    `query` is its standalone text and `asked` what was searched, in the papers that pass the
    `filters` which the question sets in words; in the first what looks mistyped was replaced as
    `read` says.
    """

    reading: Reading
    query: str
    asked: str
    filters: Filters
    read: dict[str, str]
    inquiry: Inquiry
    draft: Draft

    @property
    def is_answered(self) -> bool:
        """Whether there is an answer, and a sure enough one for this reading."""
        return bool(self.draft.chosen) and self.draft.confidence >= self.reading.least


def first_answered(
    readings: Sequence[Reading],
    *,
    corpus: Corpus,
    reranker: Reranker | None,
    within: Collection[str] | None,
) -> Attempt:
    """Return the first reading that is answered; else the last, abstaining as the least sure does.

    That is never surer than an answer must be, though a reading may have to be surer than others.
    `readings` is not empty; each is put to the papers `within`, or to all where that is None.
    """
    least = 1.0
    for attempt in _attempts(readings, corpus, reranker, within):
        if attempt.is_answered:
            return attempt
        least = min(least, attempt.draft.confidence)
    least = min(least, attempt.inquiry.answer_from)
    return replace(attempt, draft=replace(attempt.draft, confidence=least, chosen=()))


def _attempts(
    readings: Sequence[Reading],
    corpus: Corpus,
    reranker: Reranker | None,
    within: Collection[str] | None,
) -> Iterator[Attempt]:
    for reading in readings:
        told = metadata_in(corpus, reading.asked or reading.text)
        filters = told.filters if told else Filters()
        asked = told.rest if told else reading.asked or reading.text
        text, read = corrected(corpus, asked)
        is_whole = bool(told) or not reading.asked
        query = reread(reading.text, read) if is_whole else corrected(corpus, reading.text)[0]
        papers = _both(filters.matching(corpus), _both(reading.papers or None, within))
        inquiry = Inquiry(corpus, reranker, text, papers)
        yield Attempt(reading, query, asked, filters, read, inquiry, compose(inquiry))


def _both(papers: Collection[str] | None, within: Collection[str] | None) -> Collection[str] | None:
    if papers is None:
        return within
    return papers if within is None else frozenset(papers).intersection(within)
