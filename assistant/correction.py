"""Correction: a mistyped word of the question, read as the papers' word nearest to it."""

import re
from collections.abc import Mapping
from functools import cache

from rapidfuzz import process
from rapidfuzz.distance import OSA
from spellchecker import SpellChecker

from store.corpus import Corpus
from store.lexical import terms, words

#: Letters of the shortest word that is corrected.
SHORTEST = 5

_COMPOUND = re.compile(r"[^\W_]+(?:[-.+/'’][^\W_]+)*")
_WORD = re.compile(r"[^\W_]+")


def corrected(corpus: Corpus, text: str) -> tuple[str, dict[str, str]]:
    """Return `text` with its mistyped words corrected, and what was read for each of them.

    Mistyped is a word in lower case that no paper holds and no English dictionary either; it is
    read as one of the papers' words in lower case with the same first letter, one edit away. Two
    would make "hyperkalemia" of "hypokalemia". Anything with a capital or a digit may be a name:
    it is left as it is, and nothing is read as one.
    """
    read: dict[str, str] = {}
    for compound in _COMPOUND.findall(text):
        if re.fullmatch(r"[^\W\dA-Z_]+(?:[-./][^\W\dA-Z_]+)*", compound):
            for word in words(compound):
                if _is_unknown(corpus, word) and (nearest := _nearest(corpus, word)):
                    read[word] = nearest
    return reread(text, read), read


def reread(text: str, read: Mapping[str, str]) -> str:
    """Return `text` with each word that stands in `read` replaced by what was read for it."""
    return _WORD.sub(lambda match: read.get(match[0], match[0]), text)


def _is_unknown(corpus: Corpus, word: str) -> bool:
    return (
        len(word) >= SHORTEST
        and word.isalpha()
        and not all(corpus.document_frequencies(terms(word)).values())
        and word not in _english()
    )


@cache
def _english() -> SpellChecker:
    return SpellChecker(language="en")


def _nearest(corpus: Corpus, word: str) -> str | None:
    """Return the nearest word; of equals the one in most papers, then the first by alphabet."""
    known = {
        candidate: papers
        for candidate, papers in corpus.vocabulary(word[0]).items()
        if candidate.isalpha() and candidate.islower()
    }
    near = process.extract(word, list(known), scorer=OSA.distance, score_cutoff=1, limit=None)
    best = min(near, key=lambda found: (found[1], -known[found[0]], found[0]), default=None)
    return best[0] if best else None
