"""Resolution: the ways to take a follow-up, in the order in which they are tried."""

import pytest

from assistant.answer import Focus
from assistant.conversation import Reading, readings
from assistant.conversation.resolution import NAMED_LEAST
from tests.assistant.conversation.conftest import turn

HYENA = "HyenaDNA: Long-Range Genomic Sequence Modeling"
POINTERS = "Pointer Networks"
HYENA_ID = f"title:{HYENA}"


@pytest.mark.parametrize("question", ["How long are its contexts?", "Why?", "And now?", "[2]"])
def test_the_first_question_is_searched_as_it_is(question: str) -> None:
    assert readings(question, []) == (Reading(question),)


def test_a_follow_up_is_asked_of_its_paper_first_and_then_of_all_by_name() -> None:
    focus = Focus(paper_id=HYENA_ID, title=HYENA, why="pronoun")
    text = "How long are HyenaDNA's contexts?"
    asked = "How long are its contexts?"
    expected = (
        Reading(text, focus, asked=asked, papers=(HYENA_ID,)),
        Reading(text, focus, least=NAMED_LEAST),
    )
    assert readings(f"And {asked.lower()}", [turn("What is HyenaDNA?", HYENA)])[1].least > 0
    assert readings(asked, [turn("What is HyenaDNA?", HYENA)]) == expected


@pytest.mark.parametrize("question", ["Is distillation useful?", "What reduces hallucination?"])
def test_a_brief_question_of_a_thing_of_its_own_is_searched_as_it_is_at_last(question: str) -> None:
    alone, by_name, as_it_is = readings(question, [turn("What is HyenaDNA?", HYENA)])
    assert (alone.papers, by_name.least) == ((HYENA_ID,), NAMED_LEAST)
    assert as_it_is == Reading(question)
    assert readings(question, [turn("What is a genome?")])[-1] == Reading(question)


@pytest.mark.parametrize(
    "question",
    ["Does it scale?", "And is distillation used?", "How many languages?", "Does accuracy drop?"],
)
def test_a_brief_question_of_nothing_of_its_own_is_never_searched_as_it_is(question: str) -> None:
    tried = readings(question, [turn("What is HyenaDNA?", HYENA)])
    assert {reading.focus and reading.focus.title for reading in tried} == {HYENA}


def test_a_question_that_may_lean_is_asked_of_the_paper_and_then_as_it_is() -> None:
    question = "which languages and how many tasks?"
    first, second = readings(question, [turn("What is HyenaDNA?", HYENA)])
    assert first.focus == Focus(paper_id=HYENA_ID, title=HYENA, why="ellipsis")
    assert (first.asked, first.papers) == (question, (HYENA_ID,))
    assert second == Reading(question)
    assert readings(question, [turn("What is a genome?")]) == (Reading(question),)


@pytest.mark.parametrize(
    "question",
    ["What is BASS?", "How does TriForce work?", "Which methods prune visual tokens in models?"],
)
def test_a_question_that_stands_alone_has_no_focus(question: str) -> None:
    assert readings(question, [turn("What is HyenaDNA?", HYENA)]) == (Reading(question),)


@pytest.mark.parametrize(
    "question",
    [
        "How many papers are there?",
        "And how many papers are there?",
        "How many papers do you have on distillation?",
        "How many papers from 2024?",
        "Any papers on distillation?",
        "What venues do you have?",
        "Which venues are there?",
        "What's new?",
        "List all papers",
        "What is this collection about?",
    ],
)
def test_a_question_about_the_collection_is_asked_of_all_of_it(question: str) -> None:
    turns = [turn("What is HyenaDNA?", HYENA)]
    assert readings(question, turns) == (Reading(question),)


@pytest.mark.parametrize("question", ["Which papers?", "Any papers on the same?"])
def test_papers_that_are_those_of_what_was_said_are_asked_for_by_its_name(question: str) -> None:
    (reading,) = readings(question, [turn("What is HyenaDNA?", HYENA)])
    assert reading.text == f"{question} (HyenaDNA)"


def test_papers_on_what_was_spoken_of_are_counted_among_all() -> None:
    (reading,) = readings("How many papers mention it?", [turn("What is HyenaDNA?", HYENA)])
    assert (reading.text, reading.papers) == ("How many papers mention HyenaDNA?", ())


def test_a_new_topic_leaves_everything_behind() -> None:
    question = "ok, different topic. who generates images with it?"
    expected = (Reading("who generates images with it?"),)
    assert readings(question, [turn("What is HyenaDNA?", HYENA)]) == expected


def test_a_changed_part_keeps_the_rest_of_the_question_before() -> None:
    asked = "What accuracy does MS-MLP get on ImageNet-1K?"
    (reading,) = readings("What about on CIFAR-100?", [turn(asked, HYENA)])
    assert reading.text == "What accuracy does MS-MLP get on CIFAR-100?"
    assert reading.focus == Focus(title=asked, why="ellipsis")


def test_a_correction_changes_the_question_before_or_is_one_itself() -> None:
    turns = [turn("What is BASS?", POINTERS)]
    (reading,) = readings("no, I meant BASE", turns)
    assert reading == Reading("What is BASE?", Focus(title="What is BASS?", why="correction"))
    assert readings("No, I meant how fast is BASE?", turns) == (Reading("how fast is BASE?"),)


def test_a_place_names_its_paper() -> None:
    turns = [turn("Which papers?", POINTERS, HYENA, kind="list"), turn("And?")]
    focus = Focus(paper_id=HYENA_ID, title=HYENA, why="place")
    assert readings("[2]", turns) == (Reading("What is HyenaDNA?", focus),)
    assert readings("more like [2]", turns) == (Reading("papers like HyenaDNA", focus),)
    first, _ = readings("How fast is the second one?", turns)
    assert first == Reading(
        "How fast is HyenaDNA?", focus, asked="How fast is it?", papers=(HYENA_ID,)
    )
    (both,) = readings("Compare [1] and [2]", turns)
    assert both.text == "Compare “Pointer Networks” and HyenaDNA"


def test_a_place_that_is_not_there_is_searched_as_it_is() -> None:
    assert readings("What is citation [7] about?", [turn("What?", HYENA)])[-1].papers == ()


def test_several_listed_papers_are_asked_together() -> None:
    listed = turn("Which papers model genomes?", HYENA, POINTERS, kind="list")
    first, second = readings("Which of those read bytes?", [listed])
    assert first.asked == "Which of those papers read bytes?"
    assert first.papers == (HYENA_ID, f"title:{POINTERS}")
    assert first.focus == Focus(title="Which papers model genomes?", why="pronoun")
    assert second.text == "Which of those papers read bytes? (Which papers model genomes?)"


def test_after_no_answer_a_follow_up_is_about_what_was_asked() -> None:
    turns = [turn("What is throat cancer?")]
    expected = Reading("Is throat cancer treatable?", Focus(title="throat cancer", why="pronoun"))
    assert readings("Is it treatable?", turns) == (expected,)


def test_questions_without_an_answer_do_not_nest() -> None:
    turns = [turn("What is throat cancer?")]
    for question in ("And why?", "But how?"):
        (reading,) = readings(question, turns)
        turns.append(turn(reading.text, focus=reading.focus))
    assert [one.answer.query for one in turns[1:]] == [
        "why? (throat cancer)",
        "how? (throat cancer)",
    ]


def test_what_is_like_a_paper_without_a_name_is_looked_for_by_its_title() -> None:
    (reading,) = readings("papers like this", [turn("How are indices output?", POINTERS)])
    assert reading.text == "papers like “Pointer Networks”"


def test_another_aspect_is_asked_of_the_thing_and_another_thing_in_its_place() -> None:
    turns = [turn("How fast is HyenaDNA?", HYENA)]
    first, _ = readings("what about memory?", turns)
    assert (first.text, first.papers) == ("memory (HyenaDNA)", (HYENA_ID,))
    (other,) = readings("what about BASS?", turns)
    assert other.text == "How fast is BASS?"
    (there,) = readings("what about on genomes?", turns)
    assert there.text == "How fast is HyenaDNA on genomes?"
