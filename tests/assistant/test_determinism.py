"""Determinism: the same papers and the same question make the same answer, to the byte."""

import subprocess
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from assistant.answer import Answer
from assistant.assistant import Assistant
from store.corpus import Corpus
from store.embedding import Embedder
from store.papers import Paper

Run = Callable[..., subprocess.CompletedProcess[str]]
Answers = dict[str, Answer]

ASK = """
import sys
from pathlib import Path
from assistant.assistant import Assistant
from store.corpus import Corpus
from store.embedding import open_embedder

store, cache, *questions = sys.argv[1:]
with Corpus(Path(store), open_embedder(cache=Path(cache))) as corpus:
    for question in questions:
        print(Assistant(corpus).ask(question).model_dump_json())
"""


def printed(corpus: Corpus, questions: Sequence[str]) -> list[str]:
    """Return the JSON of each answer over `corpus`."""
    return [Assistant(corpus).ask(question).model_dump_json() for question in questions]


@pytest.fixture(scope="module")
def expected(answers: Answers) -> list[str]:
    return [answer.model_dump_json() for answer in answers.values()]


@pytest.fixture(scope="module")
def shuffled(
    embedder: Embedder, sample_papers: list[Paper], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Corpus]:
    """The sample's papers, in another order and a few at a time, some more than once."""
    papers = sorted(sample_papers, key=lambda paper: paper.title[::-1])
    with Corpus(tmp_path_factory.mktemp("shuffled"), embedder, write=True) as corpus:
        for start, end in ((0, 1), (1, 8), (5, 50), (40, len(papers))):
            corpus.add(papers[start:end])
        yield corpus


def test_the_same_question_again(sample: Corpus, answers: Answers, expected: list[str]) -> None:
    assert printed(sample, list(answers)) == expected
    assert printed(sample, list(answers)[::-1]) == expected[::-1]


def test_papers_added_in_another_order_and_other_batches(
    shuffled: Corpus, answers: Answers, expected: list[str]
) -> None:
    assert printed(shuffled, list(answers)) == expected


def test_papers_that_came_and_went(
    shuffled: Corpus, answers: Answers, expected: list[str], sample_papers: list[Paper]
) -> None:
    shuffled.remove([paper.id for paper in sample_papers[:20]])
    assert printed(shuffled, list(answers)) != expected
    extra = Paper(id="title:extra", title="Hyena", abstract="HyenaDNA is an animal.")
    shuffled.add([extra, *sample_papers[:20]])
    assert printed(shuffled, list(answers)) != expected
    shuffled.remove([extra.id])
    assert printed(shuffled, list(answers)) == expected


def test_a_paper_that_was_changed_and_changed_back(
    shuffled: Corpus, answers: Answers, expected: list[str], sample_papers: list[Paper]
) -> None:
    paper = sample_papers[3]
    shuffled.add([paper.model_copy(update={"abstract": "HyenaDNA is something else."})])
    assert printed(shuffled, list(answers)) != expected
    shuffled.add([paper])
    assert printed(shuffled, list(answers)) == expected


def test_after_repair(shuffled: Corpus, answers: Answers, expected: list[str]) -> None:
    shuffled.repair()
    assert printed(shuffled, list(answers)) == expected


def test_in_other_processes_beside_the_one_that_writes(
    sample: Corpus, answers: Answers, expected: list[str], python: Run, cache: Path
) -> None:
    for _ in range(2):
        done = python(ASK, sample.folder, cache, *answers)
        assert done.returncode == 0, done.stderr
        assert done.stdout.splitlines() == expected


def test_one_writer_after_another(
    embedder: Embedder,
    answers: Answers,
    expected: list[str],
    sample_papers: list[Paper],
    tmp_path: Path,
) -> None:
    for start, end in ((0, 60), (60, 108), (108, 108)):
        with Corpus(tmp_path, embedder, write=True) as corpus:
            corpus.add(sample_papers[start:end])
    with Corpus(tmp_path, embedder) as corpus:
        assert printed(corpus, list(answers)) == expected
