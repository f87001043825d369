"""Suggestion: what could be asked next, in the words of the papers at hand; none is tried here."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, zip_longest

from assistant.answer import Answer
from assistant.evidence.availability import availability_of
from assistant.evidence.sentence import MECHANISM, RESULTS, names_in, sentences_of
from store.lexical import printed_name
from store.papers import Paper

#: Kinds of answer that are about many papers.
OF_MANY = ("list", "threshold", "comparison", "similar", "corpus")
#: What a sentence measures something against.
_AGAINST = re.compile(
    r"\b(?:than|over|against|outperform\w*|surpass\w*|beat\w*|exceed\w*|compared (?:to|with))\b"
)


def questions_after(
    answer: Answer, *, cited: Iterable[Paper], related: Iterable[Paper]
) -> Iterator[str]:
    """Yield questions to ask after `answer`, each once: of papers `cited`, and of `related` ones.

    The two take turns, so that a few of them lead both deeper and further.
    """
    own = chain.from_iterable(_of(paper, answer) for paper in cited)
    pairs = zip_longest(own, questions_about(related))
    asked = {answer.question, answer.query}
    yield from dict.fromkeys(text for pair in pairs for text in pair if text and text not in asked)


def questions_about(papers: Iterable[Paper]) -> Iterator[str]:
    """Yield a question about each paper whose title and abstract both name its subject."""
    for paper in papers:
        if name := _name(paper):
            yield f"What is {name}?"


def questions_within(paper: Paper) -> Iterator[str]:
    """Yield what a paper may answer where it alone is asked; one that names nothing is "it"."""
    yield from questions_about([paper])
    yield from _on(paper, _name(paper) or "it", [one.text for one in sentences_of(paper)])


def _of(paper: Paper, answer: Answer) -> Iterator[str]:
    """Yield what the sentences of a paper that are not quoted yet may answer.

    A paper that names nothing is "it", which leans on the answer, where that is about one thing.
    """
    name = _name(paper) or ("" if answer.kind in OF_MANY else "it")
    if not name:
        return
    quoted = {quote.start for quote in answer.quotes if quote.paper_id == paper.id}
    texts = [one.text for one in sentences_of(paper) if one.span.start not in quoted]
    yield from _on(paper, name, texts)


def _on(paper: Paper, name: str, texts: Sequence[str]) -> Iterator[str]:
    """Yield what these sentences of a paper, which is called by the name, may answer."""
    if any(MECHANISM.search(text.lower()) for text in texts):
        yield f"How does {name} work?"
    partners = (partner for text in texts for partner in _compared(text, paper.title))
    if partner := next(partners, None):
        yield f"How does {name} compare with {partner}?"
    if any(availability_of(text, asked=frozenset({"code"})) for text in texts):
        yield "Is the code available?" if name == "it" else f"Is the code of {name} available?"
    if any(RESULTS.search(text.lower()) for text in texts):
        yield f"What does {name} achieve?"


def _compared(text: str, title: str) -> Iterator[str]:
    """Yield what looks like a name behind a word of comparison, unless the title has it."""
    for match in _AGAINST.finditer(text):
        behind = text[match.end() : match.end() + 40]
        found = sorted(
            (one for one in names_in(behind) if one[0].isupper() and one not in title),
            key=behind.index,
        )
        yield from found[:1]


def _name(paper: Paper) -> str | None:
    name = printed_name(paper.title)
    return name if name and name in paper.abstract else None
