"""Aliases: the catalog's record of the keys under which each paper may be met."""

from collections.abc import Collection, Mapping

import sqlalchemy as sa

from store.batches import SLICE, batches
from store.database import Database
from store.schema import aliases, papers


def owners(database: Database, wanted: Collection[str]) -> dict[str, list[str]]:
    """Return the ids, sorted, of the papers that may be met under each key that is known."""
    found: dict[str, set[str]] = {}
    for some in batches(wanted, SLICE):
        own = sa.select(papers.c.id, papers.c.id).where(papers.c.id.in_(some))
        others = sa.select(aliases.c.alias, aliases.c.paper_id).where(aliases.c.alias.in_(some))
        for key, paper_id in [*database.rows(own), *database.rows(others)]:
            found.setdefault(key, set()).add(paper_id)
    return {key: sorted(ids) for key, ids in found.items()}


def resolved(database: Database, names: Collection[str]) -> dict[str, str]:
    """Return the id of the paper that each name is an id of, or was before; in the order given.

    A name that no paper bears is left out, and so is one that stands for several papers.
    """
    met = owners(database, names)
    found = {name: [name] if name in met[name] else met[name] for name in names if name in met}
    return {name: ids[0] for name, ids in found.items() if len(ids) == 1}


def note(connection: sa.Connection, names: Mapping[str, Collection[str]]) -> None:
    """Add what papers, by id, may be met under besides their ids; what is noted already stays."""
    wanted = {(key, paper_id) for paper_id, keys in names.items() for key in keys}
    _insert(connection, {(key, own) for key, own in wanted if key != own}, list(names))


def hand_over(connection: sa.Connection, former: Mapping[str, str]) -> None:
    """Let the ids of papers that were merged, and their aliases, lead to those they became."""
    rows = _of(connection, former)
    moved = {(alias, former[paper_id]) for alias, paper_id in rows}
    moved |= {(old, new) for old, new in former.items() if old != new}
    forget(connection, [old for old, new in former.items() if old != new])
    _insert(connection, moved, list(former.values()))


def forget(connection: sa.Connection, paper_ids: Collection[str]) -> None:
    """Delete all aliases of these papers."""
    for some in batches(paper_ids, SLICE):
        connection.execute(sa.delete(aliases).where(aliases.c.paper_id.in_(some)))


def _of(connection: sa.Connection, paper_ids: Collection[str]) -> set[tuple[str, str]]:
    return {
        (row.alias, row.paper_id)
        for some in batches(paper_ids, SLICE)
        for row in connection.execute(sa.select(aliases).where(aliases.c.paper_id.in_(some)))
    }


def _insert(
    connection: sa.Connection, rows: set[tuple[str, str]], paper_ids: Collection[str]
) -> None:
    """Add those of the rows, all of these papers, that are not there yet."""
    new = sorted(rows - _of(connection, paper_ids))
    if new:
        values = [{"alias": alias, "paper_id": paper_id} for alias, paper_id in new]
        connection.execute(sa.insert(aliases), values)
