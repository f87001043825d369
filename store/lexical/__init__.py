"""Lexical search: BM25 over titles and abstracts, and how a text is taken apart for it."""

from store.lexical.analysis import names, terms, title_name, words
from store.lexical.index import LexicalIndex, open_to_read

__all__ = ["LexicalIndex", "names", "open_to_read", "terms", "title_name", "words"]
