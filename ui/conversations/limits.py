"""Limits: what narrows a question, as the address of the chat says it."""

from collections.abc import Mapping
from typing import Annotated, Any, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_serializer,
)

from assistant.query import Filters
from store.days import Day

#: Values of one limit that are taken, and the characters of one.
MOST_VALUES = 20
LONGEST_VALUE = 300

#: What an address calls each filter.
NAMES: Mapping[str, str] = {
    "since": "from",
    "until": "to",
    "venues": "venue",
    "categories": "category",
    "sources": "source",
    "authors": "author",
    "paper_ids": "paper",
}
_Text = StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_VALUE)
_Values = Annotated[tuple[Annotated[str, _Text], ...], Field(max_length=MOST_VALUES)]


class Limits(BaseModel):
    """The filters of a question under the short names that an address has for them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    since: Annotated[Day, _Text] | None = Field(default=None, alias="from")
    until: Annotated[Day, _Text] | None = Field(default=None, alias="to")
    venue: _Values = ()
    category: _Values = ()
    source: _Values = ()
    author: _Values = ()
    paper: _Values = ()

    @classmethod
    def of(cls, given: object) -> tuple[Self, str]:
        """Return the limits that can be used of those given, and what is wrong with the others.

        Where nothing is, that is "".
        """
        left = dict(given) if isinstance(given, Mapping) else {}
        problems = [] if isinstance(given, Mapping) else ["the filters are none"]
        # At once: one after the other, a great many would take for ever.
        known = {name: left[name] for name in NAMES.values() if name in left}
        if unknown := next((name for name in left if name not in known), None):
            problems.append(f"{str(unknown)[:LONGEST_VALUE]}: there is no such filter")
        left = known
        while True:
            try:
                limits = cls.model_validate(left)
                limits.filters()
            except ValidationError as error:
                first = error.errors()[0]
                # Dates in the wrong order are wrong together.
                names = [str(part) for part in first["loc"][:1]] or ["from", "to"]
                reason = first["msg"].removeprefix("Value error, ")
                problems.append(f"{' and '.join(names)}: {reason[:1].lower()}{reason[1:]}")
                left = {name: held for name, held in left.items() if str(name) not in names}
            else:
                return limits, "; ".join(problems)

    def filters(self) -> Filters | None:
        """Return the filters that these are, None where nothing is limited."""
        given = self.data()
        named = {field: given[name] for field, name in NAMES.items() if name in given}
        return Filters(**named) if named else None

    @model_serializer
    def data(self) -> dict[str, Any]:
        """Return them as JSON, without those that are not given."""
        fields = type(self).model_fields.items()
        return {
            field.alias or name: held for name, field in fields if (held := getattr(self, name))
        }
