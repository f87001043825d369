"""The answer as data: what the command line prints, the server sends and `verify` re-checks."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from assistant.evidence.availability import Availability
from assistant.query import Filters

Status = Literal["answered", "no_answer"]
Kind = Literal[
    "factoid", "definition", "list", "comparison", "number", "resource", "threshold",
    "similar", "paper", "corpus",
]  # fmt: skip

#: What became of a side of a comparison: no paper names it, or some do but none is quoted.
SideState = Literal["quoted", "unquoted", "absent"]


#: Why a question was taken to be about something said before.
Reason = Literal["pronoun", "ellipsis", "place", "correction"]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Context(_Part):
    """The stretch of the abstract to show around a quote: half-open, in code points."""

    start: int = Field(ge=0)
    end: int = Field(ge=0)


class Why(_Part):
    """Why a quote was chosen: what each sort of evidence added to the log-odds of its score.

    `lexical`: the question's words; `dense`: nearness of meaning; `wording`: the form of the
    sentence; `paper`: its paper's rank; `reranker`: the second reading. With `base`, what any
    sentence starts from, they sum to ln(score / (1 - score)). `features` has each feature's share,
    where that was asked for.
    """

    lexical: float
    dense: float
    wording: float
    paper: float
    reranker: float
    base: float
    features: dict[str, float] | None = None


class Quote(_Part):
    """Whole sentences copied exactly: `abstract[start:end] == text`, in code points.

    `citation` is the number of the citation that it belongs to. `score` runs from 0 to 1; higher
    answers better. `context` covers the quote and the neighbours that it leans on. `heading` is
    what it stands under: a side of a comparison, or its part in an explanation. `availability`
    tells, where code, data or the like was asked for, what the quote says of having it. Answers of
    earlier versions do not say `why`.
    """

    text: str
    paper_id: str
    start: int = Field(ge=0)
    end: int = Field(ge=0)
    citation: int = Field(ge=1)
    score: float = Field(ge=0, le=1)
    heading: str | None = None
    availability: Availability | None = None
    context: Context
    why: Why | None = None


class Stretch(_Part):
    """A stretch of a quote, exactly: `abstract[start:end] == text`, in code points.

    `quote` is the place of the quote in the answer, from 1.
    """

    paper_id: str
    quote: int = Field(ge=1)
    text: str
    start: int = Field(ge=0)
    end: int = Field(ge=0)


class Link(Stretch):
    """A web address in a quote, and the `href` that it leads to, over http or https."""

    href: str


class Figure(Stretch):
    """A figure in a quote: its `value` in `unit`, which is empty for a plain number.

    Of a range, such as "40-60%", `value` is the end that meets the condition. `meets` says whether
    it meets a condition that the question sets; None where it sets none.
    """

    value: float
    unit: str
    meets: bool | None = None


class Citation(_Part):
    """A cited paper and its number in this answer; numbers run from 1 in reading order.

    `withdrawn` says that the paper has been withdrawn or retracted; answers of earlier versions do
    not say so.
    """

    number: int = Field(ge=1)
    paper_id: str
    title: str
    authors: tuple[str, ...] = ()
    published: str | None = None
    venue: str | None = None
    url: str | None = None
    abstract_sha256: str
    withdrawn: bool = False


class Count(_Part):
    """A figure about the collection: the `number`, and in words of ours what exactly it counts."""

    number: int = Field(ge=0)
    what: str


class Closest(_Part):
    """A paper worth a look where there is no answer; never cited as one."""

    paper_id: str
    title: str
    url: str | None = Field(default=None, pattern="^https?://")


class Matching(_Part):
    """How many papers a list question seems to ask for, of those `weighed`.

    `found` of them seem to match. Of those quoted, `expected` should: the sum of the estimated
    probabilities that each does.
    """

    weighed: int = Field(ge=0)
    found: int = Field(ge=0)
    expected: float = Field(ge=0)


class Focus(_Part):
    """What a follow-up was taken to be about: a paper, or an earlier question or its subject.

    `why`: a word stands for it ("it"), the question leaves it out, points at its number ("[2]"), or
    puts the question before right.
    """

    paper_id: str | None = None
    title: str
    why: Reason


class Coverage(_Part):
    """What was searched, and the terms of the question that no abstract holds.

    `corrected` says for those that look mistyped what was searched for instead. `sides` says of
    each thing that a question compares whether a quote names it, and if not, whether any paper
    does. `unknown_id` is that of a paper which was asked for and is not in the collection.
    """

    papers_searched: int = Field(ge=0)
    missing_terms: tuple[str, ...] = ()
    corrected: dict[str, str] = {}
    sides: dict[str, SideState] = {}
    unknown_id: str | None = None


class Answer(_Part):
    """One answer, made of quotes alone; abstaining is a status, never an exception.

    `question` is what the person typed, `query` the standalone text that was searched, in the
    papers that `filters` left, those given and those that the question sets in words. `focus` says
    what a follow-up was taken to be about; None where the question stands alone. Quotes are in
    reading order, the first answers best; `links` are the addresses in them, `figures` those that
    the question bounds; `matching` tells how sure a list is; `count` answers a question about the
    collection. `confidence` is the estimated probability that the first quote answers the question;
    of papers like another it is the cosine of the nearest. `snapshot` names the exact papers and
    model: the same snapshot, question, filters and version give this same answer.
    """

    id: str | None = None
    question: str
    query: str
    focus: Focus | None = None
    filters: Filters | None = None
    kind: Kind
    status: Status
    confidence: float = Field(ge=0, le=1)
    quotes: tuple[Quote, ...] = ()
    citations: tuple[Citation, ...] = ()
    links: tuple[Link, ...] = ()
    figures: tuple[Figure, ...] = ()
    matching: Matching | None = None
    count: Count | None = None
    closest: tuple[Closest, ...] = ()
    coverage: Coverage
    follow_ups: tuple[str, ...] = ()
    snapshot: str
    version: str
