"""Turns of conversations, without a store."""

from assistant.answer import Answer, Citation, Coverage, Focus, Kind
from assistant.conversation import Turn


def turn(query: str, *titles: str, kind: Kind = "factoid", focus: Focus | None = None) -> Turn:
    """Return a turn that cites papers of these titles; without any it has no answer."""
    citations = tuple(
        Citation(number=number, paper_id=f"title:{title}", title=title, abstract_sha256="0" * 64)
        for number, title in enumerate(titles, 1)
    )
    answer = Answer(
        question=query,
        query=query,
        focus=focus,
        kind=kind,
        status="answered" if titles else "no_answer",
        confidence=0.5,
        citations=citations,
        coverage=Coverage(papers_searched=2),
        snapshot="0" * 64,
        version="0",
    )
    return Turn(query, answer)
