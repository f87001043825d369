"""Asked: the questions of a conversation as a page keeps them.

The browser keeps conversations, and the server nothing: the same question of the same papers has
the same answer, so a conversation is its questions. What a page sends is a stranger's input, and
the worst that a forged one does is to ask questions.
"""

import json
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StringConstraints, ValidationError

from assistant.answer import Answer
from store.papers import DIGITS_SHOWN, sha256, shown_digest
from ui.conversations.limits import Limits

#: Questions of one conversation; the oldest go first.
MOST_TURNS = 50
#: Characters of a question that is read at all. One too long to be asked is told so in its place.
LONGEST_READ = 20_000
#: The largest number that a browser counts to exactly.
_LARGEST = 2**53

_Short = Annotated[str, StringConstraints(max_length=100)]


class _Sent(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Seal(_Sent):
    """What an answer came from, and the digest of its quotes: enough to tell whether it changed.

    A snapshot may be given by its first digits.
    """

    snapshot: Annotated[str, StringConstraints(max_length=64)]
    version: _Short = ""
    quotes: Annotated[str, StringConstraints(max_length=DIGITS_SHOWN)] = ""

    @classmethod
    def of(cls, answer: Answer) -> Self:
        """Return the seal of an answer."""
        said = [answer.status, *((one.paper_id, one.text) for one in answer.quotes)]
        digest = shown_digest(sha256(json.dumps(said)))
        return cls(snapshot=answer.snapshot, version=answer.version, quotes=digest)


class Asked(_Sent):
    """A question and what it was asked with; `then` is the seal of the answer that it had.

    With `tell` the page says whether the answer is the same even where it is.
    """

    question: Annotated[str, StringConstraints(max_length=LONGEST_READ)]
    limits: Limits = Limits()
    standalone: StrictBool = False
    then: Seal | None = None
    tell: StrictBool = False

    def is_like(self, other: "Asked") -> bool:
        """Return whether both ask the same in the same way."""
        return (self.question, self.limits, self.standalone) == (
            other.question,
            other.limits,
            other.standalone,
        )


class Order(_Sent):
    """What a page wants to show: a conversation, whose last questions may be new.

    The number counts the orders of the page; `bar` are the limits beside its question box, not yet
    checked.
    """

    number: int = Field(ge=1, le=_LARGEST, strict=True)
    conversation: _Short
    turns: Annotated[tuple[Asked, ...], Field(max_length=MOST_TURNS)]
    bar: Any = {}


class Shown(Asked):
    """A question as the page shows it; `number` is in the ids of what answers it.

    `then` is what the answer shown came from, None where there is none.
    """

    number: int


class Record(_Sent):
    """What a page is told of the order that it sent: what it shows now, and whether more comes.

    `bar` holds the limits that can be used, `titles` those of its papers; `problem` says what
    cannot be used.
    """

    number: int = 0
    conversation: str = ""
    turns: tuple[Shown, ...] = ()
    bar: dict[str, Any] = {}
    titles: dict[str, str] = {}
    problem: str = ""
    more: bool = False


def read_order(given: object) -> Order | str:
    """Return the order that a page has sent, or why it is none."""
    try:
        return Order.model_validate(given)
    except ValidationError as error:
        first = error.errors()[0]
        # A limit that cannot be used is named as the address names it.
        where = [str(part) for part in first["loc"]]
        where = where[where.index("limits") + 1 :] if "limits" in where else where
        reason = first["msg"].removeprefix("Value error, ")
        return f"{'.'.join(where)}: {reason}" if where else reason
