"""Comparison and explanation, asked of small stores."""

import pytest

from assistant.answer import Answer
from assistant.assistant import Assistant
from assistant.reranking.reranker import Reranker
from assistant.verification.verify import verify
from store.corpus import Corpus
from store.papers import Paper

MAMBO = Paper(
    id="title:mambo",
    title="Mambo: state spaces for speech",
    abstract=(
        "Speech recognition is slow. We propose Mambo, a state space model for speech recognition. "
        "Mambo is faster than Tango on long recordings."
    ),
)
TANGO = Paper(
    id="title:tango",
    title="Tango: attention for speech",
    abstract=(
        "Recordings are long. We propose Tango, an attention model for speech recognition. "
        "It works by reading each recording twice. Tango outperforms earlier models."
    ),
)
RUMBA = Paper(
    id="title:rumba",
    title="Rumba: recognising dances",
    abstract="We propose Rumba, a convolutional model that recognises dances in films.",
)
PAPERS = (MAMBO, TANGO, RUMBA)


@pytest.fixture
def dances(empty: Corpus, reranker: Reranker | None) -> Assistant:
    empty.add(PAPERS)
    return Assistant(empty, reranker)


def under_headings(answer: Answer) -> list[tuple[str | None, str]]:
    return [(quote.heading, quote.text) for quote in answer.quotes]


def holds(answer: Answer) -> bool:
    return not verify(answer, {paper.id: paper.abstract for paper in PAPERS})


def test_what_names_both_sides_comes_first_and_each_side_under_its_name(dances: Assistant) -> None:
    answer = dances.ask("Is Mambo faster than Tango?")
    assert (answer.kind, answer.status) == ("comparison", "answered")
    assert under_headings(answer)[0] == (
        "Mambo and Tango",
        "Mambo is faster than Tango on long recordings.",
    )
    assert ("Tango", TANGO.abstract[21:81]) in under_headings(answer)
    assert answer.coverage.sides == {"Mambo": "quoted", "Tango": "quoted"}
    assert holds(answer)


def test_a_side_that_no_abstract_mentions_is_said_and_leaves_little_confidence(
    dances: Assistant,
) -> None:
    answer = dances.ask("How does Mambo compare with Foxtrot?")
    assert answer.coverage.sides["Foxtrot"] == "absent"
    assert answer.coverage.missing_terms == ("Foxtrot",)
    assert answer.confidence < 0.6
    assert holds(answer)


def test_a_name_is_met_as_the_papers_spell_it_where_none_spells_it_as_asked(
    dances: Assistant,
) -> None:
    answer = dances.ask("Is MAMBO faster than TANGO?")
    assert answer.coverage.sides == {"Mambo": "quoted", "Tango": "quoted"}
    assert under_headings(answer)[0][0] == "Mambo and Tango"
    assert holds(answer)


def test_what_speaks_of_another_name_is_not_quoted_for_a_side(
    empty: Corpus, reranker: Reranker | None
) -> None:
    other = Paper(
        id="title:modern",
        title="ModernBERT is more accurate than conventional BERT",
        abstract="The accuracy was higher for ModernBERT (74% against 72%).",
    )
    cats = Paper(id="title:cats", title="CAT: a survey", abstract="CAT counts cats at night.")
    empty.add([*PAPERS, other, cats])
    answer = Assistant(empty, reranker).ask("CAT vs BERT: what is the accuracy?")
    assert "title:modern" not in {quote.paper_id for quote in answer.quotes}


def test_a_name_is_not_met_as_a_common_word(empty: Corpus, reranker: Reranker | None) -> None:
    ideas = Paper(
        id="title:ideas", title="An idea of dances", abstract="The idea is to dance. Ideas abound."
    )
    empty.add([*PAPERS, ideas])
    answer = Assistant(empty, reranker).ask("IDEA vs Tango: which is faster?")
    assert answer.coverage.sides.keys() == {"IDEA", "Tango"}
    assert answer.coverage.sides["IDEA"] == "absent"
    assert "IDEA" not in {quote.heading for quote in answer.quotes}


def test_names_in_other_letters_stay_apart_where_papers_hold_both(
    empty: Corpus, reranker: Reranker | None
) -> None:
    tango = TANGO.abstract.replace("Tango", "TANGO")
    empty.add([*PAPERS, Paper(id="title:other", title="TANGO: another", abstract=tango)])
    answer = Assistant(empty, reranker).ask("How does TANGO compare with Tango?")
    assert set(answer.coverage.sides) == {"TANGO", "Tango"}
    cited = {quote.heading: quote.paper_id for quote in answer.quotes}
    assert cited.get("TANGO", "title:other") == "title:other"
    assert cited.get("Tango", "title:tango") == "title:tango"


def test_a_list_of_papers_that_compare_stays_a_list(dances: Assistant) -> None:
    answer = dances.ask("Which papers compare Mambo and Tango?")
    assert (answer.kind, answer.coverage.sides) == ("list", {})


def test_words_that_only_ask_are_not_called_missing(dances: Assistant) -> None:
    asked = ("How does Mambo compare with Tango?", "Mambo vs Tango: what is the difference?")
    assert [dances.ask(question).coverage.missing_terms for question in asked] == [(), ()]


def test_an_explanation_tells_what_how_and_what_for_from_one_paper(dances: Assistant) -> None:
    answer = dances.ask("What is Tango?")
    assert under_headings(answer) == [
        ("What it is", "We propose Tango, an attention model for speech recognition."),
        ("How it works", "It works by reading each recording twice."),
        ("What it achieves", "Tango outperforms earlier models."),
    ]
    assert {quote.paper_id for quote in answer.quotes} == {TANGO.id}
    assert holds(answer)


def test_what_says_in_so_many_words_what_a_thing_is_comes_first(
    answers: dict[str, Answer],
) -> None:
    first, *others = under_headings(answers["What is HyenaDNA?"])
    assert first[0] == "What it is"
    assert first[1].startswith("HyenaDNA is a foundation model")
    assert [heading for heading, _ in others] == ["How it works", "What it achieves"]


def test_two_named_papers_that_say_nothing_of_each_other_are_told_of_side_by_side(
    dances: Assistant,
) -> None:
    answer = dances.ask("Rumba vs Tango")
    assert under_headings(answer) == [
        ("Rumba", RUMBA.abstract),
        ("Tango", "We propose Tango, an attention model for speech recognition."),
    ]
    assert answer.coverage.sides == {"Rumba": "quoted", "Tango": "quoted"}
    assert holds(answer)
