"""Limits of an address: any input gives limits that can be used, and a reason for the rest."""

from hypothesis import given
from hypothesis import strategies as st

from assistant.query import Filters
from ui.conversations.limits import Limits

VALUES = st.one_of(st.none(), st.integers(), st.text(max_size=8), st.lists(st.text(max_size=8)))
NAMES = st.one_of(st.sampled_from([*Limits().model_dump(), "from", "to", "venue", "since"]))


def test_limits_are_the_filters_of_these_names() -> None:
    limits, problem = Limits.of({"from": "2024", "to": "2024-06", "venue": ["ACL", "EMNLP"]})
    assert problem == ""
    assert limits.filters() == Filters(since="2024", until="2024-06", venues=("ACL", "EMNLP"))
    assert limits.data() == {"from": "2024", "to": "2024-06", "venue": ("ACL", "EMNLP")}


def test_no_limits_filter_nothing() -> None:
    assert Limits.of({}) == (Limits(), "")
    assert Limits().filters() is None


def test_what_cannot_be_used_is_named_and_left_out() -> None:
    limits, problem = Limits.of({"from": "May", "venue": ["ACL"], "author": "Lee"})
    assert limits == Limits(venue=("ACL",))
    assert problem.startswith("from: 'May' is no date; give YYYY, YYYY-MM or YYYY-MM-DD; author: ")


@given(st.one_of(VALUES, st.dictionaries(st.one_of(NAMES, st.text(max_size=5)), VALUES)))
def test_any_input_is_limits_and_a_reason(given: object) -> None:
    limits, problem = Limits.of(given)
    limits.filters()
    # What is used can be sent again, and then there is nothing to say.
    assert Limits.of(limits.model_dump(mode="json")) == (limits, "")
    if problem == "":
        assert isinstance(given, dict)


def test_a_great_many_unknown_names_are_left_out_at_once() -> None:
    limits, problem = Limits.of({**{f"x{n}": 1 for n in range(100_000)}, "venue": ["ACL"]})
    assert limits == Limits(venue=("ACL",))
    assert problem == "x0: there is no such filter"
