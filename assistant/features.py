"""Features: what is seen of a sentence as a possible answer, as named numbers."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from assistant.answer import Kind
from assistant.retrieval import Found
from store.corpus import Corpus
from store.lexical import terms
from store.papers import Paper
from store.sentences import Span

NUMBER = re.compile(r"\d")
LINK = re.compile(r"https?://|www\.|github\.com|huggingface\.co", re.IGNORECASE)
RELEASE = re.compile(
    r"\b(?:code|models?|data(?:sets?)?|weights|checkpoints?|demo|project page|website)\b.{0,200}"
    r"\b(?:available|released?|open[- ]?sourced?|public(?:ly)?|at|found)\b"
    r"|\bavailable (?:at|on)\b|\bopen[- ]?source",
    re.IGNORECASE,
)
DEFINES = re.compile(
    r"\b(?:we|this (?:paper|work|article|report|study)|here(?:by)?|the paper)\b.{0,60}"
    r"\b(?:propos\w+|introduc\w+|present\w*|develop\w*|describ\w+|defin\w+|call\w*|term\w*|name\w*)\b"
    r"|\b(?:is|are) (?:an?|the)\b|\bstands for\b|\bcalled\b|\bnamed\b|\bdubbed\b|\btermed\b"
    r"|\brefers? to\b|\bwhich (?:is|are)\b",
    re.IGNORECASE,
)
RESULTS = re.compile(
    r"\b(?:outperform\w*|surpass\w*|achiev\w+|improv\w+|reduc\w+|exceed\w*|gains?|better|faster"
    r"|higher|lower|state[- ]of[- ]the[- ]art|sota|compar\w+|results?|show\w*|demonstrat\w+"
    r"|experiments?|speed-?ups?)\b",
    re.IGNORECASE,
)
MECHANISM = re.compile(
    r"\b(?:by|via|through|using|uses?|consists? of|based on|leverag\w+|employ\w*|first|then"
    r"|specifically|in particular|key idea|works?)\b",
    re.IGNORECASE,
)
#: Tokens that look like names: with a capital or digit beyond their first letter, or hyphened caps.
NAME = re.compile(r"\b(?=\w*[A-Z0-9])[A-Za-z0-9]+(?:[-^./+][A-Za-z0-9]+)*\b")
#: What a question about one thing names: "What is X?", "How does X work?".
_SUBJECT = re.compile(
    r"^(?:what(?:'s| is| are| was)|who is|define|explain|describe|tell me about"
    r"|how (?:does|do|is|are))\s+(?:the |an? )?['\"]?([\w^+./-]+(?: [\w^+./-]+){0,3}?)['\"]?"
    r"(?:\s+(?:work|works|in|do|encode|decide|about)\b.*)?\s*\??$",
    re.IGNORECASE,
)
_PLAIN = re.compile(r"[A-Z]?[a-z]+")


@dataclass(frozen=True)
class Sentence:
    """One sentence of a paper; `spans` are those of all its abstract's sentences."""

    paper: Paper
    index: int
    spans: tuple[Span, ...]

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
        near = [i for i in (self.index - 1, self.index + 1) if 0 <= i < len(self.spans)]
        return " ".join(self.paper.abstract[self.spans[i].start : self.spans[i].end] for i in near)


def names_in(text: str) -> set[str]:
    """Return the tokens of `text` that look like names: "GPT-4", "K-Tokeniser", "1M", "ViT"."""
    return {token for token in NAME.findall(text) if not _PLAIN.fullmatch(token)}


#: Stems of words that say what is asked for rather than what it is about.
ASKING = frozenset(
    terms("paper papers article articles study studies work works publication research abstract")
    + terms("list find show name explain describe define")
)


class Overlap:
    """How much of a question's terms a text holds, weighted by how rare each term is."""

    def __init__(self, corpus: Corpus, question: str) -> None:
        every = frozenset(terms(question))
        self.terms = every - ASKING or every
        papers = len(corpus)
        self.weights = {
            term: math.log(1 + papers / (1 + corpus.document_frequency(term)))
            for term in self.terms
        }
        self.total = sum(self.weights[term] for term in sorted(self.terms)) or 1.0

    def share_beyond(self, known: Collection[str], held: Collection[str]) -> float:
        """Return the share, 0 to 1, that `held` has of the question's terms outside `known`."""
        open_terms = sorted(term for term in self.terms if term not in known)
        total = sum(self.weights[term] for term in open_terms)
        return sum(self.weights[t] for t in open_terms if t in held) / total if total else 0.0

    def share(self, held: Collection[str]) -> float:
        """Return the weighted share, 0 to 1, of the question's terms among `held`."""
        return sum(self.weights[term] for term in sorted(self.terms) if term in held) / self.total


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
    by_paper = {item.paper_id: item for item in found}
    best_cosine = max((item.cosine for item in found), default=0.0) or 1.0
    titles = {s.paper.id: frozenset(terms(s.paper.title)) for s in sentences if s.index == 0}
    bodies = [terms(sentence.text) for sentence in sentences]
    elsewhere = _elsewhere(bodies, sentences)
    rows = []
    for at, sentence in enumerate(sentences):
        own = frozenset(bodies[at])
        title = titles[sentence.paper.id]
        near = own.union(*_around(bodies, sentences, at))
        item = by_paper[sentence.paper.id]
        cosine = _window_cosine(item, sentence.span)
        rows.append(
            {
                "paper": item.score,
                "paper_first": float(item.rank == 1),
                "paper_rank": 1 / item.rank,
                "window": cosine,
                "window_best": cosine / best_cosine,
                "terms": overlap.share(own),
                "terms_title": overlap.share(title),
                "terms_with_title": overlap.share(own | title),
                "terms_nearby": overlap.share(near),
                "terms_beyond_title": overlap.share_beyond(title, own),
                "terms_beyond_title_nearby": overlap.share_beyond(title, near),
                "terms_only_here": overlap.share(own - elsewhere[at]),
                "pairs": _pair_share(question, bodies[at]),
                "names": _name_share(names, sentence.text),
                "names_title": _name_share(names, sentence.paper.title),
                "says_what": float(says_what(sentence.text, question)),
                **_shape(sentence),
                **_wanted(kind, sentence.text, own & title),
            }
        )
    return rows


def says_what(text: str, question: str) -> bool:
    """Return whether the sentence says what something is that the question names.

    It opens with the name and "is" or "are", or has the authors propose or present it.
    """
    subject = _SUBJECT.search(question)
    if not subject:
        return False
    name = re.escape(subject[1].strip())
    return bool(
        re.search(
            rf"^(?:the |an? )?{name}\b[^.]{{0,40}}?,? (?:is|are|was|refers|stands)\b", text, re.I
        )
        or re.search(
            rf"\b(?:propos|introduc|present|develop|call|term|nam|dubb|releas|describ|defin|creat)\w*"
            rf"\b[^.]{{0,80}}\b{name}\b",
            text,
            re.I,
        )
    )


def _around(
    bodies: Sequence[Sequence[str]], sentences: Sequence[Sentence], at: int
) -> Iterable[Sequence[str]]:
    for other in (at - 1, at + 1):
        inside = 0 <= other < len(sentences)
        if inside and sentences[other].paper.id == sentences[at].paper.id:
            yield bodies[other]


def _elsewhere(
    bodies: Sequence[Sequence[str]], sentences: Sequence[Sentence]
) -> list[frozenset[str]]:
    """Return, for each sentence, the terms that its abstract's other sentences hold."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for body, sentence in zip(bodies, sentences, strict=True):
        counts[sentence.paper.id].update(set(body))
    return [
        frozenset(term for term in body if counts[sentence.paper.id][term] > 1)
        for body, sentence in zip(bodies, sentences, strict=True)
    ]


def _window_cosine(item: Found, span: Span) -> float:
    """Return the cosine of the chunk that holds the sentence; the paper's worst if not found."""
    for (start, end), cosine in item.cosines.items():
        if start <= span.start and span.end <= end:
            return cosine
    return min(item.cosines.values(), default=0.0) * 0.9


def _pair_share(question: str, body: Sequence[str]) -> float:
    words = terms(question)
    asked = set(pairwise(words))
    return len(asked & set(pairwise(body))) / len(asked) if asked else 0.0


def _name_share(names: Collection[str], text: str) -> float:
    """Return the share of the names that stand in `text`, letter for letter."""
    held = names_in(text) | set(re.findall(r"\w+", text))
    return sum(name in held for name in names) / len(names) if names else 0.0


def _shape(sentence: Sentence) -> dict[str, float]:
    last = len(sentence.spans) - 1
    return {
        "position": sentence.index / last if last else 0.0,
        "first": float(sentence.index == 0),
        "last": float(sentence.index == last),
        "length": min(len(sentence.text) / 400, 1.5),
        "short": float(len(sentence.text) < 40),
    }


def _wanted(kind: Kind, text: str, named: Collection[str]) -> dict[str, float]:
    """Return the cues of the text, each also paired with what the question wants."""
    cues = {
        "number": float(NUMBER.search(text) is not None),
        "link": float(LINK.search(text) is not None),
        "release": float(RELEASE.search(text) is not None),
        "defines": float(DEFINES.search(text) is not None),
        "results": float(RESULTS.search(text) is not None),
        "mechanism": float(MECHANISM.search(text) is not None),
        "says_title": float(bool(named)),
    }
    return {**cues, **{f"{kind}*{cue}": value for cue, value in cues.items()}}
