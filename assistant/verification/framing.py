"""Framing: whether what an answer says around its quotes is what it can say there.

It has words of its own, which are fixed, those of the question, and those of the papers cited.
"""

from collections.abc import Iterable, Iterator, Mapping

from assistant.answer import Answer, Quote
from assistant.evidence.availability import availability_of, resources_in
from assistant.evidence.links import links_in, web_address
from assistant.evidence.roles import ROLES
from assistant.question.conditions import conditions_in, told_in
from assistant.verification.counted import is_worded, words_of
from store.papers import Paper

#: Kinds of answer that tell how many papers match.
LISTS = ("list", "threshold")


def misframed(answer: Answer, papers: Mapping[str, Paper | str]) -> Iterator[str]:
    """Yield what an answer says of the question and the papers that it cannot say."""
    asked = _asked(answer)
    coverage = answer.coverage
    for name in (*coverage.sides, *coverage.missing_terms, *coverage.corrected):
        if not words_of(name) <= asked:
            yield f"speaks of {name!r}, which the question does not name"
    for word, read in coverage.corrected.items():
        # A slip of one letter, never of the first.
        if not read.isalpha() or read[0] != word[:1] or abs(len(read) - len(word)) > 1:
            yield f"says that {word!r} was read as {read!r}, which is no slip in typing"
    if (unknown := coverage.unknown_id) and (
        unknown in papers or not words_of(unknown.partition(":")[2]) <= asked
    ):
        yield f"says that {unknown!r} is not here, which was not asked for, or is"
    yield from _sides(answer)
    yield from _matching(answer)
    venues = [citation.venue for citation in answer.citations]
    if answer.count and not is_worded(answer.count, asked=asked, venues=venues):
        yield f"counts {answer.count.what!r}, which is no wording for a count, or not this one's"
    yield from _named(answer, papers)


def misframed_quote(quote: Quote, number: int, answer: Answer) -> Iterator[str]:
    """Yield what an answer says of a quote, its `number` from 1, that does not follow from it."""
    ours = quote.heading is None or quote.heading in ROLES
    if not ours and not _is_made_of(quote.heading or "", answer.coverage.sides):
        yield f"its heading {quote.heading!r} is neither a part of an explanation nor a side"
    texts = (answer.question, answer.query)
    said = {availability_of(quote.text, asked=resources_in(text)) for text in texts}
    if quote.availability and (answer.kind != "resource" or quote.availability not in said):
        yield f"it does not say that anything is {quote.availability}"
    before = answer.quotes[: number - 1]
    if any((one.paper_id, one.start) == (quote.paper_id, quote.start) for one in before):
        yield "it stands there twice"
    listed = [link.text for link in answer.links if link.quote == number]
    for link in links_in(quote.text):
        if link.text not in listed:
            yield f"its address {link.text} is not among the links"
    if answer.kind == "threshold":
        yield from _figures(quote, number, answer)


def _asked(answer: Answer) -> frozenset[str]:
    title = answer.focus.title if answer.focus else ""
    return words_of(f"{answer.question} {answer.query} {title}")


def _is_made_of(heading: str, names: Iterable[str]) -> bool:
    """Return whether a heading is "A", "A and B" or "A, B and C" of names in their order."""
    # What the names so far make that the heading begins with.
    begun = [""]
    for name in names:
        if any(heading == (f"{head} and {name}" if head else name) for head in begun):
            return True
        longer = (f"{head}, {name}" if head else name for head in begun)
        begun += [head for head in longer if heading.startswith(head)]
    return False


def _sides(answer: Answer) -> Iterator[str]:
    headings = [quote.heading or "" for quote in answer.quotes]
    for side, state in answer.coverage.sides.items() if headings else ():
        if state == "quoted" and not any(side in heading for heading in headings):
            yield f"says that a quote names {side!r}, but none stands under it"
        if state != "quoted" and side in headings:
            yield f"says that {side!r} is {state}, but quotes stand under it"


def _matching(answer: Answer) -> Iterator[str]:
    told, cited = answer.matching, len(answer.citations)
    if told is None:
        return
    if answer.kind not in LISTS or len(answer.quotes) != cited:
        yield "says how many papers match, but does not list them, one quote each"
    if not cited <= told.found <= told.weighed <= answer.coverage.papers_searched:
        yield (
            f"says that {told.found} of {told.weighed} papers match, "
            f"with {cited} cited and {answer.coverage.papers_searched} searched"
        )
    if told.expected > cited:
        yield f"expects {told.expected:g} of the {cited} papers cited to match"


def _named(answer: Answer, papers: Mapping[str, Paper | str]) -> Iterator[str]:
    """Yield where papers that are not cited are called something else than they are."""
    if answer.closest and answer.quotes:
        yield "names closest papers beside quotes"
    for near in answer.closest:
        paper = papers.get(near.paper_id)
        if isinstance(paper, Paper) and (near.title, near.url) != (
            paper.title,
            web_address(paper.url),
        ):
            yield f"names {near.paper_id} otherwise than the paper does"
    if answer.focus and answer.focus.paper_id:
        paper = papers.get(answer.focus.paper_id)
        if isinstance(paper, Paper) and answer.focus.title != paper.title:
            yield f"is about {answer.focus.paper_id}, but calls it {answer.focus.title!r}"


def _figures(quote: Quote, number: int, answer: Answer) -> Iterator[str]:
    """Yield where other figures of a quote are shown than those that meet the question.

    A follow-up was put either as it was typed or as it stands alone, so what both say counts. The
    dates that filters were read from are no figures to be met.
    """
    if answer.filters and (answer.filters.since or answer.filters.until):
        return
    asked = [tuple(conditions_in(text)) for text in (answer.question, answer.query)]
    if not all(asked):
        return
    own = (figure for figure in answer.figures if figure.quote == number)
    shown = {figure.start - quote.start: figure for figure in own}
    one, other = (told_in(quote.text, conditions) for conditions in asked)
    for start in sorted(one.keys() & other.keys() - shown.keys()):
        yield f"its figure {one[start].quantity.text} meets the question, but is not shown"
    for start, figure in sorted(shown.items()):
        if (start in one or start in other) != bool(figure.meets):
            yield f"whether its figure {figure.text} meets the question is told wrongly"
