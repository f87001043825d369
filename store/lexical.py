"""Lexical search: BM25 over titles and abstracts; the only module that imports tantivy."""

import re
import shutil
from collections.abc import Collection, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import tantivy

from store.batches import batches
from store.catalog import Catalog, Changes
from store.hits import Hit, ranked, rounded
from store.seal import sealed_generation

SOURCE = "lexical"
#: Bytes that the writer may fill before it writes a segment.
WRITER_BYTES = 64 << 20
#: Papers read from the catalog at a time.
BATCH = 2000
#: Characters of the longest token that is indexed.
LONGEST_TOKEN = 80
#: Words that say nothing of what a text is about, those that questions are made of included.
FUNCTION_WORDS = """
    a about all also am an and any are as at be been being both but by can could did do does done
    each either else for from get give gives had has have having he her here hers him his how i if
    in into is it its just may me might mine more most must my no nor not of on one or other our
    ours out over own please shall she should so some such tell than that the their theirs them
    then there these they this those to too us use used uses using very was we were what when
    where whether which while who whom whose why will with would yet you your yours
"""
# An index is read with the analyzer that it was written with: name a changed one anew, and the
# indexes of the old one are rebuilt.
_ANALYZER = "folded_english_2"


@cache
def _analyzer() -> tantivy.TextAnalyzer:
    keep = tantivy.Filter
    return (
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        .filter(keep.remove_long(LONGEST_TOKEN))
        .filter(keep.lowercase())
        .filter(keep.ascii_fold())
        .filter(keep.custom_stopword(FUNCTION_WORDS.split()))
        .filter(keep.stemmer("english"))
        .build()
    )


def terms(text: str) -> list[str]:
    """Return the index terms of `text` in order: folded, stemmed, without stop words."""
    return _analyzer().analyze(text)


def words(text: str) -> list[str]:
    """Return the words of `text` as written, in order, split as the index splits them."""
    return re.findall(r"[^\W_]+", text)


@cache
def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("text", tokenizer_name=_ANALYZER, index_option="freq")
    return builder.build()


class LexicalIndex:
    """A tantivy index in a folder, or in memory where there is none, one document a paper."""

    name = SOURCE

    def __init__(self, folder: Path | None, *, create: bool = True) -> None:
        """Open the index in `folder`; with `create`, or in memory, start a new one if need be."""
        self._folder = folder
        self._index = _open(folder, create=create)

    @staticmethod
    def covers(file: Path) -> bool:
        """Return whether the seal covers a file of the index: all but tantivy's own notes."""
        return not file.name.startswith(".")

    def is_level(self, catalog: Catalog) -> bool:
        """Return whether the index holds as many papers as the catalog."""
        return bool(self._index.searcher().num_docs == catalog.counts().papers)

    def fill(self, catalog: Catalog) -> None:
        """Write every paper of the catalog into the empty index."""
        self._write(catalog, catalog.paper_ids())

    def apply(self, catalog: Catalog, changes: Changes) -> None:
        """Bring the index level by these changes.

        New papers are added. Where one was removed or replaced the index is made anew: a
        deletion leaves its traces in the term statistics until some later merge, and scores must
        depend on the papers alone.
        """
        if changes.dropped_chunks:
            self.clear()
            self.fill(catalog)
        else:
            self._write(catalog, changes.written_papers)

    def _write(self, catalog: Catalog, paper_ids: Sequence[str]) -> None:
        # One thread, so that the same papers in the same order make the same index.
        writer = self._index.writer(WRITER_BYTES, 1)
        for some in batches(paper_ids, BATCH):
            for paper in catalog.papers(some).values():
                # The title twice: it says in few words what the paper is about.
                text = f"{paper.title}\n{paper.title}\n{paper.abstract}"
                writer.add_document(tantivy.Document(id=paper.id, text=text))
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()

    def search(
        self, words: Collection[str], *, k: int, within: Collection[str] | None = None
    ) -> list[Hit]:
        """Return the `k` best papers for these terms by BM25, best first.

        `within` limits the search to papers of these ids; an empty one finds nothing.
        """
        if not words or (within is not None and not within):
            return []
        query = tantivy.Query.boolean_query(
            [(tantivy.Occur.Should, self._term(word)) for word in sorted(set(words))]
        )
        if within is not None:
            members = tantivy.Query.term_set_query(_schema(), "id", list(within))
            query = tantivy.Query.boolean_query(
                [
                    (tantivy.Occur.Must, query),
                    (tantivy.Occur.Must, tantivy.Query.const_score_query(members, 0.0)),
                ]
            )
        searcher = self._index.searcher()
        hits = _best(searcher, query, k)
        return ranked(
            ((searcher.doc(address)["id"][0], score) for score, address in hits),
            k=k,
            source=SOURCE,
        )

    def document_frequency(self, word: str) -> int:
        """Return how many papers hold the term."""
        return self._index.searcher().doc_freq("text", word)

    def clear(self) -> None:
        """Empty the index by starting it anew."""
        if self._folder:
            shutil.rmtree(self._folder, ignore_errors=True)
        self._index = _open(self._folder)

    def close(self) -> None:
        """Release the files; tantivy holds none open between searches."""

    @staticmethod
    def _term(word: str) -> tantivy.Query:
        return tantivy.Query.term_query(_schema(), "text", word)


def _best(searcher: tantivy.Searcher, query: tantivy.Query, k: int) -> list[tuple[float, Any]]:
    """Return the `k` best (score, address), and after them all that equal the last one.

    Where equals straddle the cutoff, tantivy picks by the order of writing.
    """
    limit = k + 1
    while True:
        hits: list[tuple[float, Any]] = searcher.search(query, limit=limit, count=False).hits
        if len(hits) < limit or rounded(hits[-1][0]) < rounded(hits[k - 1][0]):
            return hits
        limit *= 2


def open_to_read(folder: Path, catalog: Catalog) -> LexicalIndex:
    """Return the index in `folder` if it is whole and level with the catalog, else one in memory.

    For a process beside the one that may write to the folder: nothing there is changed.
    """
    if sealed_generation(folder, covers=LexicalIndex.covers) == catalog.generation:
        try:
            index = LexicalIndex(folder, create=False)
            if index.is_level(catalog):
                return index
        except (OSError, ValueError):
            # Its writer has just begun to change it, or the files that no seal covers are damaged.
            pass
    index = LexicalIndex(None)
    index.fill(catalog)
    return index


def _open(folder: Path | None, *, create: bool = True) -> tantivy.Index:
    if folder and create:
        folder.mkdir(parents=True, exist_ok=True)
    elif folder and not tantivy.Index.exists(str(folder)):
        raise FileNotFoundError(folder)
    index = tantivy.Index(_schema(), path=str(folder) if folder else None)
    # Else a thread watches the files, and a reader would follow a writer through half-made states.
    index.config_reader("Manual")
    index.register_tokenizer(_ANALYZER, _analyzer())
    return index
