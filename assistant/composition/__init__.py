"""Composition: the best evidence put together as a kind of question wants it."""

from collections.abc import Callable, Mapping

from assistant.answer import Kind
from assistant.composition.draft import Chosen, Draft
from assistant.composition.listing import listed
from assistant.composition.one_thing import about_one_thing
from assistant.composition.resource import about_a_resource
from assistant.inquiry import Inquiry

#: How the answer to a kind of question is composed where that takes more than choosing among the
#: evidence; None where the question turns out not to be of that kind after all.
WAYS: Mapping[Kind, Callable[[Inquiry], Draft | None]] = {
    "resource": about_a_resource,
}


def compose(inquiry: Inquiry) -> Draft:
    """Return what answers the question; nothing is chosen where the papers hold no answer."""
    way = WAYS.get(inquiry.need.kind)
    return (way and way(inquiry)) or _plain(inquiry)


def _plain(inquiry: Inquiry) -> Draft:
    kind = inquiry.need.kind
    if not inquiry.is_answered:
        return Draft(kind, inquiry.confidence)
    choose = listed if kind == "list" else about_one_thing
    return Draft(kind, inquiry.confidence, tuple(map(Chosen, choose(inquiry.evidence))))
