import pytest

from assistant.query import Filters
from assistant.retrieval.search import search, similar
from store.corpus import Corpus
from store.errors import PaperNotFound, QuestionError

TEXT = "clinical tokenisers"


def test_papers_come_ranked_with_their_records(sample: Corpus) -> None:
    found = search(sample, TEXT, k=5)
    assert [result.rank for result in found] == [1, 2, 3, 4, 5]
    assert [r.score for r in found] == sorted((r.score for r in found), reverse=True)
    assert found[0].paper.title == "Infusing clinical knowledge into tokenisers for language models"
    assert sample.get([r.paper.id for r in found]) == {r.paper.id: r.paper for r in found}


def test_the_cutoff_takes_the_best(sample: Corpus) -> None:
    assert search(sample, TEXT, k=2) == search(sample, TEXT, k=5)[:2]


def test_only_papers_that_pass_the_filters_are_found(sample: Corpus) -> None:
    second = search(sample, TEXT, k=2)[1].paper.id
    found = search(sample, TEXT, filters=Filters(paper_ids=(second,)))
    assert [result.paper.id for result in found] == [second]
    assert search(sample, TEXT, filters=Filters(paper_ids=())) == ()


def test_a_mistyped_word_is_read_as_it_is_in_a_question(sample: Corpus) -> None:
    assert search(sample, "clinical tokenisres", k=1) == search(sample, TEXT, k=1)


def test_a_text_without_words_is_refused(sample: Corpus) -> None:
    with pytest.raises(QuestionError, match="holds no word"):
        search(sample, "?!")


def test_similar_papers_leave_out_the_paper_itself(sample: Corpus) -> None:
    one = search(sample, TEXT, k=1)[0].paper.id
    found = similar(sample, one, k=5)
    assert len(found) == 5
    assert one not in {result.paper.id for result in found}
    assert [r.score for r in found] == sorted((r.score for r in found), reverse=True)


def test_every_other_paper_is_similar_in_some_measure(sample: Corpus) -> None:
    one = search(sample, TEXT, k=1)[0].paper.id
    assert len(similar(sample, one, k=len(sample))) == len(sample) - 1


def test_an_unknown_paper_has_none_like_it(sample: Corpus) -> None:
    with pytest.raises(PaperNotFound, match=r"no paper 'doi:10.1/none'"):
        similar(sample, "doi:10.1/none")
