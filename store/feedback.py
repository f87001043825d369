"""Feedback: what people think of answers, and of the papers that these cite.

It is kept beside the catalog in a database of its own, like votes. Unlike them it holds questions,
those that somebody has judged, with the quotes that were judged: else nobody could learn from it.
What is taken back is gone.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

import sqlalchemy as sa

from store.database import Tables
from store.papers import sha256
from store.schema import Text

FILE = "feedback.sqlite3"

Verdict = Literal["good", "bad"]
#: Why an answer is bad: it does not answer, it leaves out what matters, or there is none to give.
Reason = Literal["wrong", "incomplete", "unanswerable"]

metadata = sa.MetaData()

#: `key` is the hash of all the rest.
_answers = sa.Table(
    "judged_answers",
    metadata,
    sa.Column("key", sa.String(64), primary_key=True),
    sa.Column("question", Text, nullable=False),
    sa.Column("history", sa.JSON, nullable=False),
    sa.Column("query", Text, nullable=False),
    sa.Column("filters", sa.JSON, nullable=False),
    sa.Column("kind", sa.String(32), nullable=False),
    sa.Column("quotes", sa.JSON, nullable=False),
    sa.Column("snapshot", sa.String(64), nullable=False),
    sa.Column("version", Text, nullable=False),
)

#: `voter` is the hash of what a browser was given to know it again; a `citation` of 0 stands for
#: the whole answer; `day` is an ISO 8601 date.
_verdicts = sa.Table(
    "verdicts",
    metadata,
    sa.Column("key", sa.ForeignKey("judged_answers.key"), primary_key=True),
    sa.Column("voter", sa.String(64), primary_key=True),
    sa.Column("citation", sa.Integer, primary_key=True),
    sa.Column("verdict", sa.String(8), nullable=False),
    sa.Column("reason", sa.String(16)),
    sa.Column("comment", Text, nullable=False),
    sa.Column("day", sa.String(10), nullable=False),
)


@dataclass(frozen=True, slots=True)
class Quoted:
    """A quote of an answer: the number of its citation, the paper's id, and the sentence."""

    citation: int
    paper_id: str
    text: str


@dataclass(frozen=True, slots=True)
class Given:
    """An answer as it was given: what was asked, after which questions, and what was quoted.

    `query` is the standalone text that was searched, `filters` what narrowed it, as JSON.
    """

    question: str
    history: tuple[str, ...]
    query: str
    filters: dict[str, Any]
    kind: str
    quotes: tuple[Quoted, ...]
    snapshot: str
    version: str

    @property
    def key(self) -> str:
        """The hash of all of it."""
        return sha256(json.dumps(asdict(self), sort_keys=True))

    @property
    def asked(self) -> tuple[object, ...]:
        """What was asked, whatever the papers were then."""
        return self.question, self.history, self.filters


@dataclass(frozen=True, slots=True)
class Opinion:
    """What one person thinks of an answer, or of one citation where that is not 0."""

    verdict: Verdict
    citation: int = 0
    reason: Reason | None = None
    comment: str = ""
    day: str = ""


class Feedback:
    """The feedback on the answers of one store; safe to use from several processes."""

    def __init__(self, folder: Path, *, url: str | None = None) -> None:
        """Open or create it in a store's `folder`, or where its catalog's server is.

        Raises StoreError where that fails.
        """
        self._tables = Tables.beside(folder, FILE, metadata, url=url)

    def close(self) -> None:
        """Release the database."""
        self._tables.close()

    def find(self, given: Given, snapshot: str) -> Given | None:
        """Return a judged answer to the same question, from the snapshot that so begins."""
        with self._tables.transaction() as connection:
            same = _judged(connection, given)
        return next((one for one in same if one.snapshot.startswith(snapshot)), None)

    def put(self, given: Given, opinion: Opinion, *, voter: str) -> None:
        """Keep what `voter` thinks, in the place of what they thought before.

        That is of the same question, and of the citation of that number, whatever the papers were.
        """
        answer = {**asdict(given), "key": given.key}
        verdict = {**asdict(opinion), "key": given.key, "voter": sha256(voter)}
        changed = self._tables.insert(_verdicts).on_conflict_do_update(
            index_elements=["key", "voter", "citation"],
            set_={name: verdict[name] for name in ("verdict", "reason", "comment", "day")},
        )
        with self._changing(voter) as connection:
            keys = [one.key for one in _judged(connection, given)]
            _forget(connection, keys, citation=opinion.citation, voter=voter)
            connection.execute(self._tables.insert(_answers).on_conflict_do_nothing(), answer)
            connection.execute(changed, verdict)

    def withdraw(self, given: Given, *, citation: int, voter: str) -> None:
        """Forget what `voter` thinks of a question's answer, whatever the papers were then.

        With the last opinion of an answer goes the answer.
        """
        with self._changing(voter) as connection:
            keys = [one.key for one in _judged(connection, given)]
            _forget(connection, keys, citation=citation, voter=voter)

    @contextmanager
    def _changing(self, voter: str) -> Iterator[sa.Connection]:
        """Open a transaction that changes what one voter thinks, which nobody else does then."""
        own = _verdicts.c.voter == sha256(voter)
        with self._tables.transaction() as connection:
            # A write first of all, so that what is read then is what it changes.
            connection.execute(sa.update(_verdicts).where(own).values(voter=sha256(voter)))
            yield connection

    def forget_unless(self, holds: Callable[[str, str], bool]) -> None:
        """Forget each judged answer of whose papers' ids and quotes `holds` no longer says yes."""
        for row in self._tables.rows(sa.select(_answers)):
            if not all(holds(one.paper_id, one.text) for one in _given(row).quotes):
                with self._tables.transaction() as connection:
                    connection.execute(sa.delete(_verdicts).where(_verdicts.c.key == row.key))
                    connection.execute(sa.delete(_answers).where(_answers.c.key == row.key))

    def erase_deleted(self) -> None:
        """Write the database anew without what was deleted from it."""
        self._tables.erase_deleted()

    def all(self) -> Iterator[tuple[Given, Sequence[Opinion]]]:
        """Yield every judged answer with what people think of it, in the order of the questions."""
        opinions: dict[str, list[Opinion]] = {}
        by_key = sa.select(_verdicts).order_by(*_verdicts.primary_key.columns)
        for row in self._tables.rows(by_key):
            one = Opinion(row.verdict, row.citation, row.reason, row.comment, row.day)
            opinions.setdefault(row.key, []).append(one)
        query = sa.select(_answers).order_by(_answers.c.question, _answers.c.key)
        for row in self._tables.rows(query):
            # One that has come since the opinions were read is passed over.
            if row.key in opinions:
                yield _given(row), opinions[row.key]


def _judged(connection: sa.Connection, given: Given) -> list[Given]:
    """Return the judged answers to the same question, whatever the papers were."""
    rows = connection.execute(sa.select(_answers).where(_answers.c.question == given.question))
    return [one for one in map(_given, rows) if one.asked == given.asked]


def _forget(connection: sa.Connection, keys: list[str], *, citation: int, voter: str) -> None:
    """Delete a voter's opinions of these answers, and those of them that nobody else judges."""
    mine = (
        _verdicts.c.key.in_(keys)
        & (_verdicts.c.voter == sha256(voter))
        & (_verdicts.c.citation == citation)
    )
    judged = sa.exists().where(_verdicts.c.key == _answers.c.key)
    connection.execute(sa.delete(_verdicts).where(mine))
    connection.execute(sa.delete(_answers).where(_answers.c.key.in_(keys) & ~judged))


def _given(row: Any) -> Given:
    return Given(
        question=row.question,
        history=tuple(row.history),
        query=row.query,
        filters=row.filters,
        kind=row.kind,
        quotes=tuple(Quoted(**quote) for quote in row.quotes),
        snapshot=row.snapshot,
        version=row.version,
    )
