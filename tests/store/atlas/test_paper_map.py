"""PaperMap: kept with the store, and drawn again where what is kept is damaged."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store.atlas.paper_map import FILE, kept
from store.corpus import Corpus
from store.papers import Paper


def test_what_was_drawn_is_kept(empty: Corpus, animals: list[Paper]) -> None:
    empty.add(animals)
    drawn, found = empty.draw_map(), kept(empty.folder)
    assert found is not None
    assert (found.snapshot, found.paper_ids) == (empty.snapshot, drawn.paper_ids)
    assert found.points.tolist() == drawn.points.tolist()


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.floats(0, 1), st.integers(0, 7)), min_size=1, max_size=4))
def test_of_a_damaged_map_nothing_is_kept_or_what_can_be_read(
    empty: Corpus, animals: list[Paper], bits: list[tuple[float, int]]
) -> None:
    file = empty.folder / FILE
    if not file.exists():
        empty.add(animals)
        empty.draw_map()
    whole = file.read_bytes()
    damaged = bytearray(whole)
    for share, bit in bits:
        damaged[int(share * (len(whole) - 1))] ^= 1 << bit
    file.write_bytes(damaged)
    found = kept(empty.folder)
    file.write_bytes(whole)
    assert found is None or len(found.points) == len(found.topics)
