"""The bundled sample: about 100 papers, marked as summaries, that answer the questions shown."""

import re
from pathlib import Path

from assistant.assistant import Assistant
from store.corpus import Corpus
from store.papers import Paper
from store.readers import read_papers
from store.sample import SAMPLE, SAMPLE_QUESTIONS
from store.sentences import sentence_spans

MARK = "Summary written for this sample, not the paper's own abstract"


def test_every_line_is_a_paper_and_no_two_are_the_same(sample_papers: list[Paper]) -> None:
    assert len(list(read_papers(SAMPLE))) == len(sample_papers) == 108
    assert len({paper.id for paper in sample_papers}) == 108
    assert len({paper.abstract for paper in sample_papers}) == 108


def test_every_summary_is_marked_and_of_five_to_nine_sentences(sample_papers: list[Paper]) -> None:
    assert {paper.source for paper in sample_papers} == {MARK}
    counts = {paper.title: len(sentence_spans(paper.abstract)) for paper in sample_papers}
    assert {title: count for title, count in counts.items() if not 5 <= count <= 9} == {}


def test_no_sentence_is_the_abstracts_own(sample_papers: list[Paper], shared: Path) -> None:
    real = {
        paper.id: paper.abstract
        for page in (shared / "seeds").glob("*.txt")
        for paper in read_papers(page)
        if isinstance(paper, Paper)
    }
    copied = [
        paper.abstract[start:end]
        for paper in sample_papers
        for start, end in sentence_spans(paper.abstract)
        if _bare(paper.abstract[start:end]) in _bare(real[paper.id])
    ]
    assert copied == []


def test_the_questions_shown_are_answered(sample: Corpus) -> None:
    assistant = Assistant(sample)
    answers = {question: assistant.ask(question).status for question in SAMPLE_QUESTIONS}
    assert set(answers.values()) == {"answered"}, answers


def _bare(text: str) -> str:
    return re.sub(r"\W+", " ", text).strip().casefold()
