"""Choice: which papers a reader has chosen to see, as the address of the page says."""

from collections.abc import Mapping
from typing import Any, Self
from urllib.parse import urlencode

from pydantic import BaseModel, ConfigDict

#: Pages that can be reached; further ones hold what nobody pages to.
LAST_PAGE = 10_000


class Choice(BaseModel):
    """A search, the limits on the papers, and the page of them; "" is a limit not given."""

    model_config = ConfigDict(frozen=True)

    q: str = ""
    date: str = ""
    listed: str = ""
    venue: str = ""
    category: str = ""
    topic: str = ""
    author: str = ""
    source: str = ""
    page: int = 1

    @classmethod
    def of(cls, parameters: Mapping[str, str]) -> Self:
        """Return what the query of an address says; what makes no sense is left out."""
        given = {name: parameters.get(name, "").strip() for name in cls.model_fields}
        number = given.pop("page")
        page = int(number) if number.isascii() and number.isdecimal() and len(number) < 8 else 1
        return cls(**given, page=min(max(page, 1), LAST_PAGE))

    @property
    def limits(self) -> dict[str, str]:
        """The limits that are given, by name."""
        return {
            name: value for name, value in self.model_dump(exclude={"q", "page"}).items() if value
        }

    def conditions(self) -> dict[str, Any]:
        """Return the limits as conditions of the store; a topic is none of them."""
        dates = {"since": self.date, "until": self.date} if self.date else {}
        columns = {
            "venues": self.venue,
            "categories": self.category,
            "authors": self.author,
            "sources": self.source,
            "listed": self.listed,
        }
        return {**dates, **{name: (value,) for name, value in columns.items() if value}}

    def address(self, **changes: Any) -> str:
        """Return the address of this choice with changes; another choice starts at its page 1."""
        changed = self.model_copy(update={"page": 1, **changes}).model_dump()
        if changed["page"] == 1:
            del changed["page"]
        query = urlencode({name: value for name, value in changed.items() if value})
        return f"/papers?{query}" if query else "/papers"
