"""Verify: re-check an answer with nothing but the papers; no model, no index."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, Field

from assistant.answer import Answer, Citation, Figure, Link, Quote, Stretch
from assistant.evidence.links import links_in
from assistant.question.quantities import quantities_in
from assistant.verification.framing import misframed, misframed_quote
from store.identity import by_name
from store.papers import Paper, sha256, shown_digest

#: What a citation says of its paper besides the abstract.
CITED = ("title", "authors", "published", "venue", "url")


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in an answer that does not hold; `where` names the quote or citation."""

    where: str
    reason: str

    def __str__(self) -> str:
        return f"{self.where}: {self.reason}"


class Bundle(BaseModel):
    """Answers with the papers that they cite: verifiable on its own."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    answers: tuple[Answer, ...] = Field(min_length=1)
    papers: tuple[Paper, ...]

    def problems(self) -> Iterator[tuple[Answer, Problem]]:
        """Yield what does not hold by the bundle's own papers, each with its answer."""
        papers = by_name(self.papers)
        for answer in self.answers:
            yield from ((answer, problem) for problem in verify(answer, papers))


def papers_named(answer: Answer) -> list[str]:
    """Return the ids of the papers that an answer names, which are what it is verified by."""
    cited = [citation.paper_id for citation in answer.citations]
    quoted = [quote.paper_id for quote in answer.quotes]
    focus = [answer.focus.paper_id] if answer.focus and answer.focus.paper_id else []
    return [*cited, *quoted, *focus, *(near.paper_id for near in answer.closest)]


def verify(answer: Answer, papers: Mapping[str, Paper | str]) -> list[Problem]:
    """Return what does not hold of `answer`, in reading order; an empty list means verified.

    `papers` holds, by paper id, whole papers or nothing but their abstracts. Each quote must be
    the stretch of its paper's abstract that its offsets say, under a citation of that paper; each
    link and figure must be a stretch of its quote; each citation must be used, its hash be that of
    the abstract, and what it says of a whole paper be so; an answered question must have quotes,
    an unanswered one none. What is said around the quotes must be in the wording that there is for
    it, of what the question and the papers name, and agree with itself. That the quotes answer the
    question, how surely, and how many papers the collection holds of what, cannot be told from
    them and is not checked.
    """
    abstracts = {key: _abstract(paper) for key, paper in papers.items()}
    problems = list(_status_problems(answer))
    problems.extend(Problem("answer", reason) for reason in misframed(answer, papers))
    for number, citation in enumerate(answer.citations, 1):
        where = f"citation {citation.number} ({citation.paper_id})"
        reasons = [
            *_citation_problems(citation, number, answer, abstracts),
            *_misnamed(citation, papers.get(citation.paper_id)),
        ]
        problems.extend(Problem(where, reason) for reason in reasons)
    for number, quote in enumerate(answer.quotes, 1):
        where = f"quote {number} ({quote.paper_id}, {quote.start}-{quote.end})"
        reasons = [
            *_quote_problems(quote, answer, abstracts),
            *misframed_quote(quote, number, answer),
        ]
        problems.extend(Problem(where, reason) for reason in reasons)
    for stretch in (*answer.links, *answer.figures):
        where = f"stretch {stretch.start}-{stretch.end} of quote {stretch.quote}"
        problems.extend(Problem(where, reason) for reason in _stretch_problems(stretch, answer))
    return problems


def _abstract(paper: Paper | str) -> str:
    return paper if isinstance(paper, str) else paper.abstract


def _status_problems(answer: Answer) -> Iterator[Problem]:
    if answer.status == "answered" and not answer.quotes:
        yield Problem("answer", "says answered, but quotes nothing")
    if answer.status == "no_answer" and (answer.quotes or answer.citations):
        yield Problem("answer", "says no answer, but quotes or cites")


def _citation_problems(
    citation: Citation, number: int, answer: Answer, abstracts: Mapping[str, str]
) -> Iterator[str]:
    if citation.number != number:
        yield f"is number {citation.number}, expected {number}"
    if all(quote.citation != citation.number for quote in answer.quotes):
        yield "no quote uses it"
    abstract = abstracts.get(citation.paper_id)
    if abstract is None:
        yield "its abstract is not at hand"
    elif sha256(abstract) != citation.abstract_sha256:
        yield (
            f"the abstract has changed: SHA-256 {shown_digest(sha256(abstract))}…, "
            f"cited as {shown_digest(citation.abstract_sha256)}…"
        )


def _misnamed(citation: Citation, paper: Paper | str | None) -> Iterator[str]:
    if not isinstance(paper, Paper):
        return
    for name in CITED:
        said, is_so = getattr(citation, name), getattr(paper, name)
        if said != is_so:
            yield f"cites {name} {_shown(said)}, the paper has {_shown(is_so)}"
    if paper.withdrawn and not citation.withdrawn:
        yield "does not say that the paper has been withdrawn"
    elif citation.withdrawn and not paper.withdrawn:
        yield "says that the paper has been withdrawn, which it has not"


def _shown(value: str | tuple[str, ...] | None) -> str:
    return repr("; ".join(value) if isinstance(value, tuple) else value)


def _quote_problems(quote: Quote, answer: Answer, abstracts: Mapping[str, str]) -> Iterator[str]:
    cited = {citation.number: citation.paper_id for citation in answer.citations}
    if cited.get(quote.citation) != quote.paper_id:
        yield f"citation {quote.citation} is not of this paper"
    abstract = abstracts.get(quote.paper_id)
    if abstract is None:
        return
    if not quote.text or quote.end > len(abstract) or quote.start >= quote.end:
        yield f"the offsets do not lie in the abstract of {len(abstract)} characters"
    elif abstract[quote.start : quote.end] != quote.text:
        at = _first_difference(quote, abstract)
        yield f"the text differs from the abstract at character {at}"
    if not quote.context.start <= quote.start <= quote.end <= quote.context.end <= len(abstract):
        yield "its context does not enclose it within the abstract"


def _stretch_problems(stretch: Stretch, answer: Answer) -> Iterator[str]:
    quote = answer.quotes[stretch.quote - 1] if stretch.quote <= len(answer.quotes) else None
    if quote is None or stretch.paper_id != quote.paper_id:
        yield f"the answer has no such quote of {stretch.paper_id}"
        return
    start, end = stretch.start - quote.start, stretch.end - quote.start
    if not 0 <= start < end <= len(quote.text):
        yield "it does not lie in its quote"
    elif quote.text[start:end] != stretch.text:
        yield "its text differs from the quote"
    elif isinstance(stretch, Figure):
        read = [q for q in quantities_in(quote.text) if (q.start, q.end) == (start, end)]
        if not any(stretch.unit == q.unit and stretch.value in (q.low, q.high) for q in read):
            yield f"it does not say {stretch.value:g} {stretch.unit}".rstrip()
    elif isinstance(stretch, Link):
        found = {(link.start, link.end): link.href for link in links_in(quote.text)}
        if found.get((start, end)) != stretch.href:
            yield f"it does not lead to {stretch.href!r}"


def _first_difference(quote: Quote, abstract: str) -> int:
    """Return the offset in the abstract at which the quote first departs from it."""
    stored = abstract[quote.start : quote.end]
    pairs = zip(stored, quote.text, strict=False)
    same = next((i for i, (a, b) in enumerate(pairs) if a != b), min(len(stored), len(quote.text)))
    return quote.start + same
