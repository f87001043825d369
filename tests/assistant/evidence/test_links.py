"""Links: what of a text is an address, and where it leads."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.evidence.links import links_in

#: A text, the address in it exactly as it stands there, and where that leads.
ADDRESSES = [
    ("Code: https://example.org/a_b.", "https://example.org/a_b", None),
    ("Code: https://example.org/a.git .", "https://example.org/a.git", None),
    ("See (https://example.org/a).", "https://example.org/a", None),
    ("See https://example.org/a_(b) now.", "https://example.org/a_(b)", None),
    ("at https://example.org/a.We then", "https://example.org/a", None),
    ("at https://example.org/Wan2.1.", "https://example.org/Wan2.1", None),
    (r"\url{https://example.org/a}.", "https://example.org/a", None),
    (r"at https://example.org/a\_b.", r"https://example.org/a\_b", "https://example.org/a_b"),
    ("[GitHub](https://example.org/a)", "https://example.org/a", None),
    ("at github.com/a/b.", "github.com/a/b", "https://github.com/a/b"),
    ("at a-b.github.io/c/.", "a-b.github.io/c/", "https://a-b.github.io/c/"),
    ("at www.example.org, and", "www.example.org", "https://www.example.org"),
    ("“https://example.org/watch?v=1&b=2”", "https://example.org/watch?v=1&b=2", None),
    ("results11https://example.org/a", "https://example.org/a", None),
]


@pytest.mark.parametrize(("text", "address", "href"), ADDRESSES)
def test_an_address_is_found_without_what_is_glued_to_it(
    text: str, address: str, href: str | None
) -> None:
    (found,) = links_in(text)
    assert (found.text, found.href) == (address, href or address)
    assert text[found.start : found.end] == address


@pytest.mark.parametrize(
    "text",
    ["on GitHub.", "javascript:alert(1)", "ftp://example.org/a", "https://", "https://a", "a@b.org",
     "http://[", "mygithub.community/x"],
)  # fmt: skip
def test_what_is_no_web_address_is_no_link(text: str) -> None:
    assert list(links_in(text)) == []


def test_several_addresses_stand_in_order() -> None:
    text = r"\href{https://example.org/a}{https://example.org/b} and www.example.org/c;"
    assert [found.href[-1] for found in links_in(text)] == ["a", "b", "c"]


PIECES = st.sampled_from(
    ["https://", "http://", "www.", "github.com/", "a.b", "/", ".", ")", "(", "We", "\\_", " ", "é",
     "{", "}", "?q=1", "#", '"', "$", "\n"]
)  # fmt: skip


@given(st.lists(PIECES | st.characters()).map("".join))
def test_every_address_slices_back_and_leads_over_http(text: str) -> None:
    at = 0
    for found in links_in(text):
        assert at <= found.start < found.end <= len(text)
        assert text[found.start : found.end] == found.text
        assert found.href.startswith(("http://", "https://", "HTTP")) or "://" in found.text
        assert not found.text.endswith((".", ",", ";"))
        at = found.end
