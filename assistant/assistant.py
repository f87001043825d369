"""Assistant: a question to an answer, over one corpus."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from assistant import __version__
from assistant.answer import Answer, Closest, Coverage, Why
from assistant.composition.attempt import first_answered
from assistant.composition.figures import figures_of
from assistant.composition.quotes import links_of, quoted
from assistant.composition.suggestion import questions_about, questions_after
from assistant.conversation import Turn, readings
from assistant.evidence.evidence import Evidence
from assistant.evidence.explain import explain
from assistant.evidence.links import web_address
from assistant.evidence.scorer import load_scorer, scorers_digest
from assistant.query import Filters, checked
from assistant.question.collection import asked_of_collection
from assistant.question.need import ASKED_WITH
from assistant.reranking.named_reranker import choose_reranker
from assistant.reranking.reranker import Reranker
from assistant.retrieval.ranking import Found, retrieve
from assistant.retrieval.search import Result, search, similar
from assistant.session import Session
from assistant.verification.verify import Problem, papers_named, verify
from store.corpus import Corpus
from store.lexical import terms, words
from store.opening import default_cache, open_corpus
from store.papers import Paper, shown_digest

#: Papers named where there is no answer.
CLOSEST = 3
#: Questions offered where nothing has been asked yet, and papers looked at to find them.
EXAMPLES = 4
EXAMPLES_TRIED = 60
#: How often a question is asked again because the papers changed meanwhile.
TRIES = 3
#: Questions suggested after an answer, how many are tried to find them, and how sure their own
#: answers must be.
FOLLOW_UPS = 3
FOLLOW_UPS_TRIED = 8
FOLLOW_UP_LEAST = 0.5
#: Papers near to an answer that are asked about.
RELATED = 5

T = TypeVar("T")


class Assistant:
    """Answers questions over `corpus`; safe to use from several threads."""

    def __init__(self, corpus: Corpus, reranker: Reranker | None = None) -> None:
        """Answer over `corpus`; with a reranker better, without it in a third of the time."""
        self.corpus = corpus
        self._reranker = reranker
        # Another reranker, or none, or scorers fitted anew give other answers, which must not pass
        # for these.
        reads = shown_digest(reranker.digest) if reranker else "plain"
        self.version = f"{__version__}+{reads}.{scorers_digest()[:8]}"

    @classmethod
    def open(
        cls,
        store: str | Path,
        *,
        rerank: bool | str = True,
        model: str | None = None,
        database_url: str | None = None,
        cache: str | Path | None = None,
        create: bool = False,
    ) -> Self:
        """Open the store in a folder and return the assistant over it.

        `rerank` may name another reranker than the one that ships; the other options are the
        settings of the same names. With `create`, a new store is made and an empty one accepted.
        Raises StoreError where the store cannot be used, ModelError where a model cannot.
        """
        kept = Path(cache) if cache else default_cache()
        reranker = choose_reranker(rerank, cache=kept)
        corpus = open_corpus(Path(store), model=model, url=database_url, cache=kept, create=create)
        return cls(corpus, reranker)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Release the store."""
        self.corpus.close()

    def ask(
        self,
        question: str,
        *,
        turns: Sequence[Turn] = (),
        standalone: bool = False,
        filters: Filters | None = None,
        id: str | None = None,  # noqa: A002 - the answer's field
        detailed: bool = False,
    ) -> Answer:
        """Return the answer to `question`, which may lean on earlier `turns`.

        With `standalone` it is searched just as typed. With `detailed`, each quote tells the share
        of every feature in its score. Raises QuestionError where the question is empty or too long.
        """
        before = () if standalone else turns
        return self._from_one_state(
            lambda: self._answer(question, turns=before, filters=filters, id=id, detailed=detailed)
        )

    def _answer(
        self,
        question: str,
        *,
        turns: Sequence[Turn],
        filters: Filters | None,
        id: str | None,  # noqa: A002 - the answer's field
        detailed: bool,
    ) -> Answer:
        chosen = filters or Filters()
        within = chosen.matching(self.corpus)
        ways = readings(checked(question), turns)
        taken = first_answered(ways, corpus=self.corpus, reranker=self._reranker, within=within)
        draft, inquiry = taken.draft, taken.inquiry
        narrowed = chosen.and_also(taken.filters, self.corpus)
        quotes, citations = quoted(draft.chosen, why=partial(_why, detailed=detailed))
        return Answer(
            id=id,
            question=question,
            query=taken.query,
            focus=taken.reading.focus,
            filters=None if narrowed == Filters() else narrowed,
            kind=draft.kind,
            status="answered" if quotes else "no_answer",
            confidence=draft.confidence,
            quotes=quotes,
            citations=citations,
            links=tuple(links_of(quotes)),
            figures=tuple(figures_of(quotes, inquiry.need)) if draft.kind == "threshold" else (),
            matching=draft.matching if quotes else None,
            count=draft.count,
            closest=() if quotes else _closest(inquiry.found, inquiry.papers),
            coverage=Coverage(
                papers_searched=len(self.corpus) if inquiry.within is None else len(inquiry.within),
                missing_terms=self._missing(taken.asked),
                corrected=taken.read,
                sides=dict(draft.sides),
                unknown_id=draft.unknown_id,
            ),
            snapshot=self.corpus.snapshot,
            version=self.version,
        )

    def converse(
        self,
        question: str,
        history: Sequence[str],
        *,
        standalone: bool = False,
        filters: Filters | None = None,
        id: str | None = None,  # noqa: A002
        detailed: bool = False,
    ) -> Answer:
        """Return the answer to `question` asked after the questions of `history`, in order.

        With `standalone` it is searched just as typed.
        """
        turns = () if standalone else self.recall(history, filters=filters)
        return self.ask(question, turns=turns, filters=filters, id=id, detailed=detailed)

    def recall(self, history: Sequence[str], *, filters: Filters | None = None) -> list[Turn]:
        """Return the turns that asking the questions of `history` in order makes."""
        turns: list[Turn] = []
        for earlier in history:
            turns.append(Turn(earlier, self.ask(earlier, turns=turns, filters=filters)))
        return turns

    def with_follow_ups(self, answer: Answer) -> Answer:
        """Return `answer` with questions to ask next; see `follow_ups`."""
        return answer.model_copy(update={"follow_ups": self.follow_ups(answer)})

    def follow_ups(self, answer: Answer, *, k: int = FOLLOW_UPS) -> tuple[str, ...]:
        """Return up to `k` questions to ask after `answer`, each of which the papers answer.

        Each was asked: the papers answer it, surely enough, with a sentence that `answer` has not
        quoted. That takes as long as a few answers; the same answer always has the same ones.
        """
        if answer.status == "no_answer":
            return ()
        cited = [citation.paper_id for citation in answer.citations]
        within = (answer.filters or Filters()).matching(self.corpus)
        near = retrieve(self.corpus, answer.query, k=RELATED + len(cited), within=within)
        related = [one.paper_id for one in near if one.paper_id not in cited][:RELATED]
        candidates = questions_after(
            answer,
            # Whatever leans on the answer is taken to be about what it cites first.
            cited=self.corpus.get(cited[:1]).values(),
            related=self.corpus.get(related).values(),
        )
        turn = Turn(answer.question, answer)
        shown = {(quote.paper_id, quote.start) for quote in answer.quotes}
        good: list[str] = []
        for question in islice(candidates, FOLLOW_UPS_TRIED):
            if len(good) == k:
                break
            said = self.ask(question, turns=[turn], filters=answer.filters)
            new = any((quote.paper_id, quote.start) not in shown for quote in said.quotes[:1])
            if new and said.confidence >= FOLLOW_UP_LEAST:
                good.append(question)
        return tuple(good)

    def session(self, *, filters: Filters | None = None) -> Session:
        """Return a new conversation, in the papers that pass the `filters`."""
        return Session(self, filters=filters)

    def search(
        self, text: str, *, k: int = 10, filters: Filters | None = None
    ) -> tuple[Result, ...]:
        """Return the `k` best papers for a text, best first; see `assistant.retrieval.search`."""
        return self._from_one_state(lambda: search(self.corpus, text, k=k, filters=filters))

    def similar(self, paper_id: str, *, k: int = 10) -> tuple[Result, ...]:
        """Return the `k` papers nearest in meaning to a paper, nearest first."""
        return similar(self.corpus, paper_id, k=k)

    def verify(self, answer: Answer) -> list[Problem]:
        """Return what does not hold of an answer against the store's papers, if anything."""
        return verify(answer, self.corpus.get(papers_named(answer)))

    def examples(self, *, k: int = EXAMPLES) -> tuple[str, ...]:
        """Return up to `k` questions that this corpus answers, each tried."""
        tried = islice(self.corpus.papers(), EXAMPLES_TRIED)
        asked: list[str] = []
        for question in questions_about(tried):
            if len(asked) < k and self.ask(question).status == "answered":
                asked.append(question)
        return tuple(asked)

    def with_snapshot(self, find: Callable[[], T]) -> tuple[T, str]:
        """Return what is found, and the snapshot that it was found in."""
        return self._from_one_state(lambda: (find(), self.corpus.snapshot))

    def _from_one_state(self, find: Callable[[], T]) -> T:
        """Return what is found, again where another process changed the papers meanwhile."""
        for _ in range(TRIES):
            with self.corpus.steady() as generation:
                found = find()
            if self.corpus.generation == generation:
                break
        return found

    def _missing(self, text: str) -> tuple[str, ...]:
        """Return the words of `text`, in order, whose term no paper holds; not those that ask."""
        if asked := asked_of_collection(text):
            text = asked.topic or ""
        asking = frozenset(ASKED_WITH.split())
        by_word = {word: terms(word) for word in words(text) if word.lower() not in asking}
        every = {term for held in by_word.values() for term in held}
        frequencies = self.corpus.document_frequencies(every)
        return tuple(
            word for word, held in by_word.items() if any(frequencies[term] == 0 for term in held)
        )


def _why(item: Evidence, *, detailed: bool) -> Why | None:
    """Return why a sentence was chosen, or None where it was not weighed as an answer."""
    if not item.features:
        return None
    return explain(
        item.features,
        first=load_scorer("evidence"),
        second=load_scorer("reranked"),
        detailed=detailed,
    )


def _closest(found: Sequence[Found], papers: Mapping[str, Paper]) -> tuple[Closest, ...]:
    best = [papers[item.paper_id] for item in found[:CLOSEST]]
    return tuple(Closest(paper_id=p.id, title=p.title, url=web_address(p.url)) for p in best)
