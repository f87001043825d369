"""Need: what a question is after, seen against one corpus."""

import math
import re
from collections.abc import Collection
from itertools import pairwise

from assistant.evidence.sentence import names_in
from assistant.question.conditions import conditions_in
from assistant.question.kinds import SCORED_AS, kind_of
from store.corpus import Corpus
from store.lexical import terms

#: Words that say what is asked for rather than what it is about.
ASKING = (
    "paper papers article articles study studies work works publication research abstract"
    " list find show name explain describe define"
)
#: Further words of questions, which no paper needs to hold.
ASKED_WITH = ASKING + (
    " compare compares compared comparing comparison comparisons versus vs differ differs different"
    " difference differences better worse mean means meant meaning please wrote written authored"
)
#: What a question about one thing names: "What is X?", "How does X work?". One with another verb
#: ("How does X pick its words?") asks for what X does, and what says that X is one does not answer.
_SUBJECT = re.compile(
    r"^(?:what(?:'s| is| are| was)|who is|define|explain|describe|tell me about"
    r"|how (?:does|do|is|are))\s+(?:the |an? )?['\"]?([\w^+./-]+(?: [\w^+./-]+){0,3}?)['\"]?"
    r"(?:\s+(?:works?|in|do|about)\b.*)?$",
    re.IGNORECASE,
)


class Need:
    """A question's kind, its terms weighted by how rare each is in the corpus, and its names."""

    def __init__(self, corpus: Corpus, text: str) -> None:
        self.text = text
        self.kind = kind_of(text)
        self.scored_as = SCORED_AS.get(self.kind, self.kind)
        self.conditions = tuple(conditions_in(text)) if self.kind == "threshold" else ()
        words = terms(text)
        every = frozenset(words)
        self.terms = tuple(sorted(every - frozenset(terms(ASKING)) or every))
        self.frequencies = corpus.document_frequencies(self.terms)
        papers = len(corpus)
        self.weights = {
            term: math.log(1 + papers / (1 + self.frequencies[term])) for term in self.terms
        }
        self.weight = sum(self.weights.values()) or 1.0
        self.pairs = frozenset(pairwise(words))
        self.names = names_in(text)
        self.saying_what = saying_what(text)

    def share(self, held: Collection[str]) -> float:
        """Return the weighted share, 0 to 1, of the question's terms among `held`."""
        return sum(self.weights[term] for term in self.terms if term in held) / self.weight

    def share_beyond(self, known: Collection[str], held: Collection[str]) -> float:
        """Return the share, 0 to 1, that `held` has of the question's terms outside `known`."""
        open_terms = [term for term in self.terms if term not in known]
        total = sum(self.weights[term] for term in open_terms)
        return sum(self.weights[t] for t in open_terms if t in held) / total if total else 0.0


def saying_what(question: str) -> re.Pattern[str] | None:
    """Return what finds a sentence that says what the thing is that the question asks about.

    Such a sentence opens with the name and "is" or "are", or has the authors propose or present
    it. None where the question does not ask that.
    """
    subject = _SUBJECT.search(question.strip(" ?.!\n"))
    if not subject:
        return None
    name = re.escape(subject[1].strip())
    return re.compile(
        rf"^(?:the |an? )?{name}\b[^.]{{0,40}}?,? (?:is|are|was|refers|stands)\b"
        rf"|\b(?:propos|introduc|present|develop|call|term|nam|dubb|releas|describ|defin|creat)\w*"
        rf"\b[^.]{{0,80}}\b{name}\b",
        re.IGNORECASE,
    )
