"""Cases: each question asked of its papers as the product asks, and made unanswerable besides.

An answerable question is asked again with its own papers taken away (near the collection, but not
in it), and, unless many papers answer it, with the sentences that answer it taken out of their
abstracts (the right paper, but the detail is missing).
"""

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Literal

from assistant.evidence.evidence import Evidence, gather
from assistant.evidence.scorer import LinearScorer
from assistant.inquiry import PAPERS
from assistant.question.correction import corrected
from assistant.question.need import Need
from assistant.retrieval.ranking import Found, retrieve
from store.corpus import Corpus
from store.embedding import open_embedder
from store.papers import Paper
from store.readers import Record
from tests.benchmarks.questions import (
    Question,
    development_papers,
    development_questions,
    written_papers,
    written_questions,
)

Variant = Literal["asked", "papers away", "sentences away"]
#: Kinds of question that many papers answer, each in its own way.
MANY = ("list", "numeric filter")
#: Ranks nothing: it gives every sentence the same score.
UNFITTED = LinearScorer(intercept=0, weights={})


@dataclass(frozen=True)
class Case:
    """A question, what was found for it, and the evidence, best first once it is scored."""

    question: Question
    variant: Variant
    need: Need
    found: Sequence[Found]
    papers: Mapping[str, Paper]
    evidence: Sequence[Evidence]

    @property
    def answerable(self) -> bool:
        """Whether the papers at hand answer the question."""
        return bool(self.question.gold) and self.variant == "asked"

    @cached_property
    def right(self) -> list[bool]:
        """Whether each piece of evidence overlaps a gold sentence."""
        return [self.question.is_answered_by(item.sentence) for item in self.evidence]

    def with_evidence(self, evidence: Sequence[Evidence]) -> "Case":
        """Return this case with other evidence."""
        return replace(self, evidence=evidence)

    def scored_by(self, scorer: LinearScorer) -> "Case":
        """Return this case with its evidence ranked by a scorer."""
        scored = [
            Evidence(item.sentence, scorer.probability(item.features), item.features)
            for item in self.evidence
        ]
        return self.with_evidence(sorted(scored, key=lambda item: -item.score))


def all_cases(shared: Path) -> list[Case]:
    """Ask every development and every written question of its own papers."""
    papers = written_papers(shared)
    return [
        *_asked_of(development_papers(shared), development_questions(shared)),
        *_asked_of(papers.values(), written_questions(papers)),
    ]


def _asked_of(records: Iterable[Record], questions: Sequence[Question]) -> list[Case]:
    with tempfile.TemporaryDirectory() as folder:
        embedder = open_embedder(cache=Path(folder) / "cache")
        with Corpus(Path(folder) / "store", embedder) as corpus:
            corpus.add(records)
            return [case for question in questions for case in _cases(corpus, question)]


def _cases(corpus: Corpus, question: Question) -> list[Case]:
    asked = _case(corpus, question, "asked")
    if not question.gold:
        return [asked]
    away = _case(corpus, question, "papers away")
    return [asked, away] if question.kind in MANY else [asked, away, _without_answers(asked)]


def _case(corpus: Corpus, question: Question, variant: Variant) -> Case:
    within = None
    if variant == "papers away":
        within = [paper_id for paper_id in corpus.select() if paper_id not in question.gold]
    text, _ = corrected(corpus, question.text)
    need = Need(corpus, text)
    found = retrieve(corpus, text, k=PAPERS, within=within)
    papers = corpus.get([item.paper_id for item in found])
    evidence = gather(need, found=found, papers=papers, scorer=UNFITTED)
    return Case(question, variant, need, found, papers, evidence)


def _without_answers(case: Case) -> Case:
    """Return the case as it is where the answering sentences were never written."""
    kept = [item for item, right in zip(case.evidence, case.right, strict=True) if not right]
    papers = {
        key: paper.model_copy(update={"abstract": _cut(paper.abstract, case.question.gold[key])})
        if key in case.question.gold
        else paper
        for key, paper in case.papers.items()
    }
    return Case(case.question, "sentences away", case.need, case.found, papers, kept)


def _cut(abstract: str, sentences: Sequence[str]) -> str:
    for sentence in sentences:
        abstract = abstract.replace(sentence, "")
    return abstract
