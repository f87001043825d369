"""Composition: the best evidence put together as a kind of question wants it."""

from collections.abc import Callable, Mapping, Sequence

from assistant.answer import Kind
from assistant.composition.comparison import compared
from assistant.composition.definition import explained
from assistant.composition.draft import Chosen, Draft
from assistant.composition.holdings import about_holdings
from assistant.composition.listing import listed
from assistant.composition.named import of_its_own_name
from assistant.composition.one_thing import about_one_thing
from assistant.composition.papers import like_one, looked_up, on_record
from assistant.composition.resource import about_a_resource
from assistant.inquiry import Inquiry

Way = Callable[[Inquiry], Draft | None]

#: How the answer to a kind of question is composed where that takes more than choosing among the
#: evidence; None where the question turns out not to be of that kind after all.
WAYS: Mapping[Kind, Way] = {
    "definition": explained,
    "list": listed,
    "resource": about_a_resource,
    "threshold": listed,
}
#: Ways that read more of a question than its kind, tried one after the other before those.
READING: Sequence[Way] = (looked_up, on_record, like_one, about_holdings, of_its_own_name, compared)


def compose(inquiry: Inquiry) -> Draft:
    """Return what answers the question; nothing is chosen where the papers hold no answer."""
    ways = (*READING, WAYS.get(inquiry.need.kind, _plain), _plain)
    return next(draft for way in ways if (draft := way(inquiry)))


def _plain(inquiry: Inquiry) -> Draft:
    kind = inquiry.need.kind
    if not inquiry.is_answered:
        return Draft(kind, inquiry.confidence)
    return Draft(kind, inquiry.confidence, tuple(map(Chosen, about_one_thing(inquiry.evidence))))
