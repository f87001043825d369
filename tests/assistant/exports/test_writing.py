"""Writing: which papers a format takes, and when a bundle is refused."""

import json
from pathlib import Path

import pytest

from assistant.answer import Answer
from assistant.exports.formats import OF_ANSWERS, Format
from assistant.exports.writing import bundled, write_answers, write_papers
from assistant.verification.verify import Bundle, verify
from store.corpus import Corpus
from store.errors import ExportError
from store.papers import Paper
from store.readers import read_papers

Answers = dict[str, Answer]
ODD = (
    Paper(
        id="arxiv:2403.05530",
        title="An <$O(n^2)$> & 50% of {x} #1_a ~^|",
        abstract=r"It costs $5 \& 50\%, {or} #1_a.",
        authors=("Laurens van der Maaten", "Google", "Ann Lee"),
        published="2024-03",
        venue="NeurIPS 2024",
    ),
    Paper(id="doi:10.1234/a_b", title="α for ALL", abstract="It is {.", published="2024"),
    Paper(id="pmid:123", title="T", abstract="It is.", url="https://example.org/a_b?c=%20"),
)


@pytest.fixture(scope="module")
def several(answers: Answers) -> list[Answer]:
    return list(answers.values())


@pytest.fixture(scope="module")
def cited(sample: Corpus, several: list[Answer]) -> dict[str, Paper]:
    return sample.get([one.paper_id for answer in several for one in answer.citations])


def test_a_bundle_of_a_conversation_verifies_on_its_own(
    several: list[Answer], cited: dict[str, Paper]
) -> None:
    made = Bundle.model_validate_json(write_answers(several, cited, to=Format.BUNDLE))
    own = {paper.id: paper for paper in made.papers}
    assert list(made.answers) == several
    assert len(own) == len(made.papers) == len(cited)
    assert [verify(answer, own) for answer in made.answers] == [[] for _ in several]


def test_a_bundle_that_would_not_verify_is_refused(
    several: list[Answer], cited: dict[str, Paper]
) -> None:
    answer = several[0]
    paper = cited[answer.citations[0].paper_id]
    changed = paper.model_copy(update={"abstract": f"{paper.abstract} "})
    with pytest.raises(ExportError, match=r"need\?' would not verify: .*the abstract has changed"):
        bundled(several, {**cited, paper.id: changed})
    with pytest.raises(ExportError, match="its abstract is not at hand"):
        bundled([answer], {})


def test_a_bibliography_names_each_cited_paper_once_in_reading_order(
    several: list[Answer], cited: dict[str, Paper]
) -> None:
    twice = [*several, *several]
    items = json.loads(write_answers(twice, cited, to=Format.CSL))
    order = dict.fromkeys(one.paper_id for answer in several for one in answer.citations)
    assert [item["id"] for item in items] == list(order)
    assert items[0]["abstract"] == cited[items[0]["id"]].abstract


def test_without_the_papers_a_bibliography_has_what_the_citations_say(
    several: list[Answer], cited: dict[str, Paper]
) -> None:
    whole, said = (
        json.loads(write_answers(several, papers, to=Format.CSL)) for papers in (cited, {})
    )
    assert [{**item, "abstract": None} for item in whole] == [
        {**item, "abstract": None} for item in said
    ]
    assert "abstract" not in said[0]


def test_papers_written_as_json_lines_are_read_back_the_same(
    sample_papers: list[Paper], tmp_path: Path
) -> None:
    file = tmp_path / "papers.jsonl"
    known = {"aliases": ("doi:10.1234/c", "pmid:12"), "arxiv_version": 2, "listed": ("Mar 11",)}
    papers = [*sample_papers, *(one.model_copy(update={"source": "x"}) for one in ODD)]
    papers.append(papers[-3].model_copy(update={"id": "arxiv:2403.05531", **known}))
    file.write_text("".join(write_papers(papers, to=Format.JSONL)), "utf-8")
    assert list(read_papers(file)) == papers


@pytest.mark.parametrize("to", [Format.BIBTEX, Format.RIS, Format.CSL])
def test_a_bibliography_is_read_back_as_the_same_papers(
    sample_papers: list[Paper], tmp_path: Path, to: Format
) -> None:
    papers = [*sample_papers, *ODD]
    file = tmp_path / f"papers{to.suffix}"
    file.write_text("".join(write_papers(papers, to=to)), "utf-8")
    found = [paper for paper in read_papers(file) if isinstance(paper, Paper)]
    # Lest it leave its field open, a brace that is not closed is all that is escaped.
    abstracts = {ODD[1].id: r"It is \textbraceleft{}."} if to is Format.BIBTEX else {}
    assert [(paper.id, paper.title, paper.abstract, paper.published) for paper in found] == [
        (paper.id, paper.title, abstracts.get(paper.id, paper.abstract), paper.published)
        for paper in papers
    ]
    if to is not Format.RIS:  # whose reader keeps names as they stand, last name first
        assert [paper.authors for paper in found] == [paper.authors for paper in papers]


@pytest.mark.parametrize(
    ("to", "note"),
    [
        (Format.BIBTEX, "note = {Withdrawn or retracted}"),
        (Format.RIS, "N1  - Withdrawn or retracted"),
        (Format.CSL, '"note":"Withdrawn or retracted"'),
    ],
)
def test_a_bibliography_says_which_papers_were_withdrawn(
    sample_papers: list[Paper], to: Format, note: str
) -> None:
    one, two = sample_papers[:2]
    papers = [one.model_copy(update={"withdrawn": True}), two]
    assert "".join(write_papers(papers, to=to)).count(note) == 1


@pytest.mark.parametrize("to", [Format.MARKDOWN, Format.BUNDLE])
def test_papers_alone_are_no_answer(sample_papers: list[Paper], to: Format) -> None:
    with pytest.raises(ExportError, match=f"cannot be written as {to}; choose one of: jsonl, bib"):
        list(write_papers(sample_papers, to=to))


@pytest.mark.parametrize("to", OF_ANSWERS)
def test_answers_without_quotes_are_written_all_the_same(answers: Answers, to: Format) -> None:
    nothing = [one for one in answers.values() if one.status == "no_answer"][:1]
    assert write_answers(nothing, {}, to=to).strip() or to in (Format.BIBTEX, Format.RIS)
