"""Writing: answers, or papers, in one of the formats."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from assistant.answer import Answer, Citation
from assistant.exports.bibtex import bibtex
from assistant.exports.csl import csl_json
from assistant.exports.formats import OF_ANSWERS, OF_PAPERS, Format
from assistant.exports.markdown import markdown
from assistant.exports.reference import reference
from assistant.exports.ris import ris
from assistant.verification.verify import Bundle
from store.errors import ExportError
from store.papers import Paper


def write_answers(answers: Sequence[Answer], papers: Mapping[str, Paper], *, to: Format) -> str:
    """Return `answers`, or for a bibliography what they cite, in the format `to`.

    `papers` holds by id what is at hand of the cited papers; a bibliography takes from the
    citations what is not. Raises ExportError where a bundle would not verify.
    """
    _require(to, OF_ANSWERS, "answers")
    if to is Format.MARKDOWN:
        return "\n".join(markdown(answers))
    if to is Format.BUNDLE:
        return bundled(answers, papers).model_dump_json(indent=2) + "\n"
    cited = {citation.paper_id: citation for one in answers for citation in one.citations}
    return "".join(_bibliography((papers.get(key, cited[key]) for key in cited), to))


def write_papers(papers: Iterable[Paper], *, to: Format) -> Iterator[str]:
    """Yield `papers` in the format `to`, a few at a time."""
    _require(to, OF_PAPERS, "papers without a question")
    if to is Format.JSONL:
        yield from (paper.model_dump_json() + "\n" for paper in papers)
    else:
        yield from _bibliography(papers, to)


def bundled(answers: Sequence[Answer], papers: Mapping[str, Paper]) -> Bundle:
    """Return `answers` with the papers that they cite; raise ExportError if it does not verify."""
    cited = dict.fromkeys(citation.paper_id for one in answers for citation in one.citations)
    # Two ids may have become one paper's since.
    held = {papers[key].id: papers[key] for key in cited if key in papers}
    bundle = Bundle(answers=tuple(answers), papers=tuple(held.values()))
    for answer, problem in bundle.problems():
        raise ExportError(
            f"a bundle of the answer to {answer.question!r} would not verify: {problem}; "
            "take it from the store that answered, or ask again"
        )
    return bundle


def _bibliography(papers: Iterable[Paper | Citation], to: Format) -> Iterator[str]:
    references = map(reference, papers)
    if to is Format.CSL:
        return csl_json(references)
    if to is Format.BIBTEX:
        return _parted(bibtex(references))
    return _parted(ris(references))


def _require(to: Format, known: Sequence[Format], what: str) -> None:
    if to not in known:
        raise ExportError(f"{what} cannot be written as {to}; choose one of: {', '.join(known)}")


def _parted(records: Iterable[str]) -> Iterator[str]:
    """Yield the records with an empty line between two."""
    opening = ""
    for record in records:
        yield opening + record
        opening = "\n"
