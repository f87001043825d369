"""Lexical search: BM25 over titles and abstracts, and how a text is taken apart for it."""

from store.lexical.analysis import terms, words
from store.lexical.index import LexicalIndex, open_to_read

__all__ = ["LexicalIndex", "open_to_read", "terms", "words"]
