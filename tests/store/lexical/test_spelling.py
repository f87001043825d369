"""Spelling: British and American writers find the same."""

import pytest

from store.lexical.analysis import terms


@pytest.mark.parametrize(
    ("british", "american"),
    [
        ("tokeniser tokenising tokenised", "tokenizer tokenizing tokenized"),
        ("optimisation optimise optimises", "optimization optimize optimizes"),
        ("analyse analysed analysing", "analyze analyzed analyzing"),
        ("modelling modelled labelling", "modeling modeled labeling"),
        ("colour colours behavioural neighbours", "color colors behavioral neighbors"),
        ("centre fibres kilometre", "center fibers kilometer"),
        ("catalogue dialogues", "catalog dialogs"),
        ("defence licence", "defense license"),
        ("leukaemia haemoglobin oedema oestrogen", "leukemia hemoglobin edema estrogen"),
        ("paediatric aetiology diarrhoea tumour", "pediatric etiology diarrhea tumor"),
        ("grey artefacts of an ageing programme", "gray artifacts of an aging program"),
        ("sulphate", "sulfate"),
    ],
)
def test_both_spellings_have_the_same_terms(british: str, american: str) -> None:
    assert terms(british) == terms(american)
    assert terms(british.upper()) == terms(american.title())


@pytest.mark.parametrize(
    "word",
    ["hour", "four", "contour", "acre", "genre", "rogue", "science", "aerial", "poem", "size"],
)
def test_words_that_only_look_alike_stay_apart(word: str) -> None:
    others = ["hor", "for", "contor", "acer", "gener", "rog", "sciense", "erial", "pem", "sice"]
    assert not set(terms(word)) & set(terms(" ".join(others)))
