"""The values that papers have, counted by hand in a small collection."""

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from assistant.assistant import Assistant
from store.corpus import Corpus
from store.embedding import Embedder
from store.papers import Paper

PAPERS = tuple(
    Paper(id=f"title:{number}", title=f"Paper {number}", abstract="A sentence of it.", **held)
    for number, held in enumerate(
        (
            {"venue": "ACL", "published": "2023-05", "authors": ("Ann Lee", "Bo Ray")},
            {"venue": "acl", "published": "2024-01-02", "authors": ("Ann Lee",)},
            {"venue": "ICML", "published": "2024", "categories": ("cs.LG",)},
            {},
        ),
        1,
    )
)


@pytest.fixture(scope="module")
def address(
    serving: Callable[..., str], embedder: Embedder, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    with Corpus(tmp_path_factory.mktemp("facets"), embedder, write=True) as corpus:
        corpus.add(PAPERS)
        yield serving(Assistant(corpus))


def facets(address: str, **query: Any) -> tuple[dict[str, int], int]:
    got = httpx.get(f"{address}/api/v1/facets", params=query, timeout=60).raise_for_status().json()
    return {one["value"]: one["papers"] for one in got["values"]}, got["distinct"]


@pytest.mark.parametrize(
    ("query", "counts", "distinct"),
    [
        ({"of": "venues"}, {"ACL": 2, "ICML": 1}, 2),
        ({"of": "venues", "k": 1}, {"ACL": 2}, 2),
        ({"of": "venues", "like": "iC"}, {"ICML": 1}, 1),
        ({"of": "venues", "since": "2024"}, {"acl": 1, "ICML": 1}, 2),
        ({"of": "authors", "venues": "ACL"}, {"Ann Lee": 2, "Bo Ray": 1}, 2),
        ({"of": "categories"}, {"cs.LG": 1}, 1),
        ({"of": "sources"}, {}, 0),
        ({"of": "published"}, {"2024": 2, "2023": 1}, 2),
        ({"of": "published", "like": "23", "venues": "acl"}, {"2023": 1}, 1),
    ],
)
def test_values_are_counted_among_the_papers_that_pass(
    address: str, query: dict[str, str], counts: dict[str, int], distinct: int
) -> None:
    found, of_all = facets(address, **query)
    assert ({name.upper(): held for name, held in found.items()}, of_all) == (
        {name.upper(): held for name, held in counts.items()},
        distinct,
    )


def test_what_is_no_filter_has_no_values(address: str) -> None:
    got = httpx.get(f"{address}/api/v1/facets", params={"of": "titles"}, timeout=60)
    assert got.status_code == 422
    assert got.headers["content-type"] == "application/problem+json"
