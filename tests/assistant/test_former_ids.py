"""Former ids: an answer that cites one still verifies, and a question may be limited to one."""

import pytest

from assistant.assistant import Assistant
from assistant.exports.writing import bundled
from assistant.query import Filters
from store.corpus import Corpus
from store.papers import Paper, paper_id

TITLE = "On Basalt"
FORMER, PRESENT = paper_id(TITLE), "doi:10.1000/3"
PAPER = Paper(id=FORMER, title=TITLE, abstract="Basalt wets slowly. Granite does not wet at all.")
OTHER = Paper(id="title:bees", title="On Bees", abstract="Bees dance. It shows where food is.")
ASKED = "How does basalt wet?"


@pytest.fixture
def assistant(empty: Corpus) -> Assistant:
    empty.add([PAPER, OTHER])
    return Assistant(empty)


def test_an_answer_verifies_when_its_paper_has_got_a_better_id(assistant: Assistant) -> None:
    within = Filters(paper_ids=(FORMER,))
    before = assistant.ask(ASKED, filters=within)
    assert [citation.paper_id for citation in before.citations] == [FORMER]
    assistant.corpus.add([PAPER.model_copy(update={"id": PRESENT})])
    assert assistant.verify(before) == []
    after = assistant.ask(ASKED, filters=within)
    assert [citation.paper_id for citation in after.citations] == [PRESENT]
    assert after.coverage.papers_searched == 1

    both = [before, after]
    cited = assistant.corpus.get([FORMER, PRESENT])
    made = bundled(both, cited)
    assert [paper.id for paper in made.papers] == [PRESENT]
    assert list(made.problems()) == []


def test_papers_like_one_leave_it_out_by_whatever_id_it_is_asked_for(
    assistant: Assistant,
) -> None:
    assistant.corpus.add([PAPER.model_copy(update={"id": PRESENT})])
    assert [found.paper.id for found in assistant.similar(FORMER)] == ["title:bees"]
    assert assistant.similar(FORMER) == assistant.similar(PRESENT)
