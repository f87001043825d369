"""Attempt: the reading that is taken, and how sure an abstention is at most."""

from assistant.composition.attempt import first_answered
from assistant.conversation import Reading
from assistant.reranking.reranker import Reranker
from store.corpus import Corpus

QUESTION = "What is HyenaDNA?"


def test_an_abstention_is_no_surer_than_an_answer_must_be(
    sample: Corpus, reranker: Reranker | None
) -> None:
    def taken(*readings: Reading) -> tuple[float, bool, float]:
        found = first_answered(readings, corpus=sample, reranker=reranker, within=None)
        draft = found.draft
        return draft.confidence, bool(draft.chosen), found.inquiry.answer_from

    sure, is_answered, least = taken(Reading(QUESTION))
    assert is_answered and sure > least
    # Sure as it is, it is not so sure as this reading asks for.
    assert taken(Reading(QUESTION, least=1.1)) == (least, False, least)
    assert taken(Reading(QUESTION, least=1.1), Reading(QUESTION)) == (sure, True, least)
