"""Hits: ranks from 1, best first, equals in id order."""

from hypothesis import given
from hypothesis import strategies as st

from store.hits import Hit, ranked, reach

SCORED = st.dictionaries(
    st.text(min_size=1, max_size=3), st.floats(-2, 2) | st.sampled_from([0.5, 0.500001])
)


def test_the_best_are_ranked_from_1_and_equals_stand_in_id_order() -> None:
    scored = [("c", 0.5), ("d", 0.1), ("a", 0.5), ("b", 0.9)]
    assert ranked(scored, k=3, source="dense") == [
        Hit("b", 0.9, 1, "dense"),
        Hit("a", 0.5, 2, "dense"),
        Hit("c", 0.5, 3, "dense"),
    ]


def test_scores_that_differ_beyond_the_fifth_decimal_are_equal() -> None:
    hits = ranked([("b", 0.1234561), ("a", 0.1234559)], k=2, source="dense")
    assert [(hit.id, hit.score) for hit in hits] == [("a", 0.12346), ("b", 0.12346)]


def test_the_fewer_pass_a_filter_the_further_is_looked() -> None:
    # Every twentieth passes, so that ten of them are among the best 200, and a quarter more.
    assert reach(10, passing=50, among=1000) == 250
    assert reach(10, passing=1000, among=1000) == 13
    assert reach(10, passing=11, among=1000) == 1000
    assert reach(10, passing=0, among=1000) == 1000


@given(SCORED, st.integers(0, 8))
def test_hits_are_the_best_in_an_order_that_nothing_else_decides(
    scored: dict[str, float], k: int
) -> None:
    hits = ranked(scored.items(), k=k, source="dense")
    assert hits == ranked(reversed(scored.items()), k=k, source="dense")
    assert [hit.rank for hit in hits] == list(range(1, min(k, len(scored)) + 1))
    keys = [(-hit.score, hit.id) for hit in hits]
    assert keys == sorted(keys)
    left = [round(score, 5) for key, score in scored.items() if key not in {h.id for h in hits}]
    assert not hits or max(left, default=-9) <= hits[-1].score
