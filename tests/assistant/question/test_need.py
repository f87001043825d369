"""Need: the names, the terms and the subject of a question, and their weights in a corpus."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.evidence.sentence import names_in
from assistant.question.need import Need, saying_what
from store.corpus import Corpus


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
        ("We present Token Recycling.", "How does Token Recycling store its candidates?", False),
        ("We introduce HyenaDNA, a genomic model.", "Describe HyenaDNA.", True),
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
    need = Need(sample, " ".join(asked))
    terms = frozenset(need.terms)
    some = {term for term in terms if any(word.startswith(term) for word in held)}
    assert need.share(()) == 0
    assert need.share(terms) == pytest.approx(1)
    assert 0 <= need.share(some) <= need.share(terms | {"other"})
    assert need.share_beyond((), some) == pytest.approx(need.share(some))
    assert need.share_beyond(terms, terms) == 0


def test_a_rare_term_counts_for_more_than_a_common_one(sample: Corpus) -> None:
    need = Need(sample, "hyena token")
    frequencies = sample.document_frequencies(["hyena", "token"])
    assert frequencies["hyena"] < frequencies["token"]
    assert need.share({"hyena"}) > 0.5 > need.share({"token"}) > 0


def test_words_that_only_ask_do_not_count_unless_alone(sample: Corpus) -> None:
    assert Need(sample, "List papers about pruning").terms == ("prune",)
    assert Need(sample, "List papers").terms == ("list", "paper")
    assert Need(sample, "the of and").share({"anything"}) == 0
