"""Features: what is seen of a sentence, whatever it is later held to be worth."""

import json
import math
from importlib import resources
from typing import get_args

import pytest

from assistant.answer import Kind
from assistant.evidence.confidence import signals
from assistant.evidence.evidence import Evidence, gather
from assistant.evidence.features import features_of
from assistant.evidence.matching import best_of_papers, features_of_papers
from assistant.evidence.meeting import features_of_meeting
from assistant.evidence.scorer import SCORERS, load_scorer
from assistant.evidence.sentence import sentences_of
from assistant.inquiry import Inquiry
from assistant.question.kinds import kind_of
from assistant.question.need import Need
from assistant.retrieval.ranking import retrieve
from store.corpus import Corpus
from store.papers import Paper

#: What the reranker adds to the features of the sentences that it reads.
RERANKED = {"features", "reranker"}
OF_EACH_KIND: dict[Kind, str] = {
    "number": "How many tokens does HyenaDNA read?",
    "resource": "Where can I download HyenaDNA?",
    "comparison": "How does HyenaDNA compare with Caduceus?",
    "list": "Which papers are about DNA?",
    "definition": "What is HyenaDNA?",
    "factoid": "Who trained HyenaDNA?",
    "threshold": "Which models read more than 1M tokens of DNA?",
}
#: Kinds that are read off more than the wording.
READ = {"similar", "paper", "corpus"}
THREE = Paper(id="t", title="Three", abstract="First it is so. Then it is not. At last it is.")


def rows_of(corpus: Corpus, question: str) -> list[dict[str, float]]:
    found = retrieve(corpus, question, k=5)
    papers = corpus.get([item.paper_id for item in found])
    sentences = [s for item in found for s in sentences_of(papers[item.paper_id])]
    rows = features_of(Need(corpus, question), found=found, sentences=sentences)
    assert len(rows) == len(sentences)
    return rows


def evidence_of(corpus: Corpus, question: str) -> tuple[list[Evidence], dict[str, float]]:
    """Return the evidence for a question, and the signals of whether it is an answer."""
    found = retrieve(corpus, question, k=5)
    papers = corpus.get([item.paper_id for item in found])
    need = Need(corpus, question)
    evidence = gather(need, found=found, papers=papers, scorer=load_scorer("evidence"))
    return evidence, signals(need, found=found, papers=papers, evidence=evidence)


def test_a_sentence_knows_its_place_and_its_neighbours() -> None:
    first, second, third = sentences_of(THREE)
    assert second.text == "Then it is not."
    assert second.span == (16, 31)
    assert THREE.abstract[16:31] == second.text
    assert second.neighbours == "First it is so. At last it is."
    assert (first.neighbours, third.neighbours) == ("Then it is not.", "Then it is not.")
    assert sentences_of(Paper(id="o", title="One", abstract="Alone."))[0].neighbours == ""


def test_a_kind_is_missing_from_none_of_these_tests() -> None:
    assert {kind: kind_of(question) for kind, question in OF_EACH_KIND.items()} == {
        kind: kind for kind in get_args(Kind) if kind not in READ
    }


@pytest.mark.parametrize(
    "question",
    [*OF_EACH_KIND.values(), "the of and", "量子", "zebra crossing", "x" * 2000, "GPT-4" * 99],
)
def test_every_sentence_has_the_same_bounded_features(sample: Corpus, question: str) -> None:
    rows = rows_of(sample, question)
    assert all(list(row) == list(rows[0]) for row in rows)
    assert all(math.isfinite(value) for row in rows for value in row.values())
    assert all(-0.5 <= value <= 1.5 for row in rows for value in row.values())
    assert rows == rows_of(sample, question)


def test_shipped_weights_are_of_features_that_exist(sample: Corpus) -> None:
    known = {name for asked in OF_EACH_KIND.values() for name in rows_of(sample, asked)[0]}
    seen = evidence_of(sample, "What is HyenaDNA?")[1]
    of_papers = Inquiry(sample, None, OF_EACH_KIND["threshold"])
    rows = features_of_papers(
        of_papers.need,
        found=of_papers.found,
        papers=of_papers.papers,
        best=best_of_papers(of_papers.evidence),
    )
    met = features_of_meeting(of_papers.need, of_papers.alike, of_papers.evidence)
    known |= set(next(iter(rows.values()))) | set(next(iter(met.values()))[1])
    shipped = list(resources.files("assistant.evidence").joinpath("scorers").iterdir())
    assert {file.name for file in shipped} == {f"{name}.json" for name in SCORERS}
    for file in shipped:
        weights = json.loads(file.read_text("utf-8"))["weights"]
        assert set(weights) <= known | RERANKED | set(seen), file.name
        assert all(math.isfinite(weight) for weight in weights.values()), file.name


def test_evidence_is_every_sentence_best_first(sample: Corpus) -> None:
    evidence, seen = evidence_of(sample, "How does Token Recycling work?")
    scores = [item.score for item in evidence]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)
    held: dict[str, set[int]] = {}
    for item in evidence:
        held.setdefault(item.sentence.paper.id, set()).add(item.sentence.index)
    papers = sample.get(list(held))
    assert len(papers) == 5
    for paper_id, indices in held.items():
        assert indices == set(range(len(sentences_of(papers[paper_id]))))
    assert all(math.isfinite(value) for value in seen.values())


def test_equal_evidence_stands_in_reading_order(empty: Corpus) -> None:
    # As alike as two papers can be: without those ids they would be one.
    ids = ("doi:10.1/b", "doi:10.1/a")
    empty.add([Paper(id=name, title="Tides", abstract="Tides. Tides.") for name in ids])
    found = retrieve(empty, "zebra", k=5)
    papers = empty.get([item.paper_id for item in found])
    scorer = load_scorer("evidence").model_copy(update={"weights": {}})
    evidence = gather(Need(empty, "zebra"), found=found, papers=papers, scorer=scorer)
    places = [(item.sentence.paper.id, item.sentence.index) for item in evidence]
    assert places == [(ids[1], 0), (ids[1], 1), (ids[0], 0), (ids[0], 1)]


def test_nothing_found_has_no_signals(sample: Corpus) -> None:
    assert signals(Need(sample, "What is it?"), found=[], papers={}, evidence=[]) == {}
