"""CSL-JSON: items that say what is known, and nothing else."""

import json
from collections.abc import Callable
from typing import Any

from assistant.exports.csl import csl_json
from assistant.exports.reference import reference
from store.papers import Paper

MakePaper = Callable[..., Paper]


def items(*papers: Paper) -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = json.loads("".join(csl_json(map(reference, papers))))
    return made


def test_an_item_says_all_that_is_known(paper: MakePaper) -> None:
    assert items(paper(venue="Nature")) == [
        {
            "id": "arxiv:2403.05530",
            "type": "article-journal",
            "title": "Long context",
            "author": [
                {"family": "Maaten", "given": "Laurens", "non-dropping-particle": "van der"},
                {"family": "Vaswani", "given": "Ashish"},
                {"literal": "Google"},
            ],
            "issued": {"date-parts": [[2024, 3, 8]]},
            "container-title": "Nature",
            "archive": "arXiv",
            "number": "arXiv:2403.05530",
            "DOI": "10.48550/arXiv.2403.05530",
            "URL": "https://example.org/a_b",
            "abstract": "It is long. It has two lines.",
            "keyword": "cs.CL, stat.ML",
        }
    ]


def test_what_is_not_known_is_left_out(paper: MakePaper) -> None:
    bare = paper(id="pmid:12", authors=(), published="2024", categories=(), url=None)
    assert items(bare) == [
        {
            "id": "pmid:12",
            "type": "article",
            "title": "Long context",
            "issued": {"date-parts": [[2024]]},
            "PMID": "12",
            "URL": "https://pubmed.ncbi.nlm.nih.gov/12",
            "abstract": "It is long. It has two lines.",
        }
    ]
    assert items() == []
