"""Why a sentence was chosen: the shares are of what scored it, and sum to its score."""

import math
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answer import Answer, Why
from assistant.assistant import Assistant
from assistant.evidence.explain import FIRST, explain, group_of
from assistant.evidence.scorer import LinearScorer, OfSentences, load_scorer
from assistant.reranking.reranker import Reranker

SCORER = LinearScorer(
    intercept=-3.0, weights={"terms": 2.0, "window": 1.0, "number*link": 0.5, "paper": 4.0}
)
AGAIN = LinearScorer(intercept=0.25, weights={"features": 0.5, "reranker": 0.4})
SEEN = {"terms": 0.5, "window": 0.8, "number*link": 1.0, "paper": 0.25, "unread": 7.0}


def total(why: Why) -> float:
    return why.lexical + why.dense + why.wording + why.paper + why.reranker + why.base


def probability(log_odds: float) -> float:
    return 1 / (1 + math.exp(-log_odds))


def test_each_group_gets_what_its_features_weigh() -> None:
    assert explain(SEEN, first=SCORER, second=AGAIN) == Why(
        lexical=1.0, dense=0.8, wording=0.5, paper=1.0, reranker=0.0, base=-3.0
    )


def test_read_again_the_first_shares_weigh_as_much_as_the_second_scorer_lets_them() -> None:
    # The first scorer's log-odds are 0.3; the second one's, 0.25 + 0.5 * 0.3 + 0.4 * 2.
    why = explain({**SEEN, "features": 0.3, "reranker": 2.0}, first=SCORER, second=AGAIN)
    assert why == Why(lexical=0.5, dense=0.4, wording=0.25, paper=0.5, reranker=0.8, base=-1.25)
    assert total(why) == pytest.approx(1.2)


def test_in_detail_each_feature_that_counted_has_its_share() -> None:
    seen = {**SEEN, "features": 0.3, "reranker": 2.0, "window": 0.0}
    why = explain(seen, first=SCORER, second=AGAIN, detailed=True)
    assert why.features == {"number*link": 0.25, "paper": 0.5, "reranker": 0.8, "terms": 0.5}


@given(
    st.fixed_dictionaries({name: st.floats(-3, 3) for name in (*SCORER.weights, "reranker")}),
    st.floats(-9, 9),
)
def test_the_shares_sum_to_the_log_odds_whatever_the_first_score_was_rounded_to(
    seen: dict[str, float], first: float
) -> None:
    features = {**seen, FIRST: first}
    why = explain(features, first=SCORER, second=AGAIN)
    assert total(why) == pytest.approx(AGAIN.log_odds(features), abs=1e-3)


@pytest.mark.parametrize("name", get_args(OfSentences))
def test_every_weighed_feature_belongs_to_a_group(name: OfSentences) -> None:
    for feature in load_scorer(name).weights:
        assert feature == FIRST or group_of(feature)


def test_the_shares_of_every_quote_sum_to_its_score(answers: dict[str, Answer]) -> None:
    quotes = [quote for answer in answers.values() for quote in answer.quotes]
    assert len(quotes) > 10
    for quote in quotes:
        assert quote.why is not None
        assert probability(total(quote.why)) == pytest.approx(quote.score, abs=2e-4)
        assert quote.why.features is None


def test_without_a_second_reading_there_is_no_share_of_it(
    answers: dict[str, Answer], reranker: Reranker | None
) -> None:
    for answer in answers.values():
        for quote in answer.quotes:
            assert quote.why is not None
            assert bool(quote.why.reranker) is (reranker is not None)


def test_asked_for_detail_an_answer_differs_in_nothing_else(
    assistant: Assistant, answers: dict[str, Answer]
) -> None:
    question = "What is HyenaDNA?"
    detailed = assistant.ask(question, detailed=True)
    for quote in detailed.quotes:
        assert quote.why is not None
        assert quote.why.features is not None
        shares = sum(quote.why.features.values())
        assert shares + quote.why.base == pytest.approx(total(quote.why), abs=0.01)
    bare = [
        quote.model_copy(update={"why": quote.why.model_copy(update={"features": None})})
        for quote in detailed.quotes
        if quote.why
    ]
    assert detailed.model_copy(update={"quotes": tuple(bare)}) == answers[question]


def test_a_scorers_contributions_are_its_weights_times_what_was_seen() -> None:
    scorer = load_scorer("evidence")
    shares = scorer.contributions({"terms": 0.5, "no such feature": 1.0})
    assert shares == {"terms": 0.5 * scorer.weights["terms"]}
