"""Papers that stand for many."""

import pytest

from assistant.retrieval.representatives import LOOKED_AT, representatives
from store.corpus import Corpus
from store.papers import Paper

TEXTS = {
    "bread": ("Yeast makes dough rise.", "Dough rises by yeast.", "Bread dough needs yeast."),
    "stars": ("Stars are hot plasma.", "Hot plasma makes stars.", "A star is plasma, and hot."),
}


@pytest.fixture
def corpus(empty: Corpus) -> Corpus:
    empty.add(
        Paper(id=f"title:{topic}{n}", title=text, abstract=text)
        for topic, texts in TEXTS.items()
        for n, text in enumerate(texts)
    )
    return empty


def test_each_group_of_like_papers_has_one_before_any_has_two(corpus: Corpus) -> None:
    chosen = representatives(corpus, corpus.select(), k=2)
    assert {paper_id.removeprefix("title:")[:5] for paper_id in chosen} == set(TEXTS)


def test_there_are_no_more_than_papers_each_once_and_always_the_same(corpus: Corpus) -> None:
    every = representatives(corpus, corpus.select(), k=10)
    assert sorted(every) == sorted(corpus.select())
    assert representatives(corpus, sorted(corpus.select(), reverse=True), k=10) == every
    assert representatives(corpus, corpus.select(), k=3) == every[:3]
    assert representatives(corpus, (), k=3) == []


def test_of_many_papers_some_are_looked_at(empty: Corpus) -> None:
    empty.add(
        Paper(id=f"title:{n:04}", title=f"Paper {n}", abstract=f"It is of {n}.")
        for n in range(LOOKED_AT + 1)
    )
    chosen = representatives(empty, empty.select(), k=LOOKED_AT)
    assert chosen
    assert all(int(paper_id.removeprefix("title:")) % 2 == 0 for paper_id in chosen)
