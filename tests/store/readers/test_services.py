"""Services' answers: whole pages of them, and what their records leave empty."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from store.papers import Paper
from store.readers import Record

Read = Callable[..., list[Record]]

CROSSREF = {
    "DOI": "10.1000/Rocks.3",
    "title": ["Wetting of <i>Basalt</i>"],
    "abstract": "<jats:title>Abstract</jats:title><jats:p>It wets.</jats:p>",
    "author": [{"given": "Ann", "family": "Lee", "affiliation": []}, {"name": "Rock Group"}],
    "container-title": ["Journal of Rocks", "J. Rocks"],
    "issued": {"date-parts": [[2024, 3]]},
    "created": {"date-parts": [[2024, 5, 1]], "date-time": "2024-05-01T00:00:00Z"},
    "URL": "http://dx.doi.org/10.1000/Rocks.3",
}
SEMANTIC_SCHOLAR = {
    "paperId": "f00",
    "externalIds": {"ArXiv": "2403.05530", "CorpusId": 5},
    "title": "Wetting of Basalt",
    "abstract": "It wets.",
    "tldr": {"model": "tldr@v2", "text": "Wet."},
    "venue": "",
    "publicationDate": None,
    "year": 2024,
    "journal": {"name": "Journal of Rocks", "pages": "3"},
    "authors": [{"authorId": None, "name": "Ann Lee"}],
}
OPEN_ALEX = {
    "id": "https://openalex.org/W1",
    "doi": None,
    "title": "Wetting of Basalt",
    "publication_date": "2024-03-08",
    "primary_location": {"landing_page_url": "http://arxiv.org/abs/2403.05530", "source": None},
    "authorships": [
        {"author": {"display_name": "Ann Lee"}},
        {"author": {"id": None}, "raw_author_name": "B. Ray"},
    ],
    "abstract_inverted_index": {"It": [0], "wets.": [1]},
}
ZOTERO = {
    "key": "A",
    "data": {
        "title": "Wetting of Basalt",
        "abstractNote": "It wets.",
        "creators": [
            {"creatorType": "editor", "firstName": "Di", "lastName": "Elm"},
            {"creatorType": "author", "firstName": "Ann", "lastName": "Lee"},
        ],
        "date": "03/2024",
        "DOI": "",
        "extra": "arXiv:2403.05530 [cs]\nPMID: 123",
    },
}


def paper(read: Read, value: Any, *, indent: int | None = None) -> Paper:
    (record,) = read(json.dumps(value, indent=indent))
    assert isinstance(record, Paper), record
    return record


@pytest.mark.parametrize("indent", [None, 1])
def test_a_page_of_crossref_and_its_answer_to_one_doi(read: Read, indent: int | None) -> None:
    answer = {"status": "ok", "message-type": "work", "message": CROSSREF}
    page = {"status": "ok", "message": {"facets": {}, "total-results": 1, "items": [CROSSREF]}}
    found = paper(read, answer, indent=indent)
    assert found == paper(read, page, indent=indent)
    assert (found.id, found.title) == ("doi:10.1000/rocks.3", "Wetting of <i>Basalt</i>")
    assert found.abstract == CROSSREF["abstract"]
    assert (found.authors, found.published) == (("Ann Lee", "Rock Group"), "2024-03")
    assert found.venue == "Journal of Rocks"


def test_what_services_leave_empty(read: Read) -> None:
    found = paper(read, SEMANTIC_SCHOLAR)
    assert (found.id, found.published, found.venue) == (
        "arxiv:2403.05530",
        "2024",
        "Journal of Rocks",
    )
    found = paper(read, OPEN_ALEX)
    assert (found.id, found.abstract) == ("arxiv:2403.05530", "It wets.")
    assert (found.authors, found.venue) == (("Ann Lee", "B. Ray"), None)
    found = paper(read, [ZOTERO])
    assert (found.id, found.aliases) == ("arxiv:2403.05530", ("pmid:123",))
    assert (found.authors, found.published) == (("Ann Lee",), "2024-03")


def test_a_summary_by_a_model_is_no_abstract(read: Read) -> None:
    page = {"data": [{**SEMANTIC_SCHOLAR, "abstract": None}, None], "total": 2}
    assert list(map(str, read(json.dumps(page)))) == [
        "papers: record 1: no abstract",
        "papers: record 2: expected a JSON object, found NoneType",
    ]


def test_a_page_a_line(read: Read) -> None:
    pages = [{"results": [OPEN_ALEX, {}]}, {"message": {"items": [CROSSREF]}}, {"results": []}]
    first, skipped, second = read("\n".join(map(json.dumps, pages)))
    assert isinstance(first, Paper)
    assert isinstance(second, Paper)
    assert str(skipped) == "papers:1: no title"


def test_numbers_that_are_none_end_nothing(read: Read) -> None:
    # As Python writes it of a table that has gaps.
    rows = [{"title": f"Rock {n}: NaN, Infinity", "abstract": f"It wets {n}."} for n in range(3)]
    written = json.dumps([{**row, "cited": float("nan"), "venue": float("inf")} for row in rows])
    for content in (written, written.strip("[]").replace("}, {", "}\n{")):
        papers = read(content)
        assert [paper.title for paper in papers if isinstance(paper, Paper)] == [
            row["title"] for row in rows
        ]
        assert all(isinstance(paper, Paper) and paper.venue is None for paper in papers)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (
            {
                "messages": [{"status": "ok"}],
                "collection": [
                    {
                        "title": "Wetting",
                        "doi": "10.1101/1",
                        "authors": "Lee, A. B.; van Ray, B.",
                        "date": "2024-03-08",
                    }
                    | {"category": "rocks", "published": "10.1038/s41586-1", "abstract": "It wets."}
                ],
            },
            ("doi:10.1101/1", ("A. B. Lee", "B. van Ray"), "2024-03-08", None),
        ),
        (
            {
                "request": {"queryString": "rocks"},
                "resultList": {
                    "result": [
                        {"id": "12", "source": "MED", "pmid": "12", "title": "Wetting"}
                        | {"abstractText": "It wets."}
                        | {"authorString": "Lee A.", "firstPublicationDate": "2024-03-08"}
                        | {"authorList": {"author": [{"firstName": "Ann", "lastName": "Lee"}]}}
                        | {"journalInfo": {"journal": {"title": "Rocks"}}}
                    ]
                },
            },
            ("pmid:12", ("Ann Lee",), "2024-03-08", "Rocks"),
        ),
        (
            {
                "responseHeader": {"params": {"q": "rocks"}},
                "response": {
                    "numFound": 1,
                    "docs": [
                        {"title": ["Wetting"], "abstract": "It wets.", "author": ["Lee, Ann"]}
                        | {"pubdate": "2024-03-00"}
                        | {"identifier": ["2024Roc", "arXiv:2403.05530"], "pub": "Rocks"}
                    ],
                },
            },
            ("arxiv:2403.05530", ("Ann Lee",), "2024-03", "Rocks"),
        ),
        (
            {
                "hits": {
                    "hits": [
                        {
                            "metadata": {
                                "titles": [{"title": "Wetting"}],
                                "abstracts": [{"value": "It wets."}],
                                "authors": [{"full_name": "'t Lee, Ann"}],
                                "arxiv_eprints": [{"value": "2403.05530"}],
                                "earliest_date": "2024-03-08",
                            }
                        }
                    ]
                }
            },
            ("arxiv:2403.05530", ("Ann 't Lee",), "2024-03-08", None),
        ),
    ],
    ids=["bioRxiv", "Europe PMC", "ADS", "INSPIRE"],
)
@pytest.mark.parametrize("indent", [None, 1])
def test_where_services_have_what(
    read: Read, answer: dict[str, Any], expected: tuple[object, ...], indent: int | None
) -> None:
    found = paper(read, answer, indent=indent)
    assert (found.title, found.abstract, found.source) == ("Wetting", "It wets.", "papers")
    assert (found.id, found.authors, found.published, found.venue) == expected


def test_the_title_of_a_daily_paper_is_one_line(read: Read) -> None:
    held = {"id": "2403.05530", "title": "Wetting\n  of Basalt", "summary": "It\nwets."}
    found = paper(read, [{"paper": held, "title": "Wetting of Basalt"}])
    assert (found.title, found.abstract) == ("Wetting of Basalt", "It\nwets.")
