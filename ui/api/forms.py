"""What programs send and get by REST, besides answers and papers themselves."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool

from assistant.answer import Answer
from assistant.exports.formats import Format
from assistant.query import LONGEST_QUESTION, Filters
from assistant.retrieval.search import Result
from assistant.verification.verify import Bundle
from store.feedback import Reason, Verdict
from ui.conversations.asked import MOST_TURNS

#: Earlier questions that a follow-up may bring: each is answered again.
LONGEST_HISTORY = 20
#: Papers that a search gives at most.
MOST = 100
#: Papers that may be added or removed at a time.
MOST_PAPERS = 1000

Question = Annotated[
    str, Field(min_length=1, max_length=LONGEST_QUESTION, examples=["What is HyenaDNA?"])
]
History = Annotated[
    tuple[Question, ...],
    Field(max_length=LONGEST_HISTORY, description="The conversation's earlier questions."),
]
Cutoff = Annotated[int, Field(ge=1, le=MOST, description="How many papers at most.")]


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Asked(_Form):
    """A question, of the papers that pass the filters; `id` comes back with its answer.

    `history` lists the earlier questions of the conversation, which are answered again for it;
    `session`, instead, names one that the server keeps. With `standalone` the question is searched
    just as typed, whatever they were. With `explain`, each quote tells the share of every feature
    in its score; with `suggest`, the answer brings questions to ask next, each of which was tried.
    """

    question: Question
    id: str | None = None
    history: History = ()
    session: str | None = None
    standalone: StrictBool = False
    filters: Filters | None = None
    explain: StrictBool = False
    suggest: StrictBool = False


class _InQuery(Filters):
    def filters(self) -> Filters:
        """Return what narrows the papers."""
        return Filters(**self.model_dump(include=set(Filters.model_fields)))


class AskedInQuery(_InQuery):
    """A question, and the filters, as a query."""

    question: Question


class Sought(_InQuery):
    """What papers are searched for, and the filters, as a query."""

    q: Question
    k: Cutoff = 10


class Counted(_InQuery):
    """Of what the values are wanted, and the filters, as a query.

    `of` names a filter, or `published` for the years; `like` is a part that the values must have.
    """

    of: Literal["published", "venues", "categories", "sources", "authors"]
    like: str = Field(default="", max_length=200)
    k: Cutoff = 50


class Value(_Form):
    """A value that papers have, and how many do."""

    value: str
    papers: int


class Values(_Form):
    """The commonest values, and how many there are in all."""

    values: tuple[Value, ...]
    distinct: int
    snapshot: str


class Results(_Form):
    """Papers that were found, best first, and the papers and model that they were found in."""

    results: tuple[Result, ...]
    snapshot: str


class SessionOpened(_Form):
    """A conversation that the server keeps until it is closed or long unused."""

    id: str


class Verification(_Form):
    """Whether everything in an answer, or in all of a bundle, holds; else what does not."""

    verified: bool
    answers: int
    quotes: int
    problems: tuple[str, ...]


#: What can be verified: an answer against the store, or a bundle against itself.
Verifiable = Answer | Bundle


class Taken(_Form):
    """Answers that a program sends to have them, or what they cite, in the format `to`."""

    answers: tuple[Answer, ...] = Field(min_length=1)
    to: Format = Format.MARKDOWN


class Compared(_Form):
    """Answers to the same questions, earlier and later ones."""

    before: tuple[Answer, ...] = Field(min_length=1)
    after: tuple[Answer, ...] = Field(min_length=1)


class NewPapers(_Form):
    """Papers to add: objects with `title` and `abstract`, and the fields that `add` reads."""

    papers: list[dict[str, object]] = Field(
        min_length=1,
        max_length=MOST_PAPERS,
        examples=[[{"title": "A title", "abstract": "One sentence. Another.", "doi": "10.1/x"}]],
    )


class Added(_Form):
    """What adding did, by record, and why some were skipped."""

    added: int
    updated: int
    unchanged: int
    skipped: tuple[str, ...]


class Earlier(_Form):
    """A question, what narrowed it, and whether it leaned on none before it."""

    question: Question
    filters: Filters | None = None
    standalone: StrictBool = False


class Judged(Earlier):
    """What somebody thinks of an answer; of one citation, where that is not 0.

    `history` lists the earlier questions of the conversation. A null `verdict` takes back what the
    same person said before. With a `snapshot`, only the answer of those papers is meant.
    """

    history: tuple[Question | Earlier, ...] = Field(default=(), max_length=MOST_TURNS)
    verdict: Verdict | None = Field(examples=["good"])
    citation: int = Field(default=0, ge=0, le=1000, strict=True)
    reason: Reason | None = None
    comment: str = Field(default="", max_length=2000)
    snapshot: str = Field(default="", max_length=64)


class Health(BaseModel):
    """That the server is up, and what it answers from."""

    status: Literal["ok"] = "ok"
    papers: int
    snapshot: str
    version: str
