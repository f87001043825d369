"""Context: which sentences lean on the one before, and what is shown with them."""

import pytest

from assistant.answer import Quote
from assistant.composition.context import NEIGHBOURS, context_of, lead_ins, leans
from assistant.composition.draft import Chosen
from assistant.composition.quotes import quoted
from assistant.evidence.evidence import Evidence
from assistant.evidence.sentence import sentences_of
from store.papers import Paper

MOON = Paper(
    id="title:moon",
    title="Moon",
    abstract="The moon turns. It is near. However, it recedes. This slows the day. Clocks drift.",
)
FIRST, NEAR, RECEDES, SLOWS, CLOCKS = range(5)


def quotes_of(*indexes: int) -> tuple[Quote, ...]:
    sentences = [sentences_of(MOON)[index] for index in indexes]
    return quoted([Chosen(Evidence(sentence, 0.9, {})) for sentence in sentences])[0]


@pytest.mark.parametrize(
    "text",
    [
        "It reads bytes.",
        "However, tides recede.",
        "This method needs no training.",
        "For example, T2T-ViT reaches 83.3%.",
        "Notably, it is the first of its sort.",
        "Motivated by these observations, we propose MiKV.",
        "PromptCARE overcomes these hurdles by injecting watermarks.",
        "On ImageNet-1K, our models reach 75.4%.",
        "To address this, we introduce VAT.",
        "The proposed algorithm is three times faster.",
        "As a result, xAR has two advantages.",
        "THIS IS SO.",
    ],
)
def test_a_sentence_that_points_back_or_names_nothing_leans(text: str) -> None:
    assert leans(text)


@pytest.mark.parametrize(
    "text",
    [
        "This paper describes a system of batched speculative decoding.",
        "In this work, we present ZipCache.",
        "HyenaDNA scales sub-quadratically, and it uses single nucleotides.",
        "LongBench comprises 21 datasets in both English and Chinese.",
        "Instead of trees, GraphCodeBERT reads data flow.",
        "Models such as BERT corrupt the input.",
        "Itemised bills are long.",
        "Both Mamba and Hyena are recurrent.",
        "The code is at https://example.org/code.",
        "",
    ],
)
def test_a_sentence_that_says_what_it_is_about_stands_alone(text: str) -> None:
    assert not leans(text)


@pytest.mark.parametrize(
    ("index", "context"),
    [
        (FIRST, "The moon turns."),
        (NEAR, "The moon turns. It is near."),
        (RECEDES, "The moon turns. It is near. However, it recedes."),
        # Its neighbours lean as well, but no more than two are shown.
        (SLOWS, "It is near. However, it recedes. This slows the day."),
        (CLOCKS, "Clocks drift."),
    ],
)
def test_the_context_goes_back_to_what_stands_alone(index: int, context: str) -> None:
    found = context_of(sentences_of(MOON)[index])
    assert MOON.abstract[found.start : found.end] == context
    assert NEIGHBOURS == 2


@pytest.mark.parametrize(
    ("indexes", "expected"),
    [
        ((CLOCKS, NEAR), ["", "The moon turns."]),
        ((RECEDES,), ["The moon turns. It is near."]),
        # What an earlier quote says is not said again; what a later one does is.
        ((FIRST, NEAR), ["", ""]),
        ((FIRST, RECEDES), ["", "It is near."]),
        ((RECEDES, NEAR), ["The moon turns. It is near.", "The moon turns."]),
    ],
)
def test_what_a_quote_leans_on_is_what_stands_before_it(
    indexes: tuple[int, ...], expected: list[str]
) -> None:
    assert lead_ins(quotes_of(*indexes), {MOON.id: MOON.abstract}) == expected


def test_without_the_abstract_a_quote_stands_alone() -> None:
    assert lead_ins(quotes_of(NEAR), {}) == [""]
