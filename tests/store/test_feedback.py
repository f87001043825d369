"""Opinions of answers, by hand-counted examples; and what is left after a kill."""

import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from threading import Barrier

import pytest

from store.feedback import FILE, Feedback, Given, Opinion, Quoted

ANSWER = Given(
    question="Why?",
    history=("What?",),
    query="Why, of that?",
    filters={"venues": ["ACL"]},
    kind="factoid",
    quotes=(Quoted(1, "arxiv:1", "Because."), Quoted(2, "arxiv:2", "So it is.")),
    snapshot="abc",
    version="1",
)
GOOD, BAD = Opinion("good", day="2026-03-02"), Opinion("bad", day="2026-03-03")


@pytest.fixture
def feedback(tmp_path: Path) -> Iterator[Feedback]:
    opened = Feedback(tmp_path)
    yield opened
    opened.close()


def test_an_opinion_is_kept_with_the_answer_that_it_is_of(feedback: Feedback) -> None:
    feedback.put(ANSWER, GOOD, voter="ann")
    assert list(feedback.all()) == [(ANSWER, [GOOD])]


def test_a_second_opinion_of_the_same_takes_the_place_of_the_first(feedback: Feedback) -> None:
    of_source = replace(BAD, citation=2, comment="another paper")
    for opinion in (GOOD, BAD, of_source):
        feedback.put(ANSWER, opinion, voter="ann")
    feedback.put(ANSWER, GOOD, voter="bob")
    ((given, opinions),) = feedback.all()
    assert given == ANSWER
    assert sorted(opinions, key=str) == sorted([BAD, GOOD, of_source], key=str)


def test_of_two_windows_of_one_person_the_later_opinion_stays(tmp_path: Path) -> None:
    with closing(Feedback(tmp_path)) as one, closing(Feedback(tmp_path)) as other:
        for number in range(10):
            both = Barrier(2)

            def put(feedback: Feedback, snapshot: str, both: Barrier = both) -> None:
                both.wait()
                feedback.put(replace(ANSWER, snapshot=snapshot), GOOD, voter="ann")

            with ThreadPoolExecutor() as threads:
                for done in (
                    threads.submit(put, one, f"a{number}"),
                    threads.submit(put, other, f"b{number}"),
                ):
                    done.result()
            assert sum(len(opinions) for _, opinions in one.all()) == 1


def test_with_its_last_opinion_a_question_is_forgotten(feedback: Feedback, tmp_path: Path) -> None:
    other = replace(ANSWER, question="Who?")
    for given, voter in ((ANSWER, "ann"), (ANSWER, "bob"), (other, "ann")):
        feedback.put(given, GOOD, voter=voter)
    feedback.withdraw(ANSWER, citation=0, voter="eve")
    feedback.withdraw(ANSWER, citation=1, voter="ann")
    feedback.withdraw(ANSWER, citation=0, voter="ann")
    assert [(given.question, len(of)) for given, of in feedback.all()] == [("Who?", 1), ("Why?", 1)]
    feedback.withdraw(ANSWER, citation=0, voter="bob")
    assert [given.question for given, _ in feedback.all()] == ["Who?"]
    assert b"ann" not in (tmp_path / FILE).read_bytes()


def test_who_judges_again_after_the_papers_changed_has_one_opinion(feedback: Feedback) -> None:
    later = replace(ANSWER, snapshot="def", quotes=ANSWER.quotes[:1])
    for voter in ("ann", "bob"):
        feedback.put(ANSWER, GOOD, voter=voter)
    feedback.put(later, BAD, voter="ann")
    assert sorted(feedback.all(), key=str) == [(ANSWER, [GOOD]), (later, [BAD])]
    assert feedback.find(later, "ab") == ANSWER
    assert feedback.find(later, "xyz") is None
    # Of the same words asked otherwise, nothing is taken back.
    feedback.withdraw(replace(later, history=()), citation=0, voter="bob")
    feedback.withdraw(later, citation=0, voter="bob")
    assert list(feedback.all()) == [(later, [BAD])]


def test_what_was_kept_outlives_a_kill(tmp_path: Path) -> None:
    program = (
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        "from store.feedback import Feedback\n"
        "from tests.store.test_feedback import ANSWER, GOOD\n"
        "Feedback(Path(sys.argv[1])).put(ANSWER, GOOD, voter='ann')\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    root = Path(__file__).parents[2]
    environment = {**os.environ, "PYTHONPATH": str(root)}
    subprocess.run([sys.executable, "-c", program, str(tmp_path)], env=environment, timeout=60)
    again = Feedback(tmp_path)
    assert list(again.all()) == [(ANSWER, [GOOD])]
    again.close()
