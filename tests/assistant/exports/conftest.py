"""A paper whose every field is known."""

from collections.abc import Callable
from typing import Any

import pytest

from store.papers import Paper

MakePaper = Callable[..., Paper]


@pytest.fixture(scope="session")
def paper() -> MakePaper:
    """Make a paper of which all is known, but for what is said otherwise."""

    def make(**fields: Any) -> Paper:
        known = {
            "id": "arxiv:2403.05530",
            "title": "Long context",
            "abstract": "It is long.\nIt has two lines.",
            "authors": ("Laurens van der Maaten", "Ashish Vaswani", "Google"),
            "published": "2024-03-08",
            "venue": None,
            "url": "https://example.org/a_b",
            "categories": ("cs.CL", "stat.ML"),
        }
        return Paper(**{**known, **fields})

    return make
