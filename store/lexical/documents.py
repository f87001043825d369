"""Documents: papers as they are written to the lexical index, kept beside it.

Taking a text apart takes most of the time of making an index, which is made anew whenever a paper
is removed or replaced. So what was made of each paper is kept, under the hash of the paper, by the
code that made it; what cannot be used of it is made again.
"""

import json
import logging
import sqlite3
import zlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from functools import cache
from pathlib import Path

from store.batches import SLICE, batches
from store.catalog import Catalog
from store.lexical.analysis import exact_words, indexed_terms, names_within, title_name

log = logging.getLogger(__name__)

FILE = "documents.sqlite3"
#: What SQLite needs to make a file whole in which a writer died.
JOURNAL = f"{FILE}-journal"
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
    for some in batches(paper_ids, SLICE):
        found = _kept(folder, catalog, some) if folder else {}
        made = _made(catalog, [one for one in some if one not in found])
        if folder:
            _keep(folder, made)
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

    def forget(connection: sqlite3.Connection) -> None:
        kept = {one for (one,) in connection.execute("SELECT id FROM documents")}
        gone = [(one,) for one in kept.difference(paper_ids)]
        connection.executemany("DELETE FROM documents WHERE id = ?", gone)

    _do(folder, forget)


def _kept(folder: Path, catalog: Catalog, paper_ids: Sequence[str]) -> dict[str, str]:
    """Return the documents that are kept of papers as they are now."""
    hashes = catalog.content_hashes(paper_ids)
    found = {}

    def read(connection: sqlite3.Connection) -> None:
        for one, own, packed in connection.execute(_KEPT, [json.dumps(paper_ids)]):
            if hashes.get(one) == own:
                # A packed document that is damaged is no bytes any more or has another checksum.
                with suppress(zlib.error, TypeError):
                    found[one] = zlib.decompress(packed).decode("utf-8")

    _do(folder, read)
    return found


def _keep(folder: Path, made: Mapping[str, tuple[str, str]]) -> None:
    rows = [(one, own, _packed(text)) for one, (own, text) in made.items() if own]
    insert = "INSERT OR REPLACE INTO documents VALUES (?, ?, ?)"
    _do(folder, lambda connection: connection.executemany(insert, rows))


def _do(folder: Path, work: Callable[[sqlite3.Connection], object]) -> None:
    """Do something with what a folder keeps, all of it or nothing; delete it where that fails.

    It can be made again, so no damage to it may keep the index from being written.
    """
    try:
        with closing(sqlite3.connect(folder / FILE)) as connection, connection:
            # What a machine loses that loses its power can be made again.
            connection.execute("PRAGMA synchronous=OFF")
            if connection.execute("PRAGMA user_version").fetchone() != (_version(),):
                connection.execute("DROP TABLE IF EXISTS documents")
                connection.execute(f"PRAGMA user_version={_version()}")
            connection.execute(_TABLE)
            work(connection)
    except sqlite3.DatabaseError as error:
        log.warning("What the lexical index was made of cannot be kept: %s; making it anew", error)
        for name in (FILE, JOURNAL):
            (folder / name).unlink(missing_ok=True)


@cache
def _version() -> int:
    """Return a number, of 31 bits, that stands for the code that makes documents."""
    code = sorted(Path(__file__).parent.glob("*.py"))
    return zlib.crc32(b"".join(file.read_bytes() for file in code)) & 0x7FFFFFFF


def _packed(text: str) -> bytes:
    return zlib.compress(text.encode("utf-8"), PACKED)
