"""Upgrade: bringing the tables of an older version's store up to this version's."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from store.papers import published_form, title_key
from store.schema import aliases, facts, papers

#: The columns of `papers` that layout 2 brought; its table of aliases is made like any new one.
_COLUMNS = (
    "aliases JSON DEFAULT '[]' NOT NULL",
    "arxiv_version INTEGER",
    "withdrawn BOOLEAN DEFAULT FALSE NOT NULL",
)
#: Papers whose keys are noted at a time.
_SOME = 1000


def upgrade(connection: sa.Connection) -> None:
    """Bring an older catalog up to LAYOUT, in the transaction given; leave others alone."""
    for layout, step in enumerate(_STEPS, 1):
        old = (facts.c.name == "layout") & (facts.c.value == str(layout))
        raised = sa.update(facts).where(old).values(value=str(layout + 1))
        # Of several processes that open the store at once, one does it.
        if connection.execute(raised).rowcount:
            step(connection)


def _add_columns(connection: sa.Connection) -> None:
    for column in _COLUMNS:
        connection.execute(sa.text(f"ALTER TABLE papers ADD COLUMN {column}"))


def _note_keys(connection: sa.Connection) -> None:
    """Note under which keys each paper may be met, in their present forms; it keeps its id."""
    for some in _papers(connection):
        these = (aliases.c.paper_id >= some[0].id) & (aliases.c.paper_id <= some[-1].id)
        held = connection.execute(sa.select(aliases).where(these))
        noted = {(row.alias, row.paper_id) for row in held}
        keys = {(title_key(row.title), row.id) for row in some}
        keys |= {(published_form(row.id), row.id) for row in some}
        keys |= {(published_form(alias), paper_id) for alias, paper_id in noted}
        new = sorted((key, own) for key, own in keys - noted if key != own)
        if new:
            values = [{"alias": alias, "paper_id": paper_id} for alias, paper_id in new]
            connection.execute(sa.insert(aliases), values)


def _papers(connection: sa.Connection) -> Iterator[Sequence[Any]]:
    """Yield the ids and titles of all papers, sorted by id, a few at a time."""
    query = sa.select(papers.c.id, papers.c.title).order_by(papers.c.id).limit(_SOME)
    some = connection.execute(query).all()
    while some:
        yield some
        some = connection.execute(query.where(papers.c.id > some[-1].id)).all()


#: What brings layout 1 up to 2, layout 2 up to 3, and so on.
_STEPS: Sequence[Callable[[sa.Connection], None]] = (_add_columns, _note_keys)
