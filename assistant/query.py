"""Query: what is searched, standalone, and the filters that narrow it."""

from pydantic import BaseModel, ConfigDict

from store.corpus import Corpus
from store.errors import QuestionError

#: Characters of the longest question that is taken.
LONGEST_QUESTION = 2000


class Filters(BaseModel):
    """Limits on the papers searched; every one given must hold, within one any value may.

    Dates are ISO 8601 prefixes ("2024", "2024-03"), both ends included; a paper without a date is
    outside any range.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    since: str | None = None
    until: str | None = None
    venues: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    paper_ids: tuple[str, ...] = ()

    def matching(self, corpus: Corpus) -> list[str] | None:
        """Return the ids of the papers that pass, sorted, or None where nothing is filtered."""
        return corpus.select(**self.model_dump()) if self != Filters() else None


class Query(BaseModel):
    """The standalone text to search for, within filters."""

    model_config = ConfigDict(frozen=True)

    text: str
    filters: Filters = Filters()


def checked(question: str) -> str:
    """Return the question without blanks around it; raise QuestionError if it cannot be asked."""
    text = question.strip()
    try:
        question.encode("utf-8")
    except UnicodeEncodeError as error:
        raise QuestionError(
            f"the question is not text at character {error.start + 1}; type it in UTF-8"
        ) from error
    if not any(character.isalnum() for character in text):
        raise QuestionError("the question holds no word; type one, for example: What is BM25?")
    if len(question) > LONGEST_QUESTION:
        raise QuestionError(
            f"the question has {len(question):,} characters, "
            f"more than {LONGEST_QUESTION:,}; shorten it"
        )
    return text
