"""Inquiry: one standalone question put to a corpus, and what the papers hold for it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from assistant.evidence.confidence import signals
from assistant.evidence.evidence import Evidence, gather, reranked
from assistant.evidence.matching import Match, matches
from assistant.evidence.meeting import features_of_meeting, meeting, met_by_papers
from assistant.evidence.scorer import Decider, load_decider, load_scorer
from assistant.question.kinds import MANY
from assistant.question.need import Need
from assistant.reranking.reranker import Reranker
from assistant.retrieval.ranking import Found, retrieve
from store.corpus import Corpus
from store.papers import Paper
from store.selection import Shelf

#: Papers whose sentences are weighed, and for a kind of question that many papers answer.
PAPERS = 10
MANY_PAPERS = 30


@dataclass(frozen=True, eq=False)
class Inquiry:
    """A standalone `text` asked of the papers `within`, or of all where that is None.

    Each property is worked out when it is first asked for, and kept. Not for several threads.
    """

    corpus: Corpus
    reranker: Reranker | None
    text: str
    within: Collection[str] | None = None

    def about(self, text: str) -> "Inquiry":
        """Return another question put to the same papers."""
        return Inquiry(self.corpus, self.reranker, text, self.within)

    def shelf(self, *, k: int, **conditions: Any) -> Shelf:
        """Return the `k` newest of the papers asked that pass these conditions as well."""
        return self.corpus.browse(k=k, paper_ids=self.within, **conditions)

    @cached_property
    def need(self) -> Need:
        """What the question is after."""
        return Need(self.corpus, self.text)

    @cached_property
    def found(self) -> Sequence[Found]:
        """The best papers, best first."""
        # Another process may have removed one since it was found.
        return [item for item in self._retrieved if item.paper_id in self.papers]

    @cached_property
    def papers(self) -> Mapping[str, Paper]:
        """The papers found, by id."""
        return self.corpus.get([item.paper_id for item in self._retrieved])

    @cached_property
    def _retrieved(self) -> Sequence[Found]:
        k = MANY_PAPERS if self.need.kind in MANY else PAPERS
        return retrieve(self.corpus, self.text, k=k, within=self.within)

    @cached_property
    def sentences(self) -> Sequence[Evidence]:
        """Every sentence of the papers found, best first by its features."""
        return gather(
            self.need, found=self.found, papers=self.papers, scorer=load_scorer("evidence")
        )

    @cached_property
    def evidence(self) -> Sequence[Evidence]:
        """The sentences of the papers found, best first; with a reranker only those it read."""
        if self.reranker is None:
            return self.sentences
        return reranked(
            self.need,
            self.sentences,
            reranker=self.reranker,
            scorer=load_scorer("reranked"),
            besides=meeting(self.need, self.sentences),
        )

    @cached_property
    def confidence(self) -> float:
        """The estimated probability that the best evidence answers the question."""
        # However many are weighed, it is the first that tell, and that it was fitted on.
        found = self.found[:PAPERS]
        papers = {item.paper_id: self.papers[item.paper_id] for item in found}
        evidence = [item for item in self.evidence if item.sentence.paper.id in papers]
        return self._decider.probability(
            signals(self.need, found=found, papers=papers, evidence=evidence)
        )

    @cached_property
    def matches(self) -> Sequence[Match]:
        """The papers found, each with its best sentence, the likeliest to be listed first."""
        if not self.need.conditions:
            return self.alike
        rows = features_of_meeting(self.need, self.alike, self.evidence)
        return met_by_papers(rows, self._matcher)

    @cached_property
    def alike(self) -> Sequence[Match]:
        """The same with no regard to figures."""
        return matches(
            self.need,
            found=self.found,
            papers=self.papers,
            evidence=self.evidence,
            scorer=load_decider("matching_reranked" if self.reranker else "matching"),
        )

    @property
    def match_from(self) -> float:
        """The probability from which a paper is listed."""
        return self._matcher.answer_from

    @property
    def _matcher(self) -> Decider:
        if self.need.conditions:
            return load_decider("threshold_reranked" if self.reranker else "threshold")
        return load_decider("matching_reranked" if self.reranker else "matching")

    @property
    def is_answered(self) -> bool:
        """Whether the confidence suffices to give the best evidence for an answer."""
        return bool(self.evidence) and self.confidence >= self.answer_from

    @property
    def answer_from(self) -> float:
        """The least confidence with which an answer is given."""
        return self._decider.answer_from

    @property
    def _decider(self) -> Decider:
        return load_decider("confidence_reranked" if self.reranker else "confidence")
