"""Sentence: one sentence of a paper, and what can be said of it before any question is asked."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise

from store.lexical import terms
from store.papers import Paper
from store.sentences import Span, sentence_spans

#: Papers whose sentences are kept for the next question; some ten kilobytes each.
KEPT = 2048

# In lower case, which is searched in half the time that the case of letters is passed over in.
NUMBER = re.compile(r"\d")
LINK = re.compile(r"https?://|www\.|github\.com|huggingface\.co")
RELEASE = re.compile(
    r"\b(?:code|models?|data(?:sets?)?|weights|checkpoints?|demo|project page|website)\b.{0,200}"
    r"\b(?:available|released?|open[- ]?sourced?|public(?:ly)?|at|found)\b"
    r"|\bavailable (?:at|on)\b|\bopen[- ]?source"
)
DEFINES = re.compile(
    r"\b(?:we|this (?:paper|work|article|report|study)|here(?:by)?|the paper)\b.{0,60}"
    r"\b(?:propos\w+|introduc\w+|present\w*|develop\w*|describ\w+|defin\w+|call\w*|term\w*|name\w*)\b"
    r"|\b(?:is|are) (?:an?|the)\b|\bstands for\b|\bcalled\b|\bnamed\b|\bdubbed\b|\btermed\b"
    r"|\brefers? to\b|\bwhich (?:is|are)\b"
)
RESULTS = re.compile(
    r"\b(?:outperform\w*|surpass\w*|achiev\w+|improv\w+|reduc\w+|exceed\w*|gains?|better|faster"
    r"|higher|lower|state[- ]of[- ]the[- ]art|sota|compar\w+|results?|show\w*|demonstrat\w+"
    r"|experiments?|speed-?ups?)\b"
)
MECHANISM = re.compile(
    r"\b(?:by|via|through|using|uses?|consists? of|based on|leverag\w+|employ\w*|first|then"
    r"|specifically|in particular|key idea|works?)\b"
)
#: What is looked for in a sentence in lower case.
CUES = {
    "number": NUMBER,
    "link": LINK,
    "release": RELEASE,
    "defines": DEFINES,
    "results": RESULTS,
    "mechanism": MECHANISM,
}
#: Tokens that look like names: with a capital or digit beyond their first letter, or hyphened caps.
_NAME = re.compile(r"\b(?=\w*[A-Z0-9])[A-Za-z0-9]+(?:[-^./+][A-Za-z0-9]+)*\b")
_PLAIN = re.compile(r"[A-Z]?[a-z]+")


@dataclass(frozen=True, eq=False)
class Abstract:
    """A paper's abstract as the sentences at `spans`."""

    paper: Paper
    spans: tuple[Span, ...]

    @cached_property
    def title_terms(self) -> frozenset[str]:
        """The index terms of the title."""
        return frozenset(terms(self.paper.title))

    @cached_property
    def bodies(self) -> tuple[tuple[str, ...], ...]:
        """The index terms of each sentence, in order."""
        abstract = self.paper.abstract
        return tuple(tuple(terms(abstract[start:end])) for start, end in self.spans)

    @cached_property
    def shared(self) -> frozenset[str]:
        """The terms that more than one sentence holds."""
        counts = Counter(term for body in self.bodies for term in set(body))
        return frozenset(term for term, count in counts.items() if count > 1)


@dataclass(frozen=True, eq=False)
class Sentence:
    """One sentence of an abstract, by its place from 0."""

    within: Abstract
    index: int

    @property
    def paper(self) -> Paper:
        """The paper whose abstract it stands in."""
        return self.within.paper

    @property
    def spans(self) -> tuple[Span, ...]:
        """Where each sentence of the abstract stands."""
        return self.within.spans

    @property
    def span(self) -> Span:
        """Where the sentence stands in the abstract."""
        return self.spans[self.index]

    @cached_property
    def text(self) -> str:
        """The sentence itself."""
        return self.paper.abstract[self.span.start : self.span.end]

    @property
    def neighbours(self) -> str:
        """The sentence before and the one after, as one text."""
        return " ".join(
            self.paper.abstract[self.spans[at].start : self.spans[at].end] for at in self._beside()
        )

    @cached_property
    def terms(self) -> frozenset[str]:
        """Its index terms."""
        return frozenset(self.within.bodies[self.index])

    @cached_property
    def terms_nearby(self) -> frozenset[str]:
        """Its index terms, and those of the sentence before and the one after."""
        return self.terms.union(*(self.within.bodies[at] for at in self._beside()))

    @cached_property
    def terms_only_here(self) -> frozenset[str]:
        """Its index terms that no other sentence of the abstract holds."""
        return self.terms - self.within.shared

    @cached_property
    def pairs(self) -> frozenset[tuple[str, str]]:
        """Its index terms that follow each other."""
        return frozenset(pairwise(self.within.bodies[self.index]))

    @cached_property
    def names(self) -> frozenset[str]:
        """Its words and the tokens that look like names, letter for letter."""
        return words_and_names(self.text)

    @cached_property
    def cues(self) -> dict[str, float]:
        """1 for each of CUES that is seen in the text, else 0."""
        text = self.text.lower()
        return {cue: float(pattern.search(text) is not None) for cue, pattern in CUES.items()}

    @cached_property
    def shape(self) -> dict[str, float]:
        """Where it stands and how long it is; every value lies within about 0..1."""
        last = len(self.spans) - 1
        return {
            "position": self.index / last if last else 0.0,
            "first": float(self.index == 0),
            "last": float(self.index == last),
            "length": min(len(self.text) / 400, 1.5),
            "short": float(len(self.text) < 40),
        }

    def _beside(self) -> Sequence[int]:
        return [at for at in (self.index - 1, self.index + 1) if 0 <= at < len(self.spans)]


def names_in(text: str) -> set[str]:
    """Return the tokens of `text` that look like names: "GPT-4", "K-Tokeniser", "1M", "ViT"."""
    return {token for token in _NAME.findall(text) if not _PLAIN.fullmatch(token)}


@lru_cache(KEPT * 4)
def words_and_names(text: str) -> frozenset[str]:
    """Return the words of `text` and its tokens that look like names, as written."""
    return frozenset(names_in(text) | set(re.findall(r"\w+", text)))


@lru_cache(KEPT)
def sentences_of(paper: Paper) -> tuple[Sentence, ...]:
    """Return the sentences of a paper's abstract, in order."""
    abstract = Abstract(paper, tuple(sentence_spans(paper.abstract)))
    return tuple(Sentence(abstract, index) for index in range(len(abstract.spans)))
