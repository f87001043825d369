"""Correction: a mistyped word of the question, read as the papers' word nearest to it."""

import re
from collections.abc import Iterator, Mapping
from functools import cache

from rapidfuzz import process
from rapidfuzz.distance import OSA
from spellchecker import SpellChecker

from store.corpus import Corpus
from store.lexical import terms, words

#: Letters of the shortest word that is corrected.
SHORTEST = 5
#: Unknown words up to which a text is one with slips; with more it is of another language or none.
MOST = 8

_COMPOUND = re.compile(r"[^\W_]+(?:[-.+/'’][^\W_]+)*")
_LOWER_CASE = re.compile(r"[^\W\dA-Z_]+(?:[-./][^\W\dA-Z_]+)*")
_WORD = re.compile(r"[^\W_]+")


def corrected(corpus: Corpus, text: str) -> tuple[str, dict[str, str]]:
    """Return `text` with its mistyped words corrected, and what was read for each of them.

    Mistyped is a word in lower case that no paper holds and no English dictionary either; it is
    read as one of the papers' words in lower case with the same first letter, one edit away. Two
    would make "hyperkalemia" of "hypokalemia". Anything with a capital or a digit may be a name:
    it is left as it is, and nothing is read as one.
    """
    unknown = _unknown(corpus, text)
    if len(unknown) > MOST:
        return text, {}
    nearest = {word: _nearest(corpus, word) for word in unknown}
    read = {word: found for word, found in nearest.items() if found}
    return reread(text, read), read


def reread(text: str, read: Mapping[str, str]) -> str:
    """Return `text` with each word that stands in `read` replaced by what was read for it."""
    return _WORD.sub(lambda match: read.get(match[0], match[0]), text)


def _unknown(corpus: Corpus, text: str) -> list[str]:
    """Return the words that may be mistyped, in order, each once."""
    by_word = {word: terms(word) for word in _correctable(text)}
    held = corpus.document_frequencies({term for own in by_word.values() for term in own})
    return [
        word
        for word, own in by_word.items()
        if not all(held[term] for term in own) and word not in _english()
    ]


def _correctable(text: str) -> Iterator[str]:
    for compound in _COMPOUND.findall(text):
        if _LOWER_CASE.fullmatch(compound):
            yield from (w for w in words(compound) if len(w) >= SHORTEST and w.isalpha())


@cache
def _english() -> SpellChecker:
    return SpellChecker(language="en")


def _nearest(corpus: Corpus, word: str) -> str | None:
    """Return the nearest word; of equals the one in most papers, then the first by alphabet."""
    known = corpus.vocabulary(word[0])
    near = process.extract(word, known.keys(), scorer=OSA.distance, score_cutoff=1, limit=None)
    best = min(near, key=lambda found: (found[1], -known[found[0]], found[0]), default=None)
    return best[0] if best else None
