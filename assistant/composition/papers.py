"""Papers: the ones that a question names, and those that are like one of them."""

import re
from collections.abc import Iterable, Sequence

from assistant.composition.draft import Chosen, Draft
from assistant.evidence.evidence import Evidence
from assistant.evidence.roles import describing, telling
from assistant.inquiry import Inquiry
from assistant.retrieval.lookup import id_in, papers_called
from assistant.retrieval.similar import similar
from store.papers import Paper

#: Papers told of where several bear the words of a title; words that more bear are a topic.
TOLD = 3
#: Papers listed as similar, and the least cosine of one: nine in ten pairs of papers on one field
#: are further apart.
LISTED, LEAST_COSINE = 8, 0.54

_PAPERS = r"(?:papers?|articles?|stud(?:y|ies)|works?|publications?|preprints?)"
_PAPER = r"(?:paper|article|study|work|publication|preprint)"
_SHOW = r"(?:show|find|give|get|open|read|display|look up|summari[sz]e)(?: me)? (?:the )?"
_CALLED = r"(?: (?:called|titled|named|entitled|with the title))"
_LOOKUPS = [
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"^{_SHOW}(?:(?:abstract|summary)(?: of)?(?: the)?(?: {_PAPER})?|{_PAPER}){_CALLED}?:?"
        r" (?P<called>.+)$",
        # Several papers are a list, unless a title or an id stands there.
        rf"^{_SHOW}{_PAPERS}(?:{_CALLED}:?|:|(?= [\"“]|\s\S*\d{{4}}\S*$)) (?P<called>.+)$",
        rf"^(?:the )?(?:paper|article|study){_CALLED}? (?P<called>.+)$",
        r"^(?:the )?abstract of (?P<called>.+)$",
        r"^what(?:'s| is) (?:the )?(?:paper|article|study) (?P<called>.+) about$",
        r"^(?P<called>.+)$",
    )
]
#: How what papers are about is said, not what they are called, unless it is a whole title.
_ABOUT = re.compile(
    r"(?:about|at|by|for|from|in|of|on|regarding|that|to|using|which|with|without)\s", re.IGNORECASE
)
#: Questions for what a paper's record says rather than its abstract, by the fields that say it.
_OF_RECORD = {
    ("authors",): re.compile(
        r"^(?:who (?:wrote|authored|are the authors of|is the author of)"
        r"|(?:the )?authors? of) (?P<called>.+)$",
        re.IGNORECASE,
    ),
    ("published", "venue"): re.compile(
        r"^(?:when|where|in (?:what|which) (?:year|journal|venue)|at (?:what|which) conference)"
        r" was (?P<called>.+?) published$",
        re.IGNORECASE,
    ),
}
_LIKE = [
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"\b(?:{_PAPERS}|anything|something|others?|more|what(?:'s| is| are)?|which)"
        r"(?: (?:that|which))?(?: (?:is|are))?(?: (?:most|very|else))?"
        r" (?:like|similar to|related to|close to|resembling) (?P<called>.+)$",
        rf"\b(?:related|similar|other|more) {_PAPERS} (?:to|like|as|for) (?P<called>.+)$",
        rf"\b(?:neighbou?rs|similar {_PAPERS}) of (?P<called>.+)$",
    )
]
_LEADING = re.compile(rf"^(?:the )?(?:{_PAPERS} )?(?:on |about )?", re.IGNORECASE)
#: A follow-up's own words point at what stands in brackets behind them.
_POINTED_AT = re.compile(
    r"^(?:(?:(?:this|that|it|these|those|the (?:first|second|third|last|same))\b|\[\d+\]).*?)?"
    r"\((?P<called>[^()]+)\)$",
    re.IGNORECASE,
)


def looked_up(inquiry: Inquiry) -> Draft | None:
    """Return what the papers say that the question calls by id or title; None if it calls none."""
    text = _bare(inquiry.text)
    for form in _LOOKUPS:
        match = form.match(text)
        called = _bare(match["called"]) if match else ""
        if not called:
            continue
        # A bare text is a question of its own, unless it is a whole title or an id.
        if (form is _LOOKUPS[-1] or _ABOUT.match(called)) and not id_in(called):
            titled = inquiry.corpus.titled(called, f"{called}?")
            papers = _within(inquiry, titled.values())
        else:
            papers = _within(inquiry, papers_called(inquiry.corpus, called))
        if 0 < len(papers) <= TOLD:
            return _told(papers)
        if unknown := id_in(called):
            return Draft("paper", 0.0, unknown_id=unknown)
    return None


def on_record(inquiry: Inquiry) -> Draft | None:
    """Return what the paper is about of which the question asks who wrote it, or when, or where.

    The answer is in the citation. Nothing is chosen where no paper is called so or its record does
    not say: abstracts do not tell that either.
    """
    text = _bare(inquiry.text)
    for fields, form in _OF_RECORD.items():
        if match := form.match(text):
            called = _bare(_LEADING.sub("", match["called"], count=1))
            papers = _within(inquiry, papers_called(inquiry.corpus, called))
            telling_it = [p for p in papers if any(getattr(p, field) for field in fields)]
            return _told(telling_it) if 0 < len(telling_it) <= TOLD else Draft("paper", 0.0)
    return None


def like_one(inquiry: Inquiry) -> Draft | None:
    """Return the papers like the one that the question names; None where it names none.

    The confidence is the cosine of the nearest one: how near it is, not how often that suffices.
    """
    text = _bare(inquiry.text)
    match = next((m for form in _LIKE if (m := form.search(text))), None)
    if match is None:
        return None
    called = _bare(match["called"])
    if pointed := _POINTED_AT.match(called):
        called = _bare(pointed["called"])
    papers = papers_called(inquiry.corpus, called) or papers_called(
        inquiry.corpus, _bare(_LEADING.sub("", called, count=1))
    )
    if not papers:
        return None
    found = similar(inquiry.corpus, papers[0].id, k=LISTED, within=inquiry.within)
    near = [item for item in found if item.cosine >= LEAST_COSINE]
    held = inquiry.corpus.get([item.paper_id for item in near])
    chosen = [
        Chosen(Evidence(describing(held[item.paper_id]), item.score, {}))
        for item in near
        if item.paper_id in held
    ]
    best = max((item.cosine for item in near), default=0.0)
    return Draft("similar", round(min(best, 1.0), 4), chosen)


def _told(papers: Sequence[Paper]) -> Draft:
    """Return the parts of one paper, or what each of several is about."""
    if len(papers) == 1:
        parts = telling(papers[0])
        return Draft("paper", 1.0, [Chosen(Evidence(one, 1.0, {}), role) for one, role in parts])
    score = round(1 / len(papers), 4)
    return Draft("paper", score, [Chosen(Evidence(describing(p), score, {})) for p in papers])


def _within(inquiry: Inquiry, papers: Iterable[Paper]) -> list[Paper]:
    within = inquiry.within
    return [paper for paper in papers if within is None or paper.id in within]


def _bare(text: str) -> str:
    return text.strip(" \n\t?.!\"'“”‘’:")
