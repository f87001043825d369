"""Paper: its id, its content hash, what merging keeps, what it refuses."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from store.papers import Paper, paper_id, sha256

TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(str.strip)
OPTIONAL = st.none() | TEXT
NAMES = st.lists(TEXT, max_size=3).map(tuple)

papers = st.builds(
    Paper,
    id=st.just("title:1"),
    title=TEXT,
    abstract=TEXT,
    authors=NAMES,
    published=OPTIONAL,
    venue=OPTIONAL,
    url=OPTIONAL,
    categories=NAMES,
    source=OPTIONAL,
    listed=NAMES,
)


@pytest.mark.parametrize(
    ("published", "expected"),
    [
        ({"arxiv": "2403.05530"}, "arxiv:2403.05530"),
        ({"arxiv": "2403.05530v3"}, "arxiv:2403.05530"),
        ({"arxiv": "arXiv:2403.05530v12"}, "arxiv:2403.05530"),
        ({"arxiv": "https://arxiv.org/pdf/2403.05530v2.pdf"}, "arxiv:2403.05530"),
        ({"arxiv": "https://arxiv.org/abs/hep-th/9901001v1"}, "arxiv:hep-th/9901001"),
        ({"arxiv": "math.GT/0309136"}, "arxiv:math/0309136"),
        ({"arxiv": "0704.0001"}, "arxiv:0704.0001"),
        ({"doi": "https://doi.org/10.1000/XYZ.1"}, "doi:10.1000/xyz.1"),
        ({"doi": "DOI: 10.1000/xyz.1"}, "doi:10.1000/xyz.1"),
        ({"doi": "10.1000/xyz.1."}, "doi:10.1000/xyz.1"),
        ({"doi": "https://doi.org/10.1002/%28SICI%291&lt;2"}, "doi:10.1002/(sici)1<2"),
        (
            {"doi": "10.1000/a?b=1&amp;copy=2&sect=3&#60;4&#x3C;"},
            "doi:10.1000/a?b=1&copy=2&sect=3<4<",
        ),
        ({"pmid": " 12345678 "}, "pmid:12345678"),
        ({"pmid": "PMID: 00123"}, "pmid:123"),
        ({"pmid": "123.0"}, "pmid:123"),
        ({"arxiv": "2403.05530", "doi": "10.1000/1", "pmid": "1"}, "arxiv:2403.05530"),
        ({"doi": "10.1000/1", "pmid": "1"}, "doi:10.1000/1"),
    ],
)
def test_a_published_identifier_names_the_paper(published: dict[str, str], expected: str) -> None:
    assert paper_id("Any title", **published) == expected


@pytest.mark.parametrize(
    "wrong",
    [
        {"arxiv": "12403.05530"},
        {"arxiv": "2403.055301"},
        {"arxiv": "2403.0553"},
        {"arxiv": "0704.00012"},
        {"arxiv": "oai:example.org:openaire/1234567"},
        {"arxiv": "not an id"},
        {"doi": "11.1000/1"},
        {"pmid": "PMC123"},
        {"pmid": "1234567890"},
        {"pmid": "1\u0663\u0664"},
        {},
    ],
)
def test_a_field_of_the_wrong_form_never_names_a_paper(wrong: dict[str, str]) -> None:
    # The first 12 digits of: printf 'attention is all you need' | sha256sum
    assert paper_id("Attention Is All You Need", **wrong) == "title:4a1c934d3d98"


@pytest.mark.parametrize(
    "title",
    ["attention is all you need", "  ATTENTION is\tall\n you  need ", "Attention Is All You Need"],
)
def test_a_title_names_its_paper_whatever_its_case_and_blanks(title: str) -> None:
    assert paper_id(title) == "title:4a1c934d3d98"


def test_the_content_hash_is_of_canonical_json_without_where_it_was_seen() -> None:
    paper = Paper(
        id="title:x",
        title="T é",
        abstract="It works.",
        authors=("Ann Lee",),
        published="2024-03",
        source="a.txt",
        listed=("Mar 11",),
    )
    # printf '%s' '{"abstract":"It works.","authors":["Ann Lee"],"categories":[],"id":"title:x",
    # "published":"2024-03","title":"T é","url":null,"venue":null}' | sha256sum, on one line
    expected = "61ae50e47a6c118766bc40690da264f8a25e4b6ab6737fb92b591d788155ab72"
    assert paper.content_hash == expected


CHANGES: dict[str, Any] = {
    "id": "title:2",
    "title": "Other",
    "abstract": "Other.",
    "authors": ("Ann Lee",),
    "published": "2024",
    "venue": "ACL",
    "url": "https://example.org",
    "categories": ("cs.CL",),
}


@pytest.mark.parametrize("field", CHANGES)
def test_the_content_hash_covers_everything_that_an_answer_may_show(field: str) -> None:
    paper = Paper(id="title:1", title="One", abstract="It works.")
    assert paper.model_copy(update={field: CHANGES[field]}).content_hash != paper.content_hash


@pytest.mark.parametrize("field", [{"source": "b.txt"}, {"listed": ("Mar 12",)}])
def test_meeting_a_paper_elsewhere_is_no_change_of_content(field: dict[str, Any]) -> None:
    paper = Paper(id="title:1", title="One", abstract="It works.")
    assert paper.model_copy(update=field).content_hash == paper.content_hash


@pytest.mark.parametrize("field", ["id", "title", "abstract"])
@pytest.mark.parametrize("blank", ["", "  \n\t", "\x1c", "\u2003"])
def test_what_names_and_says_something_is_not_blank(field: str, blank: str) -> None:
    fields = {"id": "title:1", "title": "One", "abstract": "It works.", field: blank}
    with pytest.raises(ValidationError, match=rf"(?s){field}.*is blank"):
        Paper.model_validate(fields)


@pytest.mark.parametrize(
    "field", ["id", "title", "abstract", "published", "venue", "url", "source"]
)
def test_text_that_cannot_be_stored_is_refused(field: str) -> None:
    fields = {"id": "title:1", "title": "One", "abstract": "It works.", field: "a\ud800b"}
    with pytest.raises(ValidationError, match=rf"(?s){field}.*(half a character|unicode)"):
        Paper.model_validate(fields)


@pytest.mark.parametrize("field", ["authors", "categories", "listed"])
def test_a_name_that_cannot_be_stored_is_refused(field: str) -> None:
    fields = {"id": "title:1", "title": "One", "abstract": "It works.", field: ("a\ud800b",)}
    with pytest.raises(ValidationError, match=rf"(?s){field}.*half a character"):
        Paper.model_validate(fields)


def test_an_unknown_field_is_refused_and_a_record_does_not_change() -> None:
    with pytest.raises(ValidationError, match="Extra inputs are not permitted"):
        Paper.model_validate({"id": "title:1", "title": "A", "abstract": "B.", "isbn": "1"})
    paper = Paper(id="title:1", title="One", abstract="It works.")
    with pytest.raises(ValidationError, match="Instance is frozen"):
        paper.title = "Two"  # type: ignore[misc]


def test_merging_takes_the_newer_record_and_fills_in_what_it_leaves_out() -> None:
    old = Paper(
        id="title:1",
        title="One",
        abstract="It works.",
        authors=("Ann Lee",),
        venue="ACL",
        source="a.txt",
        listed=("Mar 11",),
    )
    new = Paper(
        id="title:1",
        title="ONE",
        abstract="It works well.",
        venue="EMNLP",
        url="https://example.org",
        source="b.txt",
        listed=("Mar 12", "Mar 11"),
    )
    assert old.merged_with(new) == Paper(
        id="title:1",
        title="ONE",
        abstract="It works well.",
        authors=("Ann Lee",),
        venue="EMNLP",
        url="https://example.org",
        source="a.txt",
        listed=("Mar 11", "Mar 12"),
    )


@given(old=papers, new=papers)
def test_merging_never_loses_a_field(old: Paper, new: Paper) -> None:
    merged = old.merged_with(new)
    for name in ("title", "abstract", "authors", "venue", "url", "categories"):
        assert getattr(merged, name) == (getattr(new, name) or getattr(old, name))
    assert (merged.published or "").startswith(new.published or old.published or "")
    assert merged.source == (old.source or new.source)
    assert set(merged.listed) == set(old.listed) | set(new.listed)
    assert len(merged.listed) == len(set(merged.listed))
    assert Paper.model_validate(merged.model_dump()) == merged


@pytest.mark.parametrize(
    ("old", "new", "merged"),
    [
        ("2024-03-08", "2024", "2024-03-08"),
        ("2024-03", "2024-03-08", "2024-03-08"),
        ("2024-03-08", "2023", "2023"),
        ("2024-03", None, "2024-03"),
    ],
)
def test_a_date_is_kept_as_far_as_it_is_known(old: str, new: str | None, merged: str) -> None:
    paper = Paper(id="title:1", title="One", abstract="It works.", published=old)
    assert paper.merged_with(paper.model_copy(update={"published": new})).published == merged


@given(old=papers, new=papers)
def test_merging_the_same_record_again_changes_nothing(old: Paper, new: Paper) -> None:
    once = old.merged_with(new)
    assert once.merged_with(new) == once


def test_sha256_is_of_utf_8() -> None:
    # printf 'é' | sha256sum
    assert sha256("é").startswith(
        "4a99557e4033c3539de2eb65472017cad5f9557f7a0625a09f1c3f6e2ba69c4c"
    )
