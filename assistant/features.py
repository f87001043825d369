"""Features: what is seen of a sentence as a possible answer, as named numbers."""

import math
import re
from collections.abc import Collection, Sequence
from itertools import pairwise

from assistant.answer import Kind
from assistant.retrieval import Found
from assistant.sentence import Sentence, names_in, words_and_names
from store.corpus import Corpus
from store.lexical import terms
from store.sentences import Span

#: What a question about one thing names: "What is X?", "How does X work?".
_SUBJECT = re.compile(
    r"^(?:what(?:'s| is| are| was)|who is|define|explain|describe|tell me about"
    r"|how (?:does|do|is|are))\s+(?:the |an? )?['\"]?([\w^+./-]+(?: [\w^+./-]+){0,3}?)['\"]?"
    r"(?:\s+(?:work|works|in|do|encode|decide|about)\b.*)?\s*\??$",
    re.IGNORECASE,
)
#: Stems of words that say what is asked for rather than what it is about.
ASKING = frozenset(
    terms("paper papers article articles study studies work works publication research abstract")
    + terms("list find show name explain describe define")
)


class Overlap:
    """How much of a question's terms a text holds, weighted by how rare each term is."""

    def __init__(self, corpus: Corpus, question: str) -> None:
        every = frozenset(terms(question))
        self.terms = tuple(sorted(every - ASKING or every))
        papers = len(corpus)
        self.frequencies = corpus.document_frequencies(self.terms)
        self.weights = {
            term: math.log(1 + papers / (1 + self.frequencies[term])) for term in self.terms
        }
        self.total = sum(self.weights.values()) or 1.0

    def share_beyond(self, known: Collection[str], held: Collection[str]) -> float:
        """Return the share, 0 to 1, that `held` has of the question's terms outside `known`."""
        open_terms = [term for term in self.terms if term not in known]
        total = sum(self.weights[term] for term in open_terms)
        return sum(self.weights[t] for t in open_terms if t in held) / total if total else 0.0

    def share(self, held: Collection[str]) -> float:
        """Return the weighted share, 0 to 1, of the question's terms among `held`."""
        return sum(self.weights[term] for term in self.terms if term in held) / self.total


def features_of(
    corpus: Corpus,
    question: str,
    *,
    kind: Kind,
    found: Sequence[Found],
    sentences: Sequence[Sentence],
) -> list[dict[str, float]]:
    """Return the features of each sentence, in order; every value lies within about 0..1."""
    overlap = Overlap(corpus, question)
    names = names_in(question)
    pairs = frozenset(pairwise(terms(question)))
    saying = saying_what(question)
    by_paper = {item.paper_id: item for item in found}
    best_cosine = max((item.cosine for item in found), default=0.0) or 1.0
    rows = []
    for sentence in sentences:
        item = by_paper[sentence.paper.id]
        cosine = _window_cosine(item, sentence.span)
        rows.append(
            {
                "paper": item.score,
                "paper_first": float(item.rank == 1),
                "paper_rank": 1 / item.rank,
                "window": cosine,
                "window_best": cosine / best_cosine,
                **_shared_terms(overlap, sentence),
                "pairs": len(pairs & sentence.pairs) / len(pairs) if pairs else 0.0,
                "names": _share(names, sentence.names),
                "names_title": _share(names, words_and_names(sentence.paper.title)),
                "says_what": float(bool(saying and saying.search(sentence.text))),
                **sentence.shape,
                **_wanted(kind, sentence),
            }
        )
    return rows


def saying_what(question: str) -> re.Pattern[str] | None:
    """Return what finds a sentence that says what the thing is that the question asks about.

    Such a sentence opens with the name and "is" or "are", or has the authors propose or present
    it. None where the question does not ask that.
    """
    subject = _SUBJECT.search(question)
    if not subject:
        return None
    name = re.escape(subject[1].strip())
    return re.compile(
        rf"^(?:the |an? )?{name}\b[^.]{{0,40}}?,? (?:is|are|was|refers|stands)\b"
        rf"|\b(?:propos|introduc|present|develop|call|term|nam|dubb|releas|describ|defin|creat)\w*"
        rf"\b[^.]{{0,80}}\b{name}\b",
        re.IGNORECASE,
    )


def _shared_terms(overlap: Overlap, sentence: Sentence) -> dict[str, float]:
    """Return how much of the question the sentence holds, and it with what stands around it."""
    title = sentence.within.title_terms
    return {
        "terms": overlap.share(sentence.terms),
        "terms_title": overlap.share(title),
        "terms_with_title": overlap.share(sentence.terms | title),
        "terms_nearby": overlap.share(sentence.terms_nearby),
        "terms_beyond_title": overlap.share_beyond(title, sentence.terms),
        "terms_beyond_title_nearby": overlap.share_beyond(title, sentence.terms_nearby),
        "terms_only_here": overlap.share(sentence.terms_only_here),
    }


def _window_cosine(item: Found, span: Span) -> float:
    """Return the cosine of the chunk that holds the sentence; the paper's worst if not found."""
    for (start, end), cosine in item.cosines.items():
        if start <= span.start and span.end <= end:
            return cosine
    return min(item.cosines.values(), default=0.0) * 0.9


def _share(names: Collection[str], held: Collection[str]) -> float:
    """Return the share of the names that are held, letter for letter."""
    return sum(name in held for name in names) / len(names) if names else 0.0


def _wanted(kind: Kind, sentence: Sentence) -> dict[str, float]:
    """Return the sentence's cues, each also paired with what the question wants."""
    says_title = float(bool(sentence.terms & sentence.within.title_terms))
    cues = {**sentence.cues, "says_title": says_title}
    return {**cues, **{f"{kind}*{cue}": value for cue, value in cues.items()}}
