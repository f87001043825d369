"""Binding: which model made a store's vectors; another's are never mixed with them."""

import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import sqlalchemy as sa

from store.database import Database
from store.errors import ModelError
from store.papers import shown_digest
from store.schema import facts

NAME, DIGEST, DIMENSION = "model_name", "model_digest", "dimension"


@dataclass(frozen=True, slots=True)
class Binding:
    """A model by its name, the digest of what determines its numbers, and their dimension."""

    name: str
    digest: str
    dimension: int

    @classmethod
    def of(cls, recorded: Mapping[str, str]) -> Self | None:
        """Return what a catalog's facts say, or None where no model is recorded."""
        if DIGEST not in recorded:
            return None
        return cls(recorded[NAME], recorded[DIGEST], int(recorded[DIMENSION]))


def recorded_binding(database: Database) -> Binding | None:
    """Return the model that the vectors are of, or None in a store that is quite new."""
    rows = database.rows(sa.select(facts).where(facts.c.name.in_([NAME, DIGEST, DIMENSION])))
    return Binding.of({row.name: row.value for row in rows})


def bind(database: Database, wanted: Binding) -> None:
    """Record the model on first use; raise ModelError where the vectors are another's."""
    kept = recorded_binding(database)
    if kept is None or (kept.digest != wanted.digest and database.fact("generation") == "0"):
        _record_first(database, wanted)
        kept = recorded_binding(database)
    if kept is not None and kept.digest != wanted.digest:
        built, asked = shown_digest(kept.digest), shown_digest(wanted.digest)
        raise ModelError(
            f"this store was built with the model {kept.name!r} ({built}), not with "
            f"{wanted.name!r} ({asked}); set ASSISTANT_MODEL to its own or leave it "
            f"out, or embed it anew: assistant repair --model {shlex.quote(wanted.name)}"
        )


def require_bound(connection: sa.Connection, digest: str) -> None:
    """Raise ModelError where the vectors have become another model's since they were bound."""
    kept = connection.execute(sa.select(facts.c.value).where(facts.c.name == DIGEST)).scalar()
    if kept != digest:
        now, before = shown_digest(str(kept)), shown_digest(digest)
        raise ModelError(
            "this store has meanwhile been embedded anew with another model "
            f"({now} in place of {before}); start this command again"
        )


def record(connection: sa.Connection, model: Binding) -> None:
    """Record the model of the vectors in place of the one recorded."""
    values = {NAME: model.name, DIGEST: model.digest, DIMENSION: str(model.dimension)}
    connection.execute(sa.delete(facts).where(facts.c.name.in_(values)))
    rows = [{"name": name, "value": value} for name, value in values.items()]
    connection.execute(sa.insert(facts), rows)


def _record_first(database: Database, model: Binding) -> None:
    """Record the model where nothing has been written yet, whichever was recorded before."""
    with database.transaction() as connection:
        untouched = sa.select(facts.c.value).where(facts.c.name == "generation").scalar_subquery()
        # A write first of all, so that of two processes the second sees what the first has done.
        connection.execute(
            sa.delete(facts).where(facts.c.name.in_([NAME, DIGEST, DIMENSION]), untouched == "0")
        )
        if connection.execute(sa.select(facts).where(facts.c.name == DIGEST)).first() is None:
            record(connection, model)
