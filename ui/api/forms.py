"""What programs send and get by REST, besides answers and papers themselves."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool

from assistant.answer import Answer
from assistant.exports.formats import Format
from assistant.query import LONGEST_QUESTION, Filters
from assistant.retrieval.search import Result
from assistant.verification.verify import Bundle
from store.feedback import Reason, Verdict
from ui.api.examples import examples
from ui.conversations.asked import MOST_TURNS

#: Earlier questions that a follow-up may bring: each is answered again.
LONGEST_HISTORY = 20
#: Papers that a search gives at most.
MOST = 100
#: Papers that may be added or removed at a time.
MOST_PAPERS = 1000

Question = Annotated[
    str,
    Field(
        min_length=1,
        max_length=LONGEST_QUESTION,
        description="What is asked, or searched for: a question, a few words or a title.",
        examples=["What is HyenaDNA?"],
    ),
]
History = Annotated[
    tuple[Question, ...],
    Field(
        max_length=LONGEST_HISTORY,
        description="The conversation's earlier questions, which are answered again for it.",
    ),
]
Narrowed = Annotated[Filters | None, Field(description="What the papers searched must be.")]
Alone = Annotated[
    StrictBool, Field(description="Search just what is asked, whatever was asked before.")
]
Cutoff = Annotated[int, Field(ge=1, le=MOST, description="How many papers at most.")]


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Asked(_Form):
    """A question, of the papers that pass the filters."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"question": "What is HyenaDNA?"},
                {
                    "question": "What does it learn from?",
                    "history": ["What is HyenaDNA?"],
                    "filters": {"since": "2023"},
                    "suggest": True,
                },
            ]
        }
    )

    question: Question
    id: str | None = Field(default=None, description="Comes back with the answer.")
    history: History = ()
    session: str | None = Field(
        default=None, description="A conversation that the server keeps, instead of `history`."
    )
    standalone: Alone = False
    filters: Narrowed = None
    explain: StrictBool = Field(
        default=False, description="Let each quote tell the share of every feature in its score."
    )
    suggest: StrictBool = Field(
        default=False, description="Bring questions to ask next, each of which was tried."
    )


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
    """Of what the values are wanted, and the filters, as a query."""

    of: Literal["published", "venues", "categories", "sources", "authors"] = Field(
        description="Whose values are wanted: a filter's, or the years of `published`.",
        examples=["venues"],
    )
    like: str = Field(default="", max_length=200, description="A part that the values must have.")
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

    model_config = ConfigDict(
        json_schema_extra=lambda schema: schema.update(
            examples=[{"answers": [examples()["answer"]], "to": "bibtex"}]
        )
    )

    answers: tuple[Answer, ...] = Field(min_length=1)
    to: Format = Format.MARKDOWN


class Compared(_Form):
    """Answers to the same questions, earlier and later ones."""

    model_config = ConfigDict(
        json_schema_extra=lambda schema: schema.update(
            examples=[{"before": [examples()["answer"]], "after": [examples()["answer"]]}]
        )
    )

    before: tuple[Answer, ...] = Field(min_length=1)
    after: tuple[Answer, ...] = Field(min_length=1)


class NewPapers(_Form):
    """Papers to add: objects with `title` and `abstract`, and the fields that `add` reads."""

    papers: list[dict[str, object]] = Field(
        min_length=1,
        max_length=MOST_PAPERS,
        examples=[[{"title": "A title", "abstract": "One sentence. Another.", "doi": "10.1000/x"}]],
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
    filters: Narrowed = None
    standalone: Alone = False


class Judged(Earlier):
    """What somebody thinks of an answer, or of one that it cites."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "question": "What is HyenaDNA?",
                    "verdict": "bad",
                    "reason": "incomplete",
                    "comment": "It does not say who made it.",
                }
            ]
        }
    )

    history: tuple[Question | Earlier, ...] = Field(
        default=(), max_length=MOST_TURNS, description="The conversation's earlier questions."
    )
    verdict: Verdict | None = Field(
        description="Null takes back what the same person said before.", examples=["good"]
    )
    citation: int = Field(
        default=0,
        ge=0,
        le=1000,
        strict=True,
        description="The number of the citation that is meant, 0 for the whole answer.",
    )
    reason: Reason | None = Field(default=None, description="Why it is bad.")
    comment: str = Field(default="", max_length=2000)
    snapshot: str = Field(
        default="", max_length=64, description="Judge only the answer of these papers."
    )


class Health(BaseModel):
    """That the server is up, and what it answers from."""

    status: Literal["ok"] = "ok"
    papers: int
    snapshot: str
    version: str
