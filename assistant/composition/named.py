"""Named: what a thing is that a paper's title gives its name to, in that paper's own words."""

import re
from collections.abc import Sequence

from assistant.composition.draft import Chosen, Draft
from assistant.evidence.evidence import Evidence
from assistant.evidence.roles import telling
from assistant.inquiry import Inquiry
from assistant.retrieval.lookup import papers_called
from store.lexical import printed_name
from store.papers import Paper

#: How often the sentence that describes the paper answers: 24 times of the 24 questions of this
#: form among those written for the benchmarks, by Laplace's rule.
SURE = 0.96

#: A question for what a thing is, and nothing else about it.
_ASKED = [
    re.compile(form, re.IGNORECASE)
    for form in (
        r"^(?:what(?:'s| is| are| was)|who is|define|explain|describe|summari[sz]e|tell me about)"
        r"(?: the| an?)? (?P<name>.+)$",
        r"^(?P<name>.+?)\s*[-\u2013\u2014,:]+\s*what (?:is it|are they)$",
    )
]


def of_its_own_name(inquiry: Inquiry) -> Draft | None:
    """Return what a paper says of the thing that its title names and the question asks about.

    Its abstract often says so without the name ("we propose a method that ..."), which sets no
    sentence of it apart by its words. None where no title gives the name, or more than one does, or
    where the abstract puts nothing forward.
    """
    text = inquiry.text.strip(" ?.!\n")
    name = next((m["name"].strip(" '\"`“”") for form in _ASKED if (m := form.match(text))), None)
    papers = _so_named(inquiry, name) if name else ()
    if len(papers) != 1:
        return None
    parts = telling(papers[0])
    if parts[0][1] is None:
        return None
    return Draft("definition", SURE, [Chosen(Evidence(one, SURE, {}), role) for one, role in parts])


def _so_named(inquiry: Inquiry, name: str) -> Sequence[Paper]:
    """Return the papers whose titles give this name; in other capitals only the best one found."""
    called = papers_called(inquiry.corpus, name)
    own = {paper: printed_name(paper.title) or "" for paper in called if _passes(inquiry, paper)}
    exactly = [paper for paper, given in own.items() if given == name]
    best = [item.paper_id for item in inquiry.found[:1]]
    alike = [
        paper
        for paper, given in own.items()
        if given.casefold() == name.casefold() and paper.id in best
    ]
    return exactly or alike


def _passes(inquiry: Inquiry, paper: Paper) -> bool:
    return inquiry.within is None or paper.id in inquiry.within
