import json
import subprocess
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.evaluation.questions import locate, read_questions
from store.corpus import Corpus
from store.embedding import Embedder
from store.feedback import Feedback, Given, Opinion, Quoted
from store.papers import Paper

Run = Callable[..., subprocess.CompletedProcess[str]]

PAPER = Paper(id="title:1", title="One", abstract="The first sentence. The second sentence.")
RIGHT = Given("First?", (), "First?", {}, "factoid", (Quoted(1, PAPER.id, "The first sentence."),),
              "s", "v")  # fmt: skip
GONE = replace(RIGHT, question="Gone?", quotes=(Quoted(1, PAPER.id, "A sentence that was."),))
NONE = replace(RIGHT, question="None?", quotes=())
UNSAID = replace(RIGHT, question="Unsaid?")


@pytest.fixture
def judged(tmp_path: Path, embedder: Embedder) -> Path:
    store = tmp_path / "store"
    with Corpus(store, embedder, write=True) as corpus:
        corpus.add([PAPER])
    with closing(Feedback(store)) as feedback:
        for given in (RIGHT, GONE, NONE):
            feedback.put(given, Opinion("good", day="2026-03-02"), voter="ann")
        feedback.put(UNSAID, Opinion("bad", 1, "wrong", "[b]no[/b]", "2026-03-03"), voter="ann")
    return store


def test_what_was_judged_is_exported_as_questions_to_measure_on(
    command: Run, judged: Path, tmp_path: Path, embedder: Embedder
) -> None:
    done = command("feedback", "export", "--store", judged)
    assert done.returncode == 0
    assert "the store no longer holds what it quotes from title:1" in done.stderr
    assert done.stderr.endswith("2 questions; of 1 more nobody has said what would be right\n")
    (tmp_path / "questions.jsonl").write_text(done.stdout)
    questions = read_questions(tmp_path / "questions.jsonl")
    assert [(one.question, one.sort if not one.gold else "") for one in questions] == [
        ("First?", ""),
        ("None?", "absent"),
    ]
    with Corpus(judged, embedder) as corpus:
        found = locate(questions, corpus, path=tmp_path)
    assert found[questions[0].id].spans == {PAPER.id: [(0, 19)]}


def test_what_was_judged_is_listed(command: Run, judged: Path, tmp_path: Path) -> None:
    listed = command("feedback", "list", "--store", judged).stdout.splitlines()
    assert "Unsaid?" in listed
    assert "  2026-03-03 bad citation 1, wrong, [b]no[/b]" in listed
    told = json.loads(command("feedback", "list", "--json", "--store", judged).stdout)
    assert {one["question"]: len(one["opinions"]) for one in told} == dict.fromkeys(
        ("First?", "Gone?", "None?", "Unsaid?"), 1
    )
    missing = command("feedback", "export", "--store", tmp_path / "none")
    assert missing.returncode == 2
    assert missing.stderr.startswith("error: no store in ")
