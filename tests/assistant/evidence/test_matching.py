"""Matching: which papers belong in a list, by hand-made features and over the bundled papers."""

import math

import pytest

from assistant.answer import Answer
from assistant.assistant import Assistant
from assistant.composition.listing import LISTED
from assistant.evidence.evidence import Evidence
from assistant.evidence.matching import best_of_papers, features_of_papers, matches
from assistant.evidence.scorer import LinearScorer
from assistant.evidence.sentence import sentences_of
from assistant.inquiry import Inquiry
from assistant.question.need import Need
from assistant.retrieval.ranking import Found
from store.corpus import Corpus
from store.papers import Paper

BREAD = Paper(id="title:bread", title="Bread", abstract="Yeast works. Dough rises.")
TIDES = Paper(id="title:tides", title="Zebra tides", abstract="The moon raises tides.")


def weighed(paper: Paper, index: int, score: float, reranker: float) -> Evidence:
    return Evidence(sentences_of(paper)[index], score, {"reranker": reranker})


def found(paper: Paper, rank: int, score: float) -> Found:
    return Found(paper.id, rank, score, score, 0.0, {})


EVIDENCE = [weighed(BREAD, 1, 0.5, 2.0), weighed(TIDES, 0, 0.2, -1.0), weighed(BREAD, 0, 0.1, 3.0)]
FOUND = [found(TIDES, 1, 0.8), found(BREAD, 2, 0.4)]
PAPERS = {paper.id: paper for paper in (BREAD, TIDES)}


def test_the_best_sentence_of_each_paper_stands_for_it() -> None:
    assert best_of_papers(EVIDENCE) == {"title:bread": EVIDENCE[0], "title:tides": EVIDENCE[1]}


def test_a_paper_is_seen_beside_the_best_one(empty: Corpus) -> None:
    empty.add([BREAD, TIDES])
    rows = features_of_papers(
        Need(empty, "zebra dough"), found=FOUND, papers=PAPERS, best=best_of_papers(EVIDENCE)
    )
    assert list(rows) == ["title:tides", "title:bread"]
    # The logit of 0.5 is 0, that of 0.2 is ln(0.2 / 0.8); both words are as rare.
    assert rows["title:tides"] == pytest.approx(
        {
            "evidence": math.log(0.25),
            "evidence_behind": math.log(4),
            "reranker": -1.0,
            "reranker_behind": 3.0,
            "paper": 0.8,
            "paper_share": 1.0,
            "rank": 0.0,
            "terms_title": 0.5,
            "terms_paper": 0.5,
        }
    )
    assert rows["title:bread"]["paper_share"] == 0.5
    assert rows["title:bread"]["rank"] == pytest.approx(math.log(2))
    assert (rows["title:bread"]["terms_title"], rows["title:bread"]["terms_paper"]) == (0, 0.5)


def test_the_likeliest_paper_stands_first_and_equals_as_found(empty: Corpus) -> None:
    empty.add([BREAD, TIDES])
    need = Need(empty, "zebra dough")
    by_reading = LinearScorer(intercept=0.0, weights={"reranker": 1.0})
    given = {"found": FOUND, "papers": PAPERS, "evidence": EVIDENCE}
    ordered = matches(need, scorer=by_reading, **given)
    assert [match.evidence for match in ordered] == [EVIDENCE[0], EVIDENCE[1]]
    # 1 / (1 + e^-2) and 1 / (1 + e)
    assert [match.probability for match in ordered] == [0.8808, 0.2689]
    equal = matches(need, scorer=LinearScorer(intercept=0.0, weights={}), **given)
    assert [match.evidence for match in equal] == [EVIDENCE[1], EVIDENCE[0]]


@pytest.fixture(scope="module")
def listed(assistant: Assistant) -> Answer:
    return assistant.ask("Which papers speed up decoding by speculation?")


def test_a_list_has_every_paper_that_seems_to_match_once(
    assistant: Assistant, listed: Answer
) -> None:
    inquiry = Inquiry(assistant.corpus, assistant._reranker, listed.query)
    likely = [match for match in inquiry.matches if match.probability >= inquiry.match_from]
    assert listed.matching and listed.matching.found == len(likely) > 3
    assert len(listed.quotes) == len(listed.citations) == min(len(likely), LISTED)
    assert [quote.text for quote in listed.quotes] == [
        match.evidence.sentence.text for match in likely[:LISTED]
    ]
    expected = sum(match.probability for match in likely[:LISTED])
    assert listed.matching.expected == pytest.approx(expected, abs=0.051)
    assert listed.matching.weighed == len(inquiry.found)


def test_a_list_of_nothing_is_no_answer(assistant: Assistant) -> None:
    answer = assistant.ask("Which papers study football clubs in Scotland?")
    assert (answer.status, answer.matching) == ("no_answer", None)
