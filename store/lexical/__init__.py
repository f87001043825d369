"""Lexical search: BM25 over titles and abstracts, and how a text is taken apart for it."""

from store.lexical.analysis import (
    exact_words,
    holds_name,
    names,
    printed_name,
    terms,
    title_name,
    words,
)
from store.lexical.index import LexicalIndex, open_to_read

__all__ = [
    "LexicalIndex",
    "exact_words",
    "holds_name",
    "names",
    "open_to_read",
    "printed_name",
    "terms",
    "title_name",
    "words",
]
