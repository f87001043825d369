"""Markdown: an answer, and none, to the letter."""

import pytest

from assistant.answer import Answer
from assistant.exports.markdown import markdown

ANSWERED = """\
## What is X & Y?

Searched for: What is X & Y (Z)?

> “It is \\*one\\*.” [1]

> “It is two.” [2]

Sources:

1. [One\\_1](<https://arxiv.org/abs/2403.05530>) · A, B, C et al. · 2024 · arxiv:2403.05530
2. &#50;. Two · title:b

Confidence 0.93, 1,234 abstracts searched, snapshot 0123456789ab, version 0.1.0+p.
"""
NOTHING = """\
## What is X & Y?

Not in these abstracts.

No abstract speaks of: Y\\*

Closest papers, which do not answer it:

- [One](<https://one.org/a%29>) · title:a
- Two · title:b

7 abstracts searched, snapshot 0123456789ab, version 0.1.0+p.
"""


@pytest.fixture
def answered() -> Answer:
    cited = {"abstract_sha256": "0" * 64}
    one = {"number": 1, "paper_id": "arxiv:2403.05530", "title": "One_1", "published": "2024"}
    quoted = {"start": 0, "end": 9, "score": 0.9, "context": {"start": 0, "end": 9}}
    return Answer.model_validate(
        {
            "question": "What is X & Y?",
            "query": "What is X & Y (Z)?",
            "kind": "factoid",
            "status": "answered",
            "confidence": 0.93,
            "quotes": [
                {"text": "It is *one*.", "paper_id": "arxiv:2403.05530", "citation": 1, **quoted},
                {"text": "It is\ntwo.", "paper_id": "title:b", "citation": 2, **quoted},
            ],
            "citations": [
                {**one, "authors": list("ABCD"), **cited},
                {"number": 2, "paper_id": "title:b", "title": "2. Two", **cited},
            ],
            "coverage": {"papers_searched": 1234},
            "snapshot": "0123456789ab" + "c" * 52,
            "version": "0.1.0+p",
        }
    )


def test_an_answer_reads_as_it_stands(answered: Answer) -> None:
    (made,) = markdown([answered])
    assert made == ANSWERED.replace("X & Y", "X \\& Y")


def test_a_withdrawn_source_says_so_first(answered: Answer) -> None:
    one, two = answered.citations
    withdrawn = one.model_copy(update={"withdrawn": True})
    (made,) = markdown([answered.model_copy(update={"citations": (withdrawn, two)})])
    assert "\n1. **Withdrawn** · [One\\_1](<https" in made
    assert "\n2. &#50;. Two · title:b\n" in made


def test_no_answer_says_so_and_names_the_closest(answered: Answer) -> None:
    nothing = {
        "query": answered.question,
        "status": "no_answer",
        "quotes": (),
        "citations": (),
        "coverage": {"papers_searched": 7, "missing_terms": ("Y*",)},
        "closest": (
            {"paper_id": "title:a", "title": "One", "url": "https://one.org/a%29"},
            {"paper_id": "title:b", "title": "Two", "url": None},
        ),
    }
    (made,) = markdown([Answer.model_validate({**answered.model_dump(), **nothing})])
    assert made == NOTHING.replace("X & Y", "X \\& Y")
