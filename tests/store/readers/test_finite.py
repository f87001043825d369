"""Numbers that are none are null, in texts they stay, however the pieces are cut."""

import io
import json
import math
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from store.readers.finite import Finite

#: Texts made of all that could be taken for something else.
TEXTS = st.lists(st.sampled_from(["NaN", '"', "\\", ": -Infinity,", "é", "\n", "x"])).map("".join)
NUMBERS = st.sampled_from([math.nan, math.inf, -math.inf, -1.5e-9, 7])
VALUES = st.recursive(
    st.one_of(TEXTS, NUMBERS, st.none(), st.booleans()),
    lambda inner: st.one_of(st.lists(inner), st.dictionaries(TEXTS, inner)),
)


class Cut(io.BytesIO):
    """Bytes that come in pieces of these sizes, again and again."""

    def __init__(self, whole: bytes, sizes: list[int]) -> None:
        super().__init__(whole)
        self._sizes = sizes

    def read(self, size: int | None = -1, /) -> bytes:
        self._sizes.append(self._sizes.pop(0))
        return super().read(self._sizes[-1])


def read(whole: bytes, sizes: list[int]) -> bytes:
    finite = Finite(Cut(whole, sizes))
    return b"".join(iter(finite.read, b""))


def with_null(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, list):
        return [with_null(held) for held in value]
    if isinstance(value, dict):
        return {name: with_null(held) for name, held in value.items()}
    return value


@given(value=VALUES, sizes=st.lists(st.integers(1, 12), min_size=1), ascii_only=st.booleans())
def test_only_numbers_that_are_none_become_null(
    value: Any, sizes: list[int], ascii_only: bool
) -> None:
    written = json.dumps(value, ensure_ascii=ascii_only).encode()
    assert json.loads(read(written, sizes)) == with_null(value)


@given(whole=st.binary().filter(lambda whole: b"a" not in whole and b"I" not in whole))
def test_what_has_none_passes_byte_for_byte(whole: bytes) -> None:
    assert read(whole, [3]) == whole


def test_each_is_replaced_where_it_stands() -> None:
    assert read(b'[NaN, -Infinity,"NaN",Infinity, 1]', [5]) == b'[null, null,"NaN",null, 1]'
    assert read(b"NaN", [2]) == b"null"
    # These are no JSON, and stay so.
    assert read(b"[NaNs, Infinity1, nan]", [64]) == b"[NaNs, Infinity1, nan]"
