"""The lexical index: BM25 over titles and abstracts, in tantivy."""

from collections.abc import Collection, Mapping, Sequence, Set
from functools import cache
from pathlib import Path

import tantivy

from store.catalog import Catalog, Changes
from store.hits import Hit, ranked, reach, rounded
from store.lexical import documents
from store.lexical.analysis import (
    forms_of_name,
    name_parts,
    names,
    possible_names,
    sought,
)
from store.seal import sealed_generation

SOURCE = "lexical"
#: Bytes that the writer may fill before it writes a segment.
WRITER_BYTES = 64 << 20
#: What a name counts, against any other word, where a paper holds it letter for letter, and where
#: it is what the paper's title calls its subject; of 1/4, 1/2, 1 and 1/2 to 5.
EXACT_WEIGHT, OWN_WEIGHT = 0.5, 2.0
#: Papers that a search is limited to in the time in which one that it found is looked at.
DEARER = 2
# An index is read with the analyzer that it was written with: name a changed one anew, and the
# indexes of the old one are rebuilt.
_ANALYZER = "english_5"


@cache
def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("text", tokenizer_name=_ANALYZER, index_option="freq")
    # As written: each word of the paper, the names that stand in longer ones, and the name that the
    # title gives its subject.
    builder.add_text_field("word", tokenizer_name="whitespace", index_option="freq")
    builder.add_text_field("part", tokenizer_name="whitespace", index_option="basic")
    builder.add_text_field("name", tokenizer_name="raw", index_option="basic")
    return builder.build()


class LexicalIndex:
    """A tantivy index in a folder, or in memory where there is none, one document a paper."""

    name = SOURCE

    def __init__(self, folder: Path | None, *, create: bool = True) -> None:
        """Open the index in `folder`; with `create`, or in memory, start a new one if need be."""
        self._folder = folder
        self._index = _open(folder, create=create)
        self._vocabulary: dict[str, Mapping[str, int]] = {}

    @staticmethod
    def covers(file: Path) -> bool:
        """Return whether the seal covers a file: not tantivy's notes and what checks itself."""
        return not file.name.startswith((".", documents.FILE))

    def is_level(self, catalog: Catalog) -> bool:
        """Return whether the index holds as many papers as the catalog."""
        return bool(self._index.searcher().num_docs == catalog.counts().papers)

    def fill(self, catalog: Catalog) -> None:
        """Make the index hold every paper of the catalog's generation, and nothing else."""
        self._make(catalog, keeping=())

    def apply(self, catalog: Catalog, changes: Changes) -> None:
        """Bring the index level by these changes.

        New papers are added. Where one was removed or replaced the index is made anew: a
        deletion leaves its traces in the term statistics until some later merge, and scores must
        depend on the papers alone.
        """
        if changes.dropped_chunks:
            self._make(catalog, keeping=(documents.FILE, documents.JOURNAL))
        else:
            self._write(self._index, catalog, changes.written_papers)

    def _make(self, catalog: Catalog, *, keeping: Collection[str]) -> None:
        """Make the index anew; until it is whole, what there was is searched."""
        paper_ids = catalog.paper_ids(until=catalog.generation)
        if self._folder:
            for file in self._folder.glob("*"):
                if file.name not in keeping:
                    file.unlink()
        index = _open(self._folder)
        self._write(index, catalog, paper_ids)
        if self._folder:
            documents.forget_others(self._folder, paper_ids)

    def _write(self, index: tantivy.Index, catalog: Catalog, paper_ids: Sequence[str]) -> None:
        # One thread, so that the same papers in the same order make the same index.
        writer = index.writer(WRITER_BYTES, 1)
        for document in documents.documents(catalog, paper_ids, folder=self._folder):
            writer.add_json(document)
        writer.commit()
        writer.wait_merging_threads()
        index.reload()
        self._index, self._vocabulary = index, {}

    def search(self, text: str, *, k: int, within: Collection[str] | None = None) -> list[Hit]:
        """Return the `k` best papers for the words of `text` by BM25, best first.

        `within` limits the search to papers of these ids; an empty one finds nothing.
        """
        return self._search([_sought(forms) for forms in sought(text)], k=k, within=within)

    def search_names(
        self, text: str, *, k: int, within: Collection[str] | None = None
    ) -> list[Hit]:
        """Return the `k` best papers for the names in `text`, letter for letter, best first.

        A name counts where a paper holds it, and most where the paper's title calls its subject
        so. One within another does not: "Octopus v4" asks for the paper so called, and not for the
        one called "Octopus". The scores are of the scale of `search`, and can be added to its own.
        """
        searcher = self._index.searcher()
        own: list[str] = []
        for name in possible_names(text):
            inside = any(f" {name} " in f" {longer} " for longer in own)
            if not inside and searcher.doc_freq("name", name):
                own.append(name)
        held = [_weighted("word", name, EXACT_WEIGHT) for name in names(text)]
        named = [_weighted("name", name, OWN_WEIGHT) for name in own]
        return self._search([*held, *named], k=k, within=within)

    def _search(
        self, clauses: Sequence[tantivy.Query], *, k: int, within: Collection[str] | None
    ) -> list[Hit]:
        if not clauses or (within is not None and not within):
            return []
        query = tantivy.Query.boolean_query([(tantivy.Occur.Should, clause) for clause in clauses])
        among = self._index.searcher().num_docs
        papers = None if within is None else frozenset(within)
        looked_at = k if papers is None else reach(k, passing=len(papers), among=among)
        if papers is not None and len(papers) <= DEARER * looked_at:
            query, papers, looked_at = _limited(query, papers), None, k
        return ranked(self._best(query, k=k, within=papers, first=looked_at), k=k, source=SOURCE)

    def count(self, text: str, *, within: Collection[str] | None = None) -> int:
        """Return how many papers hold every word of `text` in some form.

        A name is held letter for letter, alone or at a hyphen of a longer one. `within` limits them
        to papers of these ids. None holds a text without words.
        """
        clauses = [_sought(forms, every=True) for forms in sought(text)]
        clauses += [_named(name) for name in names(text)]
        if not clauses or (within is not None and not within):
            return 0
        query = tantivy.Query.boolean_query([(tantivy.Occur.Must, clause) for clause in clauses])
        searcher = self._index.searcher()
        every = _count(searcher, query)
        if within is None or not every:
            return every
        papers = frozenset(within)
        if len(papers) <= DEARER * every:
            return _count(searcher, _limited(query, papers))
        hits = searcher.search(query, limit=every, count=False).hits
        return sum(searcher.doc(address)["id"][0] in papers for _, address in hits)

    def document_frequency(self, word: str) -> int:
        """Return how many papers hold the term."""
        return self._index.searcher().doc_freq("text", word)

    def vocabulary(self, initial: str) -> Mapping[str, int]:
        """Return the words in lower case with that first letter, and how many papers hold each."""
        # Held in a local: what is read before a change is not kept after it.
        kept = self._vocabulary
        if initial not in kept:
            every = self._index.searcher().terms_with_prefix("word", initial)
            kept[initial] = {
                word: papers for word, papers in every if word.isalpha() and word.islower()
            }
        return kept[initial]

    def close(self) -> None:
        """Release the files; tantivy holds none open between searches."""

    def _best(
        self, query: tantivy.Query, *, k: int, within: Set[str] | None, first: int
    ) -> list[tuple[str, float]]:
        """Return the `k` best (paper id, score), and after them all that equal the last one.

        Where equals straddle the cutoff, tantivy picks by the order of writing. The `first` are
        looked at at once.
        """
        searcher = self._index.searcher()
        passing: list[tuple[str, float]] = []
        seen, limit = 0, first + 1
        while True:
            hits = searcher.search(query, limit=limit, offset=seen, count=False).hits
            found = ((searcher.doc(address)["id"][0], score) for score, address in hits)
            passing += [hit for hit in found if within is None or hit[0] in within]
            whole = len(hits) < limit
            if whole or (len(passing) >= k and rounded(hits[-1][0]) < rounded(passing[k - 1][1])):
                return passing
            seen, limit = seen + limit, seen + limit


def _count(searcher: tantivy.Searcher, query: tantivy.Query) -> int:
    found = searcher.search(query, limit=1, count=True)
    return int(found.count)  # type: ignore[attr-defined] # which the package's types leave out


def _term(field: str, value: str) -> tantivy.Query:
    return tantivy.Query.term_query(_schema(), field, value)


def _weighted(field: str, value: str, weight: float) -> tantivy.Query:
    return tantivy.Query.boost_query(_term(field, value), weight)


def _sought(forms: Sequence[Sequence[str]], *, every: bool = False) -> tantivy.Query:
    """Return the query for a compound: of its forms, the one that says most counts.

    With `every`, a form is found only where all of its terms are.
    """
    occur = tantivy.Occur.Must if every else tantivy.Occur.Should
    found = [
        tantivy.Query.boolean_query([(occur, _term("text", term)) for term in form])
        for form in forms
    ]
    return tantivy.Query.disjunction_max_query(found)


def _named(name: str) -> tantivy.Query:
    """Return the query for a name in one word, be it in a longer one, or in its parts."""
    forms = sorted(forms_of_name(name))
    one = [_term(field, form) for field in ("word", "part") for form in forms]
    apart = [(tantivy.Occur.Must, _term("word", part)) for part in name_parts(name)]
    return tantivy.Query.disjunction_max_query([*one, tantivy.Query.boolean_query(apart)])


def _limited(query: tantivy.Query, papers: Set[str]) -> tantivy.Query:
    members = tantivy.Query.term_set_query(_schema(), "id", sorted(papers))
    return tantivy.Query.boolean_query(
        [
            (tantivy.Occur.Must, query),
            (tantivy.Occur.Must, tantivy.Query.const_score_query(members, 0.0)),
        ]
    )


def open_to_read(folder: Path, catalog: Catalog) -> LexicalIndex:
    """Return the index in `folder` if it is whole and level with the catalog, else one in memory.

    For a process beside the one that may write to the folder: nothing there is changed.
    """
    sealed = sealed_generation(folder, covers=LexicalIndex.covers, store=catalog.identity)
    if sealed == catalog.generation:
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


def _split() -> tantivy.TextAnalyzer:
    """Return what splits terms that have been made already."""
    return tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()


def _open(folder: Path | None, *, create: bool = True) -> tantivy.Index:
    if folder and create:
        folder.mkdir(parents=True, exist_ok=True)
    elif folder and not tantivy.Index.exists(str(folder)):
        raise FileNotFoundError(folder)
    index = tantivy.Index(_schema(), path=str(folder) if folder else None)
    # Else a thread watches the files, and a reader would follow a writer through half-made states.
    index.config_reader("Manual")
    index.register_tokenizer(_ANALYZER, _split())
    return index
