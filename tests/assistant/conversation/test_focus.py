"""Focus: what a conversation speaks of."""

import pytest

from assistant.answer import Context, Focus, Quote
from assistant.conversation import Turn
from assistant.conversation.focus import Spoken, all_listed, at_place, spoken_of, subject_of
from store.lexical import printed_name
from tests.assistant.conversation.conftest import turn

HYENA = "HyenaDNA: Long-Range Genomic Sequence Modeling"
POINTERS = "Pointer Networks"


def test_the_paper_cited_first_in_the_last_answer_is_spoken_of() -> None:
    unanswered = turn("Who pays for it?", focus=Focus(title=HYENA, why="pronoun"))
    turns = [turn("What is it?", POINTERS), turn("What is it?", HYENA, POINTERS), unanswered]
    assert spoken_of(turns) == Spoken("HyenaDNA", turns[1].answer.citations[:1])


def test_a_paper_without_a_name_is_called_by_its_title() -> None:
    assert spoken_of([turn("How are indices output?", POINTERS)]).name == "“Pointer Networks”"


def test_a_paper_goes_by_the_name_that_the_question_gave_it() -> None:
    asked = turn("What is RA-IT?", "Retrieval Augmented Instruction Tuning")
    quote = Quote(
        text="We explore RA-IT.",
        paper_id=asked.answer.citations[0].paper_id,
        start=0,
        end=17,
        citation=1,
        score=0.9,
        context=Context(start=0, end=17),
    )
    answer = asked.answer.model_copy(update={"quotes": (quote,)})
    assert spoken_of([Turn("What is RA-IT?", answer)]).name == "RA-IT"


def test_without_an_answer_the_subject_is_spoken_of() -> None:
    follow_up = turn(
        "Is throat cancer treatable?", focus=Focus(title="throat cancer", why="pronoun")
    )
    assert spoken_of([turn("What is throat cancer?"), follow_up]) == Spoken("throat cancer")
    changed = [turn("What is throat cancer?"), turn("Tell me about lung disease.")]
    assert spoken_of(changed) == Spoken("lung disease, throat cancer")


def test_a_list_is_spoken_of_as_a_whole() -> None:
    listed = turn("Which papers model genomes?", HYENA, POINTERS, kind="list")
    assert all_listed([listed]) == Spoken("Which papers model genomes?", listed.answer.citations)
    assert all_listed([turn("Which papers?", HYENA, kind="list")]) is None
    assert all_listed([turn("What is HyenaDNA?", HYENA, POINTERS)]) is None


@pytest.mark.parametrize(
    ("number", "name"), [(1, "HyenaDNA"), (2, "“Pointer Networks”"), (-1, "“Pointer Networks”")]
)
def test_a_place_is_a_citation_of_the_last_answer_that_has_any(number: int, name: str) -> None:
    spoken = at_place(number, [turn("What?", HYENA, POINTERS), turn("And?")])
    assert spoken is not None
    assert spoken.name == name


@pytest.mark.parametrize("number", [0, 3])
def test_a_place_beyond_the_citations_is_none(number: int) -> None:
    assert at_place(number, [turn("What?", HYENA, POINTERS)]) is None
    assert at_place(number, []) is None


@pytest.mark.parametrize(
    ("question", "subject"),
    [
        ("What is throat cancer?", "throat cancer"),
        ("Tell me about lung cancer.", "lung cancer"),
        ("What are the symptoms of throat cancer?", "throat cancer"),
        ("Is there a cure for the common cold?", "cure"),
        ("How does BASS work?", "BASS"),
        ("Why did the US Electoral College start?", "US Electoral College"),
        ("?", ""),
    ],
)
def test_the_subject_of_a_question(question: str, subject: str) -> None:
    assert subject_of(question) == subject


@pytest.mark.parametrize(
    ("title", "name"),
    [
        (HYENA, "HyenaDNA"),
        ("DiffRate : Differentiable Compression Rate", "DiffRate"),
        ("Golden Touchstone: A Comprehensive Benchmark", "Golden Touchstone"),
        ("PixArt-Σ: Weak-to-Strong Training", "PixArt-Σ"),
        (POINTERS, None),
        ("X: too short a name", None),
        ("Why do models fail? A study: part one", None),
        (f"{'Long ' * 13}: not a name", None),
        ("Ratio 3:1 of parts", None),
        (": nothing before", None),
        ("", None),
    ],
)
def test_the_name_that_a_title_gives(title: str, name: str | None) -> None:
    assert printed_name(title) == name


def test_a_place_is_looked_for_in_the_answers_before_one_that_cites_too_few() -> None:
    listed = turn("Which papers?", HYENA, POINTERS, kind="list")
    about_one = turn(
        "the first one", HYENA, focus=Focus(paper_id=f"title:{HYENA}", title=HYENA, why="place")
    )
    second = at_place(2, [listed, about_one])
    assert second is not None
    assert second.name == "“Pointer Networks”"
    assert all_listed([listed, about_one]) == all_listed([listed])
    # Another question lies between.
    assert all_listed([listed, turn("What is HyenaDNA?", HYENA)]) is None
