"""Withdrawn: what papers say of themselves where nobody upholds them any more."""

import re

#: How arXiv's authors and editors say that a paper is no longer upheld, where a text begins.
_WITHDRAWN = re.compile(
    r"\W*(?:(?:this|the) (?:arxiv )?(?:paper|article|submission|manuscript|work|preprint) "
    r"(?:has been|was|is) (?:\w+ )?(?:withdrawn|retracted)"
    r"|(?:paper )?withdrawn(?=\W*$|\s?[.,;:)\]]|\s(?:by|due|because|since|until|as)\b))",
    re.IGNORECASE,
)
#: What parts arXiv's comments, of which each may say so.
_CLAUSE = re.compile(r"[.,;:](?:\s|$)")
#: How publishers mark a title.
_WITHDRAWN_TITLE = re.compile(r"\W*(?:withdrawn|retracted)(?: article)?\W*:", re.IGNORECASE)


def says_withdrawn(title: str, abstract: str, comment: str = "") -> bool:
    """Return whether a text itself, its title or arXiv's comment says that it is withdrawn."""
    return (
        _WITHDRAWN.match(abstract.strip()) is not None
        or any(map(_WITHDRAWN.match, _CLAUSE.split(comment)))
        or _WITHDRAWN_TITLE.match(title) is not None
    )
