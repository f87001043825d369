"""Upgrade: bringing the tables of an older version's store up to this version's."""

import sqlalchemy as sa

from store.papers import title_key
from store.schema import LAYOUT, aliases, facts, papers

#: The columns of `papers` that layout 2 brought; its table of aliases is made like any new one.
_COLUMNS = (
    "aliases JSON DEFAULT '[]' NOT NULL",
    "arxiv_version INTEGER",
    "withdrawn BOOLEAN DEFAULT FALSE NOT NULL",
)
#: Papers whose aliases are written at a time.
_SOME = 1000


def upgrade(connection: sa.Connection) -> None:
    """Bring a catalog of layout 1 up to LAYOUT, in the transaction given; leave others alone."""
    old = (facts.c.name == "layout") & (facts.c.value == "1")
    # Of several processes that open the store at once, one does it.
    if not connection.execute(sa.update(facts).where(old).values(value=str(LAYOUT))).rowcount:
        return
    for column in _COLUMNS:
        connection.execute(sa.text(f"ALTER TABLE papers ADD COLUMN {column}"))
    found = connection.execute(sa.select(papers.c.id, papers.c.title)).all()
    rows = [{"alias": title_key(row.title), "paper_id": row.id} for row in found]
    for start in range(0, len(rows), _SOME):
        connection.execute(sa.insert(aliases), rows[start : start + _SOME])
