"""Evidence read again: what the reranker is given, and what its reading does to the order."""

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.evidence.evidence import READ, Evidence, log_odds, reranked
from assistant.evidence.scorer import LinearScorer
from assistant.evidence.sentence import sentences_of
from assistant.question.need import Need
from assistant.reranking.reranker import Reranker
from store.corpus import Corpus
from store.papers import Paper

PAPER = Paper(id="t", title="Tides", abstract=" ".join(f"Number {n} is it." for n in range(20)))
EVIDENCE = [
    Evidence(sentence, round(0.9 - 0.01 * sentence.index, 4), {"says_what": 1.0})
    for sentence in sentences_of(PAPER)
]
#: Only the reading counts.
SCORER = LinearScorer(intercept=0.0, weights={"reranker": 1.0})


class Reader:
    """Gives each text the logit that `logits` has for its sentence, and notes what it read."""

    def __init__(self, logits: dict[str, float]) -> None:
        self.logits = logits
        self.read: list[tuple[str, str]] = []

    def encode(self, inputs: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
        self.read.extend(inputs)
        logits = [self.logits.get(text.rpartition("[SEP] ")[2], 0.0) for _, text in inputs]
        return np.array(logits, dtype=np.float32)[:, None]


@pytest.fixture
def need(empty: Corpus) -> Need:
    return Need(empty, "Why?")


def read_again(
    need: Need, reader: Reader, evidence: Sequence[Evidence] = EVIDENCE
) -> list[Evidence]:
    return reranked(need, evidence, reranker=Reranker(reader, digest="0"), scorer=SCORER)


def test_the_best_sentences_are_read_with_their_title_and_the_others_left_out(need: Need) -> None:
    reader = Reader({})
    again = read_again(need, reader)
    assert len(PAPER.abstract.split(". ")) == len(EVIDENCE) == 20
    assert reader.read == [("Why?", f"Tides [SEP] Number {n} is it.") for n in range(READ)]
    # All read alike: they keep their order.
    assert [item.sentence.index for item in again] == list(range(READ))


def test_what_reads_best_comes_first_with_what_was_seen_of_it(need: Need) -> None:
    again = read_again(
        need, Reader({"Number 7 is it.": 1.098612289, "Number 3 is it.": -1.098612289})
    )
    first, last = again[0], again[-1]
    assert (first.sentence.index, first.score) == (7, 0.75)  # 1 / (1 + e^-ln 3)
    assert (last.sentence.index, last.score) == (3, 0.25)
    assert first.features == {
        "says_what": 1.0,
        "features": pytest.approx(1.5856, abs=1e-4),  # ln(0.83 / 0.17)
        "reranker": 1.0986,
    }
    assert EVIDENCE[7].features == {"says_what": 1.0}


def test_a_last_bit_of_the_reading_decides_no_order(need: Need) -> None:
    again = read_again(need, Reader({"Number 1 is it.": 0.5, "Number 2 is it.": 0.50000006}))
    assert [item.sentence.index for item in again[:2]] == [1, 2]


def test_for_a_list_the_best_sentence_of_each_paper_is_read_besides(empty: Corpus) -> None:
    listed = Need(empty, "Which papers are about tides?")
    other = Paper(id="o", title="Ebb", abstract="It goes out. It comes in.")
    evidence = [*EVIDENCE, *(Evidence(sentence, 0.1, {}) for sentence in sentences_of(other))]
    reader = Reader({"It goes out.": 5.0})
    again = read_again(listed, reader, evidence)
    assert [text for _, text in reader.read] == [
        *(f"Tides [SEP] Number {n} is it." for n in range(READ)),
        "Ebb [SEP] It goes out.",
    ]
    assert again[0].sentence.paper.id == "o"


def test_no_evidence_is_none_when_read_again(need: Need) -> None:
    assert read_again(need, Reader({}), []) == []


@pytest.mark.parametrize(
    ("probability", "logit"),
    [(0.5, 0.0), (0.75, 1.0986), (0.25, -1.0986), (0.0, -9.2102), (1.0, 9.2102)],
)
def test_log_odds_are_finite(probability: float, logit: float) -> None:
    assert log_odds(probability) == pytest.approx(logit, abs=1e-4)
