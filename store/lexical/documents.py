"""Documents: papers as they are written to the lexical index, kept beside it.

Taking a text apart takes most of the time of making an index, which is made anew whenever a paper
is removed or replaced. So what was made of each paper is kept, under the hash of the paper; what
cannot be used of it is made again.
"""

import json
import logging
import sqlite3
import zlib
from collections.abc import Collection, Iterator, Sequence
from contextlib import closing, suppress
from pathlib import Path

from store.batches import SLICE, batches
from store.catalog import Catalog
from store.lexical.analysis import exact_words, indexed_terms, names_within, title_name

log = logging.getLogger(__name__)

FILE = "documents.sqlite3"
#: How hard a document is packed, of 1 to 9.
PACKED = 1

_TABLE = "CREATE TABLE IF NOT EXISTS documents (id TEXT PRIMARY KEY, hash TEXT, document BLOB)"
_KEPT = "SELECT id, hash, document FROM documents WHERE id IN (SELECT value FROM json_each(?))"


def document(paper_id: str, *, title: str, abstract: str) -> str:
    """Return a paper as the index takes it, as JSON."""
    # The title twice: it says in few words what the paper is about.
    text = f"{title}\n{title}\n{abstract}"
    written = exact_words(text)
    marked = {word for word in written if not word.isalpha()}
    within = frozenset().union(*map(names_within, marked)).difference(written)
    own = title_name(title)
    fields = {
        "id": paper_id,
        "text": indexed_terms(text),
        "word": " ".join(written),
        "part": " ".join(sorted(within)),
        **({"name": own} if own else {}),
    }
    return json.dumps(fields, ensure_ascii=False)


def documents(catalog: Catalog, paper_ids: Sequence[str], *, folder: Path | None) -> Iterator[str]:
    """Yield the documents of these papers, in order; those that `folder` keeps are as they were.

    Those that are made now are kept there, but for those of damaged records: these are told.
    """
    if folder is None:
        for some in batches(paper_ids, SLICE):
            yield from (made for _, made in _made(catalog, some).values())
        return
    with closing(_opened(folder)) as connection:
        for some in batches(paper_ids, SLICE):
            found = _kept(connection, catalog, some)
            made = _made(catalog, [one for one in some if one not in found])
            with connection:
                connection.executemany(
                    "INSERT OR REPLACE INTO documents VALUES (?, ?, ?)",
                    [(one, own, _packed(text)) for one, (own, text) in made.items() if own],
                )
            found |= {one: text for one, (_, text) in made.items()}
            yield from (found[one] for one in some if one in found)


def _made(catalog: Catalog, paper_ids: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Return the hash and the document of each paper; without a hash where its record is damaged.

    Such a record must not keep all others from being found, nor itself from being removed.
    """
    made = {}
    for one, title, abstract, whole in catalog.texts(paper_ids):
        if not whole:
            log.warning("The record of %r is damaged; remove it, and add its source again", one)
        made[one] = (whole, document(one, title=title, abstract=abstract))
    return made


def forget_others(folder: Path, paper_ids: Collection[str]) -> None:
    """Forget the documents of all papers but these."""
    with closing(_opened(folder)) as connection, connection:
        kept = {one for (one,) in connection.execute("SELECT id FROM documents")}
        gone = [(one,) for one in kept.difference(paper_ids)]
        connection.executemany("DELETE FROM documents WHERE id = ?", gone)


def _opened(folder: Path) -> sqlite3.Connection:
    """Open what is kept in a folder; what cannot be read is deleted."""
    with suppress(sqlite3.DatabaseError):
        return _connected(folder)
    (folder / FILE).unlink()
    return _connected(folder)


def _connected(folder: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(folder / FILE)
    try:
        # What a machine loses that loses its power can be made again.
        connection.execute("PRAGMA synchronous=OFF")
        connection.execute(_TABLE)
    except BaseException:
        connection.close()
        raise
    return connection


def _kept(
    connection: sqlite3.Connection, catalog: Catalog, paper_ids: Sequence[str]
) -> dict[str, str]:
    """Return the documents that are kept of papers as they are now."""
    hashes = catalog.content_hashes(paper_ids)
    found = {}
    with suppress(sqlite3.DatabaseError):
        for one, own, packed in connection.execute(_KEPT, [json.dumps(paper_ids)]):
            if hashes.get(one) == own:
                # A packed document that is damaged has another checksum.
                with suppress(zlib.error):
                    found[one] = zlib.decompress(packed).decode("utf-8")
    return found


def _packed(text: str) -> bytes:
    return zlib.compress(text.encode("utf-8"), PACKED)
