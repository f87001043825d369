"""Retrieval: how two searches become one ranking, and what a filter leaves of it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from assistant.retrieval.ranking import DEPTH, MODES, Found, depth, rank, retrieve
from store.chunks import chunk
from store.corpus import Corpus
from store.papers import Paper

LONG = " ".join(f"The tide table of harbour {n} was printed with care." for n in range(8))
PAPERS = (
    Paper(id="doi:10.1/a:b-c", title="Tides", abstract=f"The moon raises the tides. {LONG}"),
    Paper(id="title:bread", title="Bread", abstract="Yeast makes the dough rise."),
    Paper(id="title:clock", title="Clocks", abstract="A pendulum keeps the time."),
    Paper(id="title:moon", title="Moon", abstract="The moon has no air."),
)


@pytest.fixture
def corpus(empty: Corpus) -> Corpus:
    empty.add(PAPERS)
    return empty


def scaled(value: float, values: list[float]) -> float:
    return (value - min(values)) / (max(values) - min(values))


def fused(bm25: dict[str, float], cosine: dict[str, float]) -> dict[str, float]:
    return {
        paper_id: scaled(dense, list(cosine.values())) / 2
        + (scaled(bm25[paper_id], list(bm25.values())) / 2 if paper_id in bm25 else 0)
        for paper_id, dense in cosine.items()
    }


def best_chunks(
    corpus: Corpus, vector: NDArray[np.float32]
) -> tuple[dict[str, float], dict[str, str]]:
    """Return the cosine and the id of each paper's best chunk."""
    best: dict[str, float] = {}
    chunks: dict[str, str] = {}
    for hit in corpus.nearest(vector, k=300).hits:
        paper_id = hit.id.rpartition(":")[0]
        if paper_id not in best:
            best[paper_id], chunks[paper_id] = hit.score, hit.id
    return best, chunks


def test_the_score_is_half_of_each_search_scaled_within_the_question(corpus: Corpus) -> None:
    text = "moon and tides"
    bm25 = {hit.id: hit.score for hit in corpus.search_lexical(text, k=100)}
    assert sorted(bm25) == ["doi:10.1/a:b-c", "title:moon"]
    question = corpus.embed(text)
    cosine, chunks = best_chunks(corpus, question)
    first = fused(bm25, cosine)
    # The best chunks of the three best papers move the question by half their mean.
    liked = sorted(first, key=lambda paper_id: -first[paper_id])[:3]
    moved = question + 0.5 * corpus.vectors([chunks[paper_id] for paper_id in liked]).mean(axis=0)
    again, _ = best_chunks(corpus, moved / np.linalg.norm(moved))
    assert again != cosine
    expected = fused(bm25, again)
    found = retrieve(corpus, text, k=10)
    assert {item.paper_id: item.score for item in found} == pytest.approx(expected, abs=1e-4)
    assert {item.paper_id: item.cosine for item in found} == cosine
    assert {item.paper_id: item.bm25 for item in found if item.bm25} == bm25


def test_a_name_counts_letter_for_letter_but_not_as_bm25(empty: Corpus) -> None:
    empty.add(
        [
            Paper(id="a", title="FiT: Fluid Tiles", abstract="FiT fits tiles. FiT fits walls."),
            Paper(id="b", title="FIT: Trees", abstract="Trees are folded by FIT."),
            Paper(id="c", title="Bread", abstract="Yeast makes the dough rise."),
        ]
    )
    bm25 = {hit.id: hit.score for hit in empty.search_lexical("What is FIT?", k=3)}
    assert bm25["a"] > bm25["b"]
    found = retrieve(empty, "What is FIT?", k=3)
    assert found[0].paper_id == "b"
    assert {item.paper_id: item.bm25 for item in found} == {**bm25, "c": 0.0}
    assert [key for key, _ in rank(empty, "What is FIT?", k=3, mode="lexical")] == ["b", "a"]
    assert [key for key, _ in rank(empty, "what is fit?", k=3, mode="lexical")] == ["a", "b"]


def test_what_leads_both_searches_scores_one_and_what_trails_both_scores_nothing(
    corpus: Corpus,
) -> None:
    found = retrieve(corpus, "yeast makes the dough of bread rise", k=10)
    assert (found[0].paper_id, found[0].score) == ("title:bread", 1.0)
    assert found[-1].score == 0.0
    assert [item.rank for item in found] == [1, 2, 3, 4]


def test_a_lone_paper_scores_by_the_searches_that_found_it(corpus: Corpus) -> None:
    def lone(text: str) -> Found:
        (found,) = retrieve(corpus, text, k=10, within=["title:bread"])
        return found

    assert lone("bread").score == 1.0
    assert (lone("clock").score, lone("clock").bm25) == (0.5, 0.0)
    assert (lone("the of and").score, lone("the of and").bm25) == (0.5, 0.0)


def test_the_cosine_of_each_chunk_is_kept_by_its_span(corpus: Corpus) -> None:
    found = {item.paper_id: item for item in retrieve(corpus, "moon", k=10)}
    for paper in PAPERS:
        spans = [(part.start, part.end) for part in chunk(paper)]
        assert sorted(found[paper.id].cosines) == spans
    assert len(found["doi:10.1/a:b-c"].cosines) == 3
    assert found["title:moon"].cosine == max(item.cosine for item in found.values())
    assert Found("x", 1, score=0.5, first_score=0.5, bm25=2.0, cosines={}).cosine == 0


def test_equals_stand_in_id_order(empty: Corpus) -> None:
    # With those ids, papers as alike as these are not one.
    a, b, c = (f"doi:10.1/{letter}" for letter in "abc")
    empty.add([Paper(id=name, title="Tides", abstract="The moon.") for name in (c, a, b)])
    for text in ("moon", "bread"):
        assert [item.paper_id for item in retrieve(empty, text, k=10)] == [a, b, c]
        assert [item.paper_id for item in retrieve(empty, text, k=2)] == [a, b]
    assert [key for key, _ in rank(empty, "moon", k=2, mode="dense")] == [a, b]
    assert [key for key, _ in rank(empty, "moon", k=2, mode="lexical")] == [a, b]


def test_only_the_papers_within_are_searched(corpus: Corpus) -> None:
    within = ["title:clock", "title:moon", "title:unknown"]
    found = retrieve(corpus, "moon and tides", k=10, within=within)
    assert [item.paper_id for item in found] == ["title:moon", "title:clock"]
    assert retrieve(corpus, "moon", k=10, within=[]) == []
    assert retrieve(corpus, "moon", k=10, within=["title:unknown"]) == []


@pytest.mark.parametrize(("papers", "chunks"), [(0, 900), (559, 900), (19_999, 900), (20_000, 600)])
def test_of_many_papers_fewer_chunks_are_searched(papers: int, chunks: int) -> None:
    assert depth(papers) == chunks >= 2 * DEPTH


def test_an_empty_store_finds_nothing(empty: Corpus) -> None:
    assert retrieve(empty, "moon", k=10) == []
    assert [rank(empty, "moon", k=10, mode=mode) for mode in MODES] == [[], [], []]


def test_each_way_of_searching_ranks_by_its_own_score(corpus: Corpus) -> None:
    text = "moon and tides"
    words = [(hit.id, hit.score) for hit in corpus.search_lexical(text, k=2)]
    assert rank(corpus, text, k=2, mode="lexical") == words
    hybrid = [(item.paper_id, item.score) for item in retrieve(corpus, text, k=3)]
    assert rank(corpus, text, k=3, mode="hybrid") == hybrid
    dense = rank(corpus, text, k=10, mode="dense")
    best = {item.paper_id: item.cosine for item in retrieve(corpus, text, k=10)}
    assert dict(dense) == best
    assert [score for _, score in dense] == sorted(best.values(), reverse=True)


WORDS = ("speculative", "decoding", "the", "token", "pruning", "Hyena", "?", "DNA", "zebra", "量子")


@settings(max_examples=30)
@given(
    text=st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(" ".join),
    k=st.integers(1, 30),
)
def test_a_ranking_is_in_order_and_its_head_does_not_depend_on_its_length(
    sample: Corpus, text: str, k: int
) -> None:
    found = retrieve(sample, text, k=30)
    assert [item.rank for item in found] == list(range(1, len(found) + 1))
    assert len({item.paper_id for item in found}) == len(found)
    assert all(0 <= item.score <= 1 for item in found)
    order = [(-item.score, item.paper_id) for item in found]
    assert order == sorted(order)
    assert retrieve(sample, text, k=k) == found[:k]


def test_chunks_that_were_removed_meanwhile_have_no_vectors(corpus: Corpus) -> None:
    [kept] = corpus.search_dense("tides", k=1)
    assert corpus.vectors([]).size == corpus.vectors(["title:gone:0-10"]).size == 0
    assert len(corpus.vectors(["title:gone:0-10", kept.id])) == 1
