"""Correction: what is mistyped is read as the papers' nearest word; names and words are left."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.assistant import Assistant
from assistant.conversation import Turn, readings
from assistant.question.correction import MOST, corrected
from store.corpus import Corpus
from store.papers import Paper


@pytest.fixture
def corpus(empty: Corpus) -> Corpus:
    texts = (
        "Our speculative decoding of large language models saves attention of Mistral.",
        "Two categories of tokenisers: trained and untrained. Attention is cheap, and broad.",
        "Attentive models are calibrated. A ZebraFormer is one.",
    )
    empty.add(Paper(id=f"title:{n}", title=f"Paper {n}", abstract=t) for n, t in enumerate(texts))
    return empty


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("categoreis", "categories"),  # two letters swapped
        ("decodng", "decoding"),  # one left out
        ("speculativve", "speculative"),  # one too many
        ("calobrated", "calibrated"),  # one wrong
        ("langauge", "language"),
        ("attenton", "attention"),  # one edit, and two from "attentive"
    ],
)
def test_a_mistyped_word_is_read_as_the_nearest(corpus: Corpus, typed: str, read: str) -> None:
    assert corrected(corpus, f"Which {typed}, then?") == (f"Which {read}, then?", {typed: read})


@pytest.mark.parametrize(
    "text",
    [
        "decoding languages and tokenizers",  # held, if in other forms
        "bread",  # a word, if one that no paper holds, one edit from "broad"
        "modl",  # too short
        "tokneisrs",  # two edits
        "xategories",  # another first letter
        "zebrformer or mixtral",  # one edit from a name
        "ZebraFormr, Catgories, GPT-decodng, decodng2",  # perhaps names
        "doesn't, isn’t",
        "qqqqqqqq",
        "попугай 量子コンピュータ",
        "",
    ],
)
def test_anything_else_is_left_as_it_is(corpus: Corpus, text: str) -> None:
    assert corrected(corpus, text) == (text, {})


def test_of_equals_the_word_of_more_papers_and_then_the_first_is_taken(empty: Corpus) -> None:
    texts = ("zorbins", "zorbint zorbinz", "zorbint zorbinz")
    empty.add(Paper(id=f"title:{n}", title=f"Paper {n}", abstract=t) for n, t in enumerate(texts))
    assert corrected(empty, "zorbinx") == ("zorbint", {"zorbinx": "zorbint"})


def test_a_text_of_many_unknown_words_is_left_as_it_is(corpus: Corpus) -> None:
    text = "decodng attenton langauge categoreis calobrated speculativve untraned traned"
    assert len(text.split()) == len(corrected(corpus, f"{text} {text}")[1]) == MOST
    assert corrected(corpus, f"{text} gibberisch") == (f"{text} gibberisch", {})


@given(st.text(max_size=80))
def test_what_was_corrected_is_not_corrected_again(sample: Corpus, text: str) -> None:
    once, read = corrected(sample, text)
    assert corrected(sample, once) == (once, {})
    assert bool(read) == (once != text)


def test_an_answer_searches_and_shows_what_was_read(assistant: Assistant) -> None:
    answer = assistant.ask("How much traning data does K-Tokeniser need?")
    right = assistant.ask("How much training data does K-Tokeniser need?")
    assert answer.query == right.question
    assert answer.coverage.corrected == {"traning": "training"}
    assert answer.coverage.missing_terms == ("traning",)
    assert (answer.quotes, answer.confidence) == (right.quotes, right.confidence)
    assert right.coverage.corrected == {}


def test_a_follow_up_leans_on_what_was_read(assistant: Assistant) -> None:
    question = "How much traning data does K-Tokeniser need?"
    answer = assistant.ask(question).model_copy(update={"citations": (), "status": "no_answer"})
    (reading,) = readings("And its size?", [Turn(question, answer)])
    assert reading.text == "training data's size?"
    assert answer.query == "How much training data does K-Tokeniser need?"
