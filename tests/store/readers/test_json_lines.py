"""JSON lines: the field names that are known, ids, and what is skipped with its line."""

import io
import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.papers import Paper
from store.readers import Record, Skipped, json_lines
from store.readers.fields import is_absent
from store.readers.source import Source

NAME = "papers.jsonl"
TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(str.strip)


def read(*lines: str) -> list[Record]:
    text = "".join(line.removesuffix("\n") + "\n" for line in lines).encode()
    return list(json_lines.read(Source(io.BytesIO(text), where=NAME, name=NAME)))


def paper(**fields: Any) -> Paper:
    (record,) = read(json.dumps({"title": "A title", "abstract": "It works.", **fields}))
    assert isinstance(record, Paper), record
    return record


def skipped(line: str) -> Skipped:
    (record,) = read(line)
    assert isinstance(record, Skipped), record
    return record


@pytest.mark.parametrize("key", ["abstract", "summary", "text"])
def test_an_abstract_goes_by_several_names(key: str) -> None:
    (record,) = read(json.dumps({"title": "A title", key: "It works."}))
    assert isinstance(record, Paper)
    assert record.abstract == "It works."


def test_title_and_abstract_are_kept_exactly() -> None:
    record = paper(title="  A\ttitle ", abstract="\nIt  works.\u2028 Yes. ")
    assert (record.title, record.abstract) == ("  A\ttitle ", "\nIt  works.\u2028 Yes. ")


@pytest.mark.parametrize(
    ("fields", "name", "value"),
    [
        ({"authors": ["Ann Lee", " Bo Ray "]}, "authors", ("Ann Lee", "Bo Ray")),
        ({"authors": [{"name": "Ann Lee"}, {"name": None}]}, "authors", ("Ann Lee",)),
        ({"author": "Lee, Ann; van Ray, Bo"}, "authors", ("Ann Lee", "Bo van Ray")),
        ({"author": "Lee, Ann (57193541234); Ray, Bo (57)"}, "authors", ("Ann Lee", "Bo Ray")),
        ({"author": "Ann Lee (MIT, (US)), Bo Ray (2 and 3)"}, "authors", ("Ann Lee", "Bo Ray")),
        (
            {"author": "Lee, A., Ray, B. C., & Oak, D."},
            "authors",
            ("A. Lee", "B. C. Ray", "D. Oak"),
        ),
        ({"author": "Ann Lee,\n  Bo Ray, Jr."}, "authors", ("Ann Lee", "Bo Ray Jr.")),
        ({"author": "Lee, Ann\nRay, Bo\n"}, "authors", ("Ann Lee", "Bo Ray")),
        ({"author": "Ray, Bo Martin, Jr."}, "authors", ("Bo Martin Ray Jr.",)),
        ({"author": "Ray, Bo, Jr. and Lee, Ann"}, "authors", ("Bo Ray Jr.", "Ann Lee")),
        ({"author": "Lee, AB, Ray, B"}, "authors", ("AB Lee", "B Ray")),
        ({"author": "Ann Lee and 3 others"}, "authors", ("Ann Lee",)),
        ({"author": "Lee, Ann; Ray, Bo; et al."}, "authors", ("Ann Lee", "Bo Ray")),
        ({"author": "['Ann Lee', 'Bo Ray']"}, "authors", ("Ann Lee", "Bo Ray")),
        ({"author": "Ann (Di) Lee, Bo Ray (Oz)"}, "authors", ("Ann (Di) Lee", "Bo Ray (Oz)")),
        (
            {"author": "Ann\u00a0Lee; Bo Ray; and Cy Oak"},
            "authors",
            ("Ann Lee", "Bo Ray", "Cy Oak"),
        ),
        ({"author": "van Ray, Bo"}, "authors", ("Bo van Ray",)),
        ({"author": "Lee, Ann B."}, "authors", ("Ann B. Lee",)),
        ({"author": "Plato, Ann Lee"}, "authors", ("Plato", "Ann Lee")),
        ({"author": "Ann Lee, B. C., Plato"}, "authors", ("Ann Lee", "B. C.", "Plato")),
        ({"author": "Lee, Ann and van Ray, Bo"}, "authors", ("Ann Lee", "Bo van Ray")),
        ({"author": ["Lee, Ann", "Van Ray, Bo"]}, "authors", ("Ann Lee", "Bo Van Ray")),
        ({"author": ["Ann Lee, MIT"]}, "authors", ("Ann Lee, MIT",)),
        ({"author": "['Lee, Ann', 'Ray, Bo']"}, "authors", ("Ann Lee", "Bo Ray")),
        ({"author": [{"first": "Ann", "middle": ["B"], "last": "Lee"}]}, "authors", ("Ann B Lee",)),
        ({"authors": {"authors": [{"full_name": "Ann Lee"}]}}, "authors", ("Ann Lee",)),
        ({"authorString": "Lee A, Ray B."}, "authors", ("Lee A", "Ray B.")),
        ({"author": "Ann Lee and Bo Ray"}, "authors", ("Ann Lee", "Bo Ray")),
        ({"author": "Ann Lee, Bo Ray"}, "authors", ("Ann Lee", "Bo Ray")),
        ({"authors": [], "author": "Ann Lee"}, "authors", ("Ann Lee",)),
        ({"authors": 5}, "authors", ()),
        ({"year": 2024}, "published", "2024"),
        ({"published": "2024-03-11", "year": 2024}, "published", "2024-03-11"),
        ({"year": True}, "published", None),
        ({"published": "2024-03-11T09:30:00Z"}, "published", "2024-03-11"),
        ({"published": "n.d.", "year": 2024.0}, "published", "2024"),
        ({"published": "10.1038/s41586-1", "date": "2024-03-08"}, "published", "2024-03-08"),
        ({"publication_date": "MAR 8", "year": 2024}, "published", "2024-03-08"),
        ({"publication_date": "SPR", "year": 2024}, "published", "2024"),
        ({"authors": "Smith, John"}, "authors", ("John Smith",)),
        ({"authors": "A. One, B. Two and C. Three"}, "authors", ("A. One", "B. Two", "C. Three")),
        ({"authors": "One, Ann and Two, Bea"}, "authors", ("Ann One", "Bea Two")),
        ({"categories": "cs.CL stat.ML"}, "categories", ("cs.CL", "stat.ML")),
        ({"id": "arxiv:2403.05530v2"}, "id", "arxiv:2403.05530"),
        ({"id": "doi:10.1000/ABC"}, "id", "doi:10.1000/abc"),
        ({"doi": "10.48550/arXiv.2403.05530"}, "id", "arxiv:2403.05530"),
        ({"journal": "TACL"}, "venue", "TACL"),
        ({"venue": "", "journal": {"name": "TACL", "pages": "1"}}, "venue", "TACL"),
        ({"keywords": "['cs.CL', 'cs.LG']"}, "categories", ("cs.CL", "cs.LG")),
        ({"venue": "  "}, "venue", None),
        ({"link": "https://example.org"}, "url", "https://example.org"),
        ({"keywords": "nlp, retrieval"}, "categories", ("nlp", "retrieval")),
        ({"keywords": "cyst (a, b), human"}, "categories", ("cyst (a, b)", "human")),
        ({"extra": "Place: Oz\nDOI: 10.1000/A"}, "id", "doi:10.1000/a"),
        ({"Source": "Rocks", "ArticleURL": "https://a.org"}, "venue", "Rocks"),
        ({"source": "My export"}, "source", "My export"),
        ({}, "source", "papers.jsonl"),
        ({"metadata": {"year": 2023, "title": "Another"}}, "published", "2023"),
        ({"metadata": {"year": 2023, "title": "Another"}}, "title", "A title"),
        ({"data": {"abstract": "Rows."}}, "abstract", "It works."),
    ],
)
def test_fields(fields: dict[str, Any], name: str, value: object) -> None:
    assert getattr(paper(**fields), name) == value


@pytest.mark.parametrize("name", ["Title", "paper_title", "display_name"])
@pytest.mark.parametrize("holder", ["paper", "data", "message"])
def test_a_record_within_a_record_is_known_by_any_name_of_its_title(holder: str, name: str) -> None:
    (record,) = read(json.dumps({holder: {name: "T", "Abstract": "It works."}, "results": None}))
    assert isinstance(record, Paper)
    assert (record.title, record.abstract) == ("T", "It works.")
    # A list beside such a title is no list of records.
    (record,) = read(json.dumps({name: "T", "abstract": "It works.", "items": [1, 2]}))
    assert isinstance(record, Paper)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"arxiv_id": "2403.05530v2"}, "arxiv:2403.05530"),
        ({"id": "2403.05530v2"}, "arxiv:2403.05530"),
        ({"url": "https://arxiv.org/abs/2403.05530"}, "arxiv:2403.05530"),
        ({"url": "https://example.org/2403.05530"}, "title:aa4e9c1087d9"),
        ({"doi": "10.1000/X"}, "doi:10.1000/x"),
        ({"doi": "n/a", "url": "https://doi.org/10.1000/X."}, "doi:10.1000/x"),
        ({"id": "https://doi.org/10.1000/X"}, "doi:10.1000/x"),
        ({"id": "arXiv:2403.05530v2"}, "arxiv:2403.05530"),
        ({"entry_id": "http://arxiv.org/abs/2403.05530v1"}, "arxiv:2403.05530"),
        ({"url": "https://huggingface.co/papers/2403.05530"}, "arxiv:2403.05530"),
        ({"journal": "arXiv preprint arXiv:2403.05530"}, "arxiv:2403.05530"),
        ({"extra": "Comment: 9 pages\narXiv:2403.05530 [cs]"}, "arxiv:2403.05530"),
        ({"extra": "A comment on arXiv:2403.05530"}, "title:aa4e9c1087d9"),
        ({"extra": "PMID: 123\nPMCID: PMC5"}, "pmid:123"),
        ({"pmid": 123}, "pmid:123"),
        ({"pmid": 123.0}, "pmid:123"),
        ({"id": "title:abcdef123456"}, "title:abcdef123456"),
        ({"id": "cond-mat.str-el/0309136"}, "arxiv:cond-mat/0309136"),
        ({"id": "9999.0001"}, "title:aa4e9c1087d9"),
        ({"aliases": ["DOI:10.1000/ABC", "n/a:1"]}, "doi:10.1000/abc"),
        ({"aliases": ["arxiv:2403.05530v2"]}, "arxiv:2403.05530"),
        ({"aliases": ["pmid:00123"]}, "pmid:123"),
        ({"_id": "4983"}, "title:aa4e9c1087d9"),
        ({}, "title:aa4e9c1087d9"),
    ],
)
def test_ids(fields: dict[str, Any], expected: str) -> None:
    # printf 'a title' | sha256sum
    assert paper(**fields).id == expected


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"title": "A title"}', "no abstract"),
        ('{"title": " ", "abstract": "It works."}', "no title"),
        ('{"title": 5, "abstract": "It works."}', "no title"),
        ('{"title": "A title", "abstract": "[No abstract available]"}', "no abstract"),
        ('{"title": "A title", "abstract": NaN}', "no abstract"),
        ('{"title": "A title", "abstract": "nan"}', "no abstract"),
        ('["A title"]', "expected a JSON object, found list"),
        ("null", "expected a JSON object, found NoneType"),
        ('{"title": "A title",', "not JSON: Expecting property name"),
        ("[" * 100_000, "not JSON: maximum recursion depth exceeded"),
        (
            '{"title": "A", "abstract": "B.", "authors": ["\\ud800"]}',
            "authors.0: holds '\\ud800', half a character",
        ),
        ('{"title": "A", "abstract": "B.", "pmid": ' + "1" * 5000 + "}", "Exceeds the limit"),
    ],
)
def test_a_line_that_holds_no_paper_is_skipped_with_the_reason(line: str, reason: str) -> None:
    record = skipped(line)
    assert record.reason.startswith(reason)
    assert (record.path, record.number) == ("papers.jsonl", 1)
    assert "\n" not in record.reason


def test_lines_are_counted_with_the_blank_ones_and_the_rest_is_read() -> None:
    good = '{"title": "A title", "abstract": "It works."}'
    records = read("\n", good, "  \n", "{", good)
    assert [type(record) for record in records] == [Paper, Skipped, Paper]
    assert str(records[1]).startswith("papers.jsonl:4: not JSON")


@pytest.mark.parametrize(("first", "expected"), [("  {", True), ("[{", False), ("A title", False)])
def test_an_object_on_the_first_line_tells_the_format(first: str, expected: bool) -> None:
    assert json_lines.recognises(first) is expected


@given(
    st.builds(
        Paper,
        id=st.just("title:0123456789ab"),
        title=TEXT,
        abstract=TEXT.filter(lambda text: not is_absent(text)),
        authors=st.lists(TEXT.map(str.strip)).map(tuple),
        published=st.none() | st.dates(date(1500, 1, 1), date(2500, 1, 1)).map(str),
        url=st.none() | TEXT.map(str.strip),
        categories=st.lists(TEXT.map(str.strip)).map(tuple),
        source=TEXT.map(str.strip),
        listed=st.lists(TEXT.map(str.strip)).map(tuple),
    )
)
def test_a_paper_written_as_a_line_is_read_back(written: Paper) -> None:
    assert read(written.model_dump_json()) == [written]
