"""Features: what is seen of a sentence, whatever it is later held to be worth."""

import json
import math
from importlib import resources
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.answer import Kind
from assistant.confidence import signals
from assistant.evidence import Evidence, gather
from assistant.features import Overlap, features_of, saying_what
from assistant.retrieval import retrieve
from assistant.scorer import load_scorer
from assistant.sentence import names_in, sentences_of
from store.corpus import Corpus
from store.papers import Paper

#: What the reranker adds to the features of the sentences that it reads.
RERANKED = {"features", "reranker"}
THREE = Paper(id="t", title="Three", abstract="First it is so. Then it is not. At last it is.")


def rows_of(corpus: Corpus, question: str, kind: Kind) -> list[dict[str, float]]:
    found = retrieve(corpus, question, k=5)
    papers = corpus.get([item.paper_id for item in found])
    sentences = [s for item in found for s in sentences_of(papers[item.paper_id])]
    rows = features_of(corpus, question, kind=kind, found=found, sentences=sentences)
    assert len(rows) == len(sentences)
    return rows


def evidence_of(corpus: Corpus, question: str) -> tuple[list[Evidence], dict[str, float]]:
    """Return the evidence for a question, and the signals of whether it is an answer."""
    found = retrieve(corpus, question, k=5)
    papers = corpus.get([item.paper_id for item in found])
    scorer = load_scorer("evidence")
    evidence = gather(corpus, question, kind="factoid", found=found, papers=papers, scorer=scorer)
    return evidence, signals(corpus, question, found=found, papers=papers, evidence=evidence)


def test_a_sentence_knows_its_place_and_its_neighbours() -> None:
    first, second, third = sentences_of(THREE)
    assert second.text == "Then it is not."
    assert second.span == (16, 31)
    assert THREE.abstract[16:31] == second.text
    assert second.neighbours == "First it is so. At last it is."
    assert (first.neighbours, third.neighbours) == ("Then it is not.", "Then it is not.")
    assert sentences_of(Paper(id="o", title="One", abstract="Alone."))[0].neighbours == ""


@pytest.mark.parametrize(
    "question",
    ["What is HyenaDNA?", "the of and", "量子", "zebra crossing", "x" * 2000, "GPT-4" * 99],
)
@pytest.mark.parametrize("kind", get_args(Kind))
def test_every_sentence_has_the_same_bounded_features(
    sample: Corpus, question: str, kind: Kind
) -> None:
    rows = rows_of(sample, question, kind)
    assert all(list(row) == list(rows[0]) for row in rows)
    assert all(math.isfinite(value) for row in rows for value in row.values())
    assert all(-0.5 <= value <= 1.5 for row in rows for value in row.values())
    assert rows == rows_of(sample, question, kind)


def test_shipped_weights_are_of_features_that_exist(sample: Corpus) -> None:
    kinds: tuple[Kind, ...] = get_args(Kind)
    known = {name for kind in kinds for name in rows_of(sample, "What is HyenaDNA?", kind)[0]}
    seen = evidence_of(sample, "What is HyenaDNA?")[1]
    shipped = [f for f in resources.files("assistant").iterdir() if f.name.endswith(".json")]
    assert {"evidence.json", "confidence.json"} <= {file.name for file in shipped}
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
    empty.add([Paper(id=name, title="Tides", abstract="Tides. Tides. Tides.") for name in "ba"])
    found = retrieve(empty, "zebra", k=5)
    papers = empty.get([item.paper_id for item in found])
    scorer = load_scorer("evidence").model_copy(update={"weights": {}})
    evidence = gather(empty, "zebra", kind="factoid", found=found, papers=papers, scorer=scorer)
    places = [(item.sentence.paper.id, item.sentence.index) for item in evidence]
    assert places == [("a", 0), ("a", 1), ("a", 2), ("b", 0), ("b", 1), ("b", 2)]


def test_nothing_found_has_no_signals(sample: Corpus) -> None:
    assert signals(sample, "What is it?", found=[], papers={}, evidence=[]) == {}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("How does GPT-4 compare with LLaMA-7B?", {"GPT-4", "LLaMA-7B"}),
        ("K-Tokeniser on 1M tokens", {"K-Tokeniser", "1M"}),
        ("ViT and BERT", {"ViT", "BERT"}),
        ("What is attention?", set()),
        ("Many words, Capitalised Alone.", set()),
    ],
)
def test_names_are_told_by_their_letters(text: str, names: set[str]) -> None:
    assert names_in(text) == names


@pytest.mark.parametrize(
    ("sentence", "question", "says"),
    [
        ("HyenaDNA is a genomic model.", "What is HyenaDNA?", True),
        ("HyenaDNA, a genomic model, is long.", "What is HyenaDNA?", True),
        ("We introduce HyenaDNA, a genomic model.", "what's HyenaDNA", True),
        ("The pointer network is new.", "What is a pointer network?", True),
        ("We present Token Recycling.", "How does Token Recycling work?", True),
        ("Results on HyenaDNA are mixed.", "What is HyenaDNA?", False),
        ("HyenaDNAs are models.", "What is HyenaDNA?", False),
        ("Caduceus is a model.", "What is HyenaDNA?", False),
        ("HyenaDNA is a model.", "Who trained HyenaDNA?", False),
        ("It is a.b.", "What is a+b?", False),
    ],
)
def test_a_sentence_that_says_what_the_named_thing_is(
    sentence: str, question: str, says: bool
) -> None:
    saying = saying_what(question)
    assert bool(saying and saying.search(sentence)) is says


WORDS = ("speculative", "decoding", "hyena", "zebra", "token", "genome", "papers")


@settings(max_examples=50)
@given(asked=st.lists(st.sampled_from(WORDS), min_size=1), held=st.sets(st.sampled_from(WORDS)))
def test_the_share_of_terms_grows_from_none_to_all(
    sample: Corpus, asked: list[str], held: set[str]
) -> None:
    overlap = Overlap(sample, " ".join(asked))
    terms = overlap.terms
    some = {term for term in terms if any(word.startswith(term) for word in held)}
    assert overlap.share(()) == 0
    assert overlap.share(terms) == pytest.approx(1)
    assert 0 <= overlap.share(some) <= overlap.share(terms | {"other"})
    assert overlap.share_beyond((), some) == pytest.approx(overlap.share(some))
    assert overlap.share_beyond(terms, terms) == 0


def test_a_rare_term_counts_for_more_than_a_common_one(sample: Corpus) -> None:
    overlap = Overlap(sample, "hyena token")
    frequencies = sample.document_frequencies(["hyena", "token"])
    assert frequencies["hyena"] < frequencies["token"]
    assert overlap.share({"hyena"}) > 0.5 > overlap.share({"token"}) > 0


def test_words_that_only_ask_do_not_count_unless_alone(sample: Corpus) -> None:
    assert Overlap(sample, "List papers about pruning").terms == {"prune"}
    assert Overlap(sample, "List papers").terms == {"list", "paper"}
    assert Overlap(sample, "the of and").share({"anything"}) == 0
