"""What people think of answers, as questions that answers are measured on."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from assistant.evaluation.questions import Gold, Question
from assistant.query import Filters
from store.feedback import Given, Opinion
from store.papers import shown_digest

#: The sort of an unanswerable question of which somebody says that it is one.
_ABSENT = "absent: said so by readers"


def questions_of(judged: Iterable[tuple[Given, Sequence[Opinion]]]) -> Iterator[Question]:
    """Yield the questions of which somebody has said what the right answer is.

    A sentence is gold where more people find it good than bad: its citation or, where nobody has
    judged that, the whole answer. A question is unanswerable where more say that it has no answer
    than that it has this one. Of others nobody has said what would be right, so they are left out.
    """
    for given, opinions in judged:
        gold = _gold(given, opinions)
        unanswerable = not gold and _is_unanswerable(given, opinions)
        if gold or unanswerable:
            yield Question(
                id=f"feedback-{shown_digest(given.key)}",
                question=given.question,
                kind=given.kind,
                gold=gold,
                history=given.history,
                resolved=given.query if given.history else None,
                filters=Filters(**given.filters) if given.filters else None,
                notes=_ABSENT if unanswerable else "",
            )


def _gold(given: Given, opinions: Sequence[Opinion]) -> tuple[Gold, ...]:
    balance = _balance(opinions)
    sentences: dict[str, list[str]] = {}
    for quote in given.quotes:
        if balance.get(quote.citation, balance.get(0, 0)) > 0:
            sentences.setdefault(quote.paper_id, []).append(quote.text)
    return tuple(
        Gold(paper_id=paper_id, sentences=tuple(dict.fromkeys(found)))
        for paper_id, found in sentences.items()
    )


def _balance(opinions: Sequence[Opinion]) -> dict[int, int]:
    """Return by citation, 0 being the whole answer, how many more find it good than bad."""
    balance: Counter[int] = Counter()
    for one in opinions:
        balance[one.citation] += 1 if one.verdict == "good" else -1
    return dict(balance)


def _is_unanswerable(given: Given, opinions: Sequence[Opinion]) -> bool:
    of_all = [one for one in opinions if one.citation == 0]
    good = sum(one.verdict == "good" for one in of_all)
    if not given.quotes:
        return good > len(of_all) - good
    return sum(one.reason == "unanswerable" for one in of_all) > good
