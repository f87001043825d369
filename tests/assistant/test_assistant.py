"""The assistant: what holds of every answer, whatever its scores."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import assistant
from assistant import __version__
from assistant.answer import Answer, Focus
from assistant.assistant import Assistant
from assistant.conversation import Turn
from assistant.query import Filters
from assistant.reranking.reranker import Reranker
from assistant.verification.verify import verify
from store.corpus import Corpus
from store.errors import QuestionError
from store.papers import Paper, sha256
from store.sample import SAMPLE_QUESTIONS
from store.sentences import sentence_spans

Answers = dict[str, Answer]
SCORERS = Path(assistant.__file__).parent / "evidence" / "scorers"


def paper_called(corpus: Corpus, start: str) -> Paper:
    (paper,) = (paper for paper in corpus.papers() if paper.title.startswith(start))
    return paper


def test_every_answer_verifies_against_the_store(answers: Answers, sample: Corpus) -> None:
    abstracts = {paper.id: paper.abstract for paper in sample.papers()}
    assert {answer.status for answer in answers.values()} == {"answered", "no_answer"}
    for answer in answers.values():
        assert verify(answer, abstracts) == []


def test_every_quote_is_one_whole_sentence(answers: Answers, sample: Corpus) -> None:
    for answer in answers.values():
        for quote in answer.quotes:
            abstract = sample.get([quote.paper_id])[quote.paper_id].abstract
            assert (quote.start, quote.end) in sentence_spans(abstract)


def test_every_answer_says_what_was_asked_of_what(answers: Answers, sample: Corpus) -> None:
    for question, answer in answers.items():
        assert answer.question == answer.query == question
        assert answer.coverage.papers_searched == len(sample) == 108
        assert answer.snapshot == sample.snapshot
        assert 0 <= answer.confidence <= 1
        assert Answer.model_validate_json(answer.model_dump_json()) == answer


def test_an_answer_names_closest_papers_only_where_it_abstains(
    answers: Answers, sample: Corpus
) -> None:
    for answer in answers.values():
        if answer.status == "answered":
            assert answer.closest == ()
        else:
            assert (answer.quotes, answer.citations) == ((), ())
            assert len(answer.closest) == 3
            assert len(sample.get([paper.paper_id for paper in answer.closest])) == 3


@pytest.mark.parametrize(
    ("question", "title"),
    [
        ("How much training data does K-Tokeniser need?", "Infusing clinical knowledge"),
        ("What is HyenaDNA?", "HyenaDNA"),
        ("How does Token Recycling work?", "Turning Trash into Treasure"),
        ("Is the code of SqueezeAttention available?", "SqueezeAttention"),
    ],
)
def test_what_the_sample_answers_is_cited_from_the_right_paper(
    answers: Answers, question: str, title: str
) -> None:
    assert answers[question].status == "answered"
    assert answers[question].citations[0].title.startswith(title)


def test_what_the_sample_does_not_answer_is_not_answered(answers: Answers) -> None:
    mercury = answers["What is the boiling point of mercury?"]
    assert mercury.status == "no_answer"
    assert mercury.coverage.missing_terms == ("boiling", "mercury")
    league = answers["Which football club won the league in 1987?"]
    assert league.status == "no_answer"
    assert league.coverage.missing_terms == ("football", "club", "won", "league", "1987")


def test_a_missing_term_is_said_once_as_typed(assistant: Assistant) -> None:
    answer = assistant.ask("Zebra and zebra, Zebra: which HyenaDNA?")
    assert answer.coverage.missing_terms == ("Zebra", "zebra")


def test_the_questions_of_the_sample_are_answered(assistant: Assistant) -> None:
    assert {assistant.ask(question).status for question in SAMPLE_QUESTIONS} == {"answered"}


def test_the_questions_that_are_offered_are_answered(assistant: Assistant) -> None:
    examples = assistant.examples()
    assert len(examples) == len(set(examples)) == 4
    assert assistant.examples(k=2) == examples[:2]
    assert assistant.examples(k=0) == ()
    for question in examples:
        assert assistant.ask(question).status == "answered"


def test_a_question_is_kept_as_typed_and_searched_without_its_blanks(assistant: Assistant) -> None:
    answer = assistant.ask("  What is HyenaDNA?\n", id="q7")
    assert (answer.id, answer.question) == ("q7", "  What is HyenaDNA?\n")
    assert answer.query == "What is HyenaDNA?"
    alone = assistant.ask("What is HyenaDNA?")
    assert alone.id is None
    assert answer.model_copy(update={"id": None, "question": alone.question}) == alone


@pytest.mark.parametrize("question", ["", " ", "?!", "x" * 2001, "\ud800"])
def test_what_cannot_be_asked_is_refused(assistant: Assistant, question: str) -> None:
    with pytest.raises(QuestionError, match="the question "):
        assistant.ask(question)
    with pytest.raises(QuestionError, match="the question "):
        assistant.converse("What is HyenaDNA?", [question])


def test_a_follow_up_is_asked_of_what_was_cited(assistant: Assistant, sample: Corpus) -> None:
    follow_up = "How long are its contexts?"
    answer = assistant.converse(follow_up, ["What is HyenaDNA?"], id="f")
    assert (answer.id, answer.question) == ("f", follow_up)
    assert answer.query == "How long are HyenaDNA's contexts?"
    hyena = paper_called(sample, "HyenaDNA")
    assert answer.focus == Focus(paper_id=hyena.id, title=hyena.title, why="pronoun")
    assert answer.citations[0].paper_id == paper_called(sample, "HyenaDNA").id
    turns = [Turn("What is HyenaDNA?", assistant.ask("What is HyenaDNA?"))]
    assert assistant.ask(follow_up, turns=turns, id="f") == answer
    assert assistant.recall(["What is HyenaDNA?"]) == turns
    assert assistant.converse("What is HyenaDNA?", []) == turns[0].answer


def test_a_question_may_be_searched_just_as_typed(assistant: Assistant) -> None:
    question = "How long are its contexts?"
    alone = assistant.converse(question, ["What is HyenaDNA?"], standalone=True)
    assert (alone.query, alone.focus) == (question, None)
    turns = assistant.recall(["What is HyenaDNA?"])
    assert assistant.ask(question, turns=turns, standalone=True) == alone == assistant.ask(question)


def test_a_brief_question_that_its_paper_does_not_answer_is_asked_of_all(
    assistant: Assistant,
) -> None:
    question = "Does merging help?"
    answer = assistant.converse(question, ["What is HyenaDNA?"])
    assert answer == assistant.ask(question)
    assert answer.status == "answered"
    about = assistant.converse("Does accuracy suffer?", ["What is HyenaDNA?"])
    assert about.focus is not None


def test_what_its_paper_does_not_say_is_not_answered_by_its_name(assistant: Assistant) -> None:
    answer = assistant.converse("Which orchestra performs it?", ["What is HyenaDNA?"])
    assert (answer.status, answer.quotes) == ("no_answer", ())
    assert answer.focus is not None
    assert answer.coverage.papers_searched == len(assistant.corpus)


def test_a_paper_outside_the_filter_is_not_asked(assistant: Assistant, sample: Corpus) -> None:
    turns = assistant.recall(["What is HyenaDNA?"])
    filters = Filters(paper_ids=(paper_called(sample, "Turning Trash").id,))
    answer = assistant.ask("How long are its contexts?", turns=turns, filters=filters)
    assert (answer.status, answer.quotes) == ("no_answer", ())


def test_the_turns_of_one_conversation_do_not_reach_another(assistant: Assistant) -> None:
    follow_up = "How long are its contexts?"
    assistant.converse(follow_up, ["What is HyenaDNA?"])
    assert assistant.ask(follow_up).query == follow_up


def test_a_filter_limits_what_is_quoted_and_named(assistant: Assistant, sample: Corpus) -> None:
    hyena, trash = paper_called(sample, "HyenaDNA"), paper_called(sample, "Turning Trash")
    filters = Filters(paper_ids=(hyena.id, trash.id))
    answer = assistant.ask("What is HyenaDNA?", filters=filters)
    assert answer.status == "answered"
    assert answer.coverage.papers_searched == 2
    assert {quote.paper_id for quote in answer.quotes} <= {hyena.id, trash.id}
    other = assistant.ask("What is the boiling point of mercury?", filters=filters)
    assert {paper.paper_id for paper in other.closest} == {hyena.id, trash.id}


def test_where_no_paper_passes_the_filter_there_is_no_answer(assistant: Assistant) -> None:
    answer = assistant.ask("What is HyenaDNA?", filters=Filters(venues=("Nowhere",)))
    assert (answer.status, answer.quotes, answer.closest) == ("no_answer", (), ())
    assert answer.coverage.papers_searched == 0
    assert answer.coverage.missing_terms == ()


def test_an_empty_store_has_no_answer_and_no_examples(
    empty: Corpus, reranker: Reranker | None
) -> None:
    answer = Assistant(empty, reranker).ask("What is HyenaDNA?")
    assert (answer.status, answer.quotes, answer.closest) == ("no_answer", (), ())
    assert answer.coverage.papers_searched == 0
    assert answer.coverage.missing_terms == ("HyenaDNA",)
    assert Assistant(empty, reranker).examples() == ()


def test_a_store_that_changes_is_answered_as_it_is(
    empty: Corpus, sample: Corpus, reranker: Reranker | None
) -> None:
    hyena = paper_called(sample, "HyenaDNA")
    asking = Assistant(empty, reranker)
    before = asking.ask("What is HyenaDNA?")
    empty.add([hyena])
    during = asking.ask("What is HyenaDNA?")
    assert [citation.paper_id for citation in during.citations] == [hyena.id]
    empty.remove([hyena.id])
    assert asking.ask("What is HyenaDNA?") == before
    assert during.snapshot != before.snapshot


def test_threads_get_the_same_answers(assistant: Assistant, answers: Answers) -> None:
    with ThreadPoolExecutor(4) as pool:
        for _ in range(2):
            assert list(pool.map(assistant.ask, answers)) == list(answers.values())


def test_the_version_names_the_reranker_and_the_weights_of_the_scorers(
    answers: Answers, reranker: Reranker | None
) -> None:
    plain = ("confidence", "matching", "threshold")
    names = sorted((*plain, *(f"{name}_reranked" for name in plain), "evidence", "reranked"))
    shipped = [(SCORERS / f"{name}.json").read_text("utf-8") for name in names]
    weights = sha256("\n".join(shipped))
    reads = reranker.digest[:12] if reranker else "plain"
    expected = f"{__version__}+{reads}.{weights[:8]}"
    assert {answer.version for answer in answers.values()} == {expected}
