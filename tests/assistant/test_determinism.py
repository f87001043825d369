"""Determinism: the same papers and the same question make the same answer, to the byte."""

import subprocess
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

from assistant.answer import Answer
from assistant.assistant import Assistant
from assistant.exports.formats import OF_ANSWERS, OF_PAPERS
from assistant.exports.writing import write_answers, write_papers
from assistant.reranking.reranker import Reranker
from store.corpus import Corpus
from store.embedding import Embedder
from store.papers import Paper

Run = Callable[..., subprocess.CompletedProcess[str]]
Answers = dict[str, Answer]
Printed = Callable[[Corpus, Iterable[str]], list[str]]

ASK = """
import sys
from pathlib import Path
from assistant.assistant import Assistant
from assistant.exports.formats import OF_ANSWERS
from assistant.exports.writing import write_answers
from assistant.reranking.reranker import open_reranker
from store.corpus import Corpus
from store.embedding import open_embedder

store, cache, reranked, *questions = sys.argv[1:]
reranker = open_reranker(Path(cache)) if reranked == "True" else None
with Corpus(Path(store), open_embedder(cache=Path(cache))) as corpus:
    answers = [Assistant(corpus, reranker).ask(question) for question in questions]
    cited = corpus.get({one.paper_id for answer in answers for one in answer.citations})
    for answer in answers:
        print(answer.model_dump_json())
    for to in OF_ANSWERS:
        print(repr(write_answers(answers, cited, to=to)))
"""


@pytest.fixture
def printed(reranker: Reranker | None) -> Printed:
    """Return the JSON of the answer to each question over a corpus."""

    def ask(corpus: Corpus, questions: Iterable[str]) -> list[str]:
        assistant = Assistant(corpus, reranker)
        return [assistant.ask(question).model_dump_json() for question in questions]

    return ask


@pytest.fixture(scope="module")
def asked(answers: Answers) -> list[str]:
    """Every other question: some of each sort."""
    return list(answers)[::2]


@pytest.fixture(scope="module")
def expected(answers: Answers, asked: list[str]) -> list[str]:
    """The JSON of the answers to `asked`."""
    return [answers[question].model_dump_json() for question in asked]


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


def test_the_same_question_again(
    sample: Corpus, asked: list[str], printed: Printed, expected: list[str]
) -> None:
    assert printed(sample, asked) == expected
    assert printed(sample, asked[::-1]) == expected[::-1]


def test_papers_added_in_another_order_and_other_batches(
    shuffled: Corpus, asked: list[str], printed: Printed, expected: list[str]
) -> None:
    assert printed(shuffled, asked) == expected


def test_papers_that_came_and_went(
    shuffled: Corpus,
    asked: list[str],
    printed: Printed,
    expected: list[str],
    sample_papers: list[Paper],
) -> None:
    shuffled.remove([paper.id for paper in sample_papers[:20]])
    assert printed(shuffled, asked) != expected
    extra = Paper(id="title:extra", title="Hyena", abstract="HyenaDNA is an animal.")
    shuffled.add([extra, *sample_papers[:20]])
    assert printed(shuffled, asked) != expected
    shuffled.remove([extra.id])
    assert printed(shuffled, asked) == expected


def test_a_paper_that_was_changed_and_changed_back(
    shuffled: Corpus,
    asked: list[str],
    printed: Printed,
    expected: list[str],
    sample_papers: list[Paper],
) -> None:
    paper = sample_papers[3]
    shuffled.add([paper.model_copy(update={"abstract": "HyenaDNA is something else."})])
    assert printed(shuffled, asked) != expected
    shuffled.add([paper])
    assert printed(shuffled, asked) == expected


def test_after_repair(
    shuffled: Corpus, asked: list[str], printed: Printed, expected: list[str]
) -> None:
    shuffled.repair()
    assert printed(shuffled, asked) == expected


def test_what_is_taken_away_from_a_store_made_in_another_order(
    sample: Corpus, shuffled: Corpus, asked: list[str], answers: Answers
) -> None:
    given = [answers[question] for question in asked]
    cited = [one.paper_id for answer in given for one in answer.citations]
    for to in OF_ANSWERS:
        ours, theirs = (write_answers(given, c.get(cited), to=to) for c in (sample, shuffled))
        assert ours == theirs
    for to in OF_PAPERS:
        ours, theirs = ("".join(write_papers(c.papers(), to=to)) for c in (sample, shuffled))
        assert ours == theirs


def test_in_other_processes_beside_the_one_that_writes(
    sample: Corpus,
    asked: list[str],
    expected: list[str],
    answers: Answers,
    python: Run,
    cache: Path,
    reranker: Reranker | None,
) -> None:
    given = [answers[question] for question in asked]
    cited = sample.get([one.paper_id for answer in given for one in answer.citations])
    exported = [repr(write_answers(given, cited, to=to)) for to in OF_ANSWERS]
    # Sets and dictionaries of texts are walked in another order under each seed.
    for seed in ("1", "2"):
        arguments = (sample.folder, cache, str(reranker is not None), *asked)
        done = python(ASK, *arguments, env={"PYTHONHASHSEED": seed})
        assert done.returncode == 0, done.stderr
        assert done.stdout.splitlines() == [*expected, *exported]


def test_one_writer_after_another(
    embedder: Embedder,
    asked: list[str],
    printed: Printed,
    expected: list[str],
    sample_papers: list[Paper],
    tmp_path: Path,
) -> None:
    for start, end in ((0, 60), (60, 108), (108, 108)):
        with Corpus(tmp_path, embedder, write=True) as corpus:
            corpus.add(sample_papers[start:end])
    with Corpus(tmp_path, embedder) as corpus:
        assert printed(corpus, asked) == expected
