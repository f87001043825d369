"""The tables of the catalog."""

from typing import Any

import sqlalchemy as sa

#: Raised when the tables change, or the forms of ids or the keys of titles that they hold;
#: `store.upgrade` brings an older one up to it.
LAYOUT = 3
#: Those whose papers can be read as they are, where nothing can be written.
READABLE = (2, LAYOUT)

#: Stands, with what follows, for characters that PostgreSQL does not hold, and for itself.
ESCAPE = "\x1a"
ESCAPES = ((ESCAPE, f"{ESCAPE}1"), ("\0", f"{ESCAPE}0"))


class Text(sa.TypeDecorator[str]):
    """Text kept exactly, and sorted by its characters' numbers, in PostgreSQL as in SQLite."""

    impl = sa.Text
    cache_ok = True

    def load_dialect_impl(self, dialect: sa.Dialect) -> sa.types.TypeEngine[Any]:
        """Return the type that a database has for it."""
        collation = "C" if dialect.name == "postgresql" else None
        return dialect.type_descriptor(sa.Text(collation=collation))

    def process_bind_param(self, value: str | None, dialect: sa.Dialect) -> str | None:
        """Return the text as it is kept."""
        if value is not None and dialect.name == "postgresql":
            for character, kept in ESCAPES:
                value = value.replace(character, kept)
        return value

    def process_result_value(self, value: str | None, dialect: sa.Dialect) -> str | None:
        """Return what was kept as it was given."""
        if value is not None and dialect.name == "postgresql":
            for character, kept in reversed(ESCAPES):
                value = value.replace(kept, character)
        return value


metadata = sa.MetaData()

#: name -> value: layout, store (its identity), generation, horizon, and the embedding model's
#: name, digest and dimension.
facts = sa.Table(
    "facts",
    metadata,
    sa.Column("name", sa.String(64), primary_key=True),
    sa.Column("value", Text, nullable=False),
)

papers = sa.Table(
    "papers",
    metadata,
    sa.Column("id", Text, primary_key=True),
    sa.Column("title", Text, nullable=False),
    sa.Column("abstract", Text, nullable=False),
    sa.Column("authors", sa.JSON, nullable=False),
    sa.Column("published", Text),
    sa.Column("venue", Text),
    sa.Column("url", Text),
    sa.Column("categories", sa.JSON, nullable=False),
    sa.Column("source", Text),
    sa.Column("listed", sa.JSON, nullable=False),
    sa.Column("aliases", sa.JSON, nullable=False),
    sa.Column("arxiv_version", sa.Integer),
    sa.Column("withdrawn", sa.Boolean, nullable=False),
    sa.Column("content_hash", sa.String(64), nullable=False),
    sa.Column("generation", sa.Integer, nullable=False, index=True),
)

#: Under which keys besides its id a paper may be met: other identifiers, titles, former ids. Two
#: papers of one title share its key.
aliases = sa.Table(
    "aliases",
    metadata,
    sa.Column("alias", Text, primary_key=True),
    sa.Column("paper_id", Text, primary_key=True, index=True),
)

#: `vector` holds the float16 numbers, little-endian, one after the other.
chunks = sa.Table(
    "chunks",
    metadata,
    sa.Column("id", Text, primary_key=True),
    sa.Column("paper_id", Text, sa.ForeignKey("papers.id"), nullable=False, index=True),
    sa.Column("start", sa.Integer, nullable=False),
    sa.Column("end", sa.Integer, nullable=False),
    sa.Column("vector", sa.LargeBinary, nullable=False),
    sa.Column("generation", sa.Integer, nullable=False, index=True),
)

#: Vectors of the model that is to replace the present one, whose `digest` is its own; they take
#: their places in `chunks` all at once.
pending = sa.Table(
    "pending",
    metadata,
    sa.Column("chunk_id", Text, primary_key=True),
    sa.Column("digest", sa.String(64), nullable=False),
    sa.Column("vector", sa.LargeBinary, nullable=False),
)

#: Chunks deleted, so that an index that lags behind learns of it.
drops = sa.Table(
    "drops",
    metadata,
    sa.Column("chunk_id", Text, primary_key=True),
    sa.Column("generation", sa.Integer, nullable=False, index=True),
)
