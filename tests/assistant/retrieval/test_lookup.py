"""Papers called by id, title or a part of it, and the papers like one of them."""

import pytest

from assistant.assistant import Assistant
from assistant.evidence.roles import describing, telling
from assistant.retrieval.lookup import id_in, papers_called
from assistant.retrieval.similar import similar
from assistant.verification.verify import verify
from store.corpus import Corpus
from store.errors import PaperNotFound
from store.papers import Paper


def paper(name: str, title: str, abstract: str) -> Paper:
    return Paper(id=name, title=title, abstract=abstract)


TIDES = paper(
    "arxiv:2403.05530",
    "FiT: Forecasting tides from the moon",
    "Tides matter. We propose FiT, which forecasts tides from the moon. "
    "It works by comparing harbours. FiT outperforms the almanac. Second, we present a map.",
)
WAVES = paper(
    "doi:10.1234/waves",
    "FIT: Forecasting waves from the wind",
    "We propose FIT, which forecasts waves from the wind at sea.",
)
SURGE = paper("pmid:77", "Storm surges and tides", "Tides and the moon raise storm surges at sea.")
BREAD = paper("title:0123456789ab", "Baking bread", "Yeast makes dough rise in warm kitchens.")
PAPERS = (TIDES, WAVES, SURGE, BREAD)


@pytest.fixture
def shore(empty: Corpus) -> Corpus:
    empty.add(PAPERS)
    return empty


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("arxiv:2403.05530", "arxiv:2403.05530"),
        ("2403.05530v2", "arxiv:2403.05530"),
        ("https://arxiv.org/abs/2403.05530", "arxiv:2403.05530"),
        ("arXiv: hep-th/9901001", "arxiv:hep-th/9901001"),
        ("cond-mat.str-el/0309136v1", "arxiv:cond-mat/0309136"),
        ("1234.5678", None),
        ("https://doi.org/10.1234/Waves", "doi:10.1234/waves"),
        ("doi:10.48550/arXiv.2403.05530", "arxiv:2403.05530"),
        ("PMID 77", "pmid:77"),
        ("title:0123456789ab", "title:0123456789ab"),
        ("77", None),
        ("title: Baking", None),
        ("What is 2403.05530?", None),
    ],
)
def test_an_id_is_read_in_the_forms_that_people_type(text: str, known: str | None) -> None:
    assert id_in(text) == known


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2403.05530", [TIDES]),
        ("storm SURGES and tides", [SURGE]),
        ("FIT", [WAVES]),
        ("FiT", [TIDES]),
        ("Forecasting tides from", [TIDES]),
        ("surges and", []),
        ("surges tides storm", []),
        ("2403.99999", []),
        ("?", []),
    ],
)
def test_papers_are_called_by_id_title_own_name_or_part(
    shore: Corpus, text: str, found: list[Paper]
) -> None:
    assert list(papers_called(shore, text)) == found


def test_a_paper_is_told_in_its_parts_and_described_in_one_sentence() -> None:
    assert [(role, one.index) for one, role in telling(TIDES)] == [
        ("What it is", 1),
        ("How it works", 2),
        ("What it achieves", 3),
    ]
    assert [describing(one).index for one in PAPERS] == [1, 0, 0, 0]


def test_the_papers_like_one_leave_it_out_and_come_best_first(shore: Corpus) -> None:
    found = similar(shore, TIDES.id, k=10)
    assert {item.paper_id for item in found} == {WAVES.id, SURGE.id, BREAD.id}
    assert found[-1].paper_id == BREAD.id
    scores = [item.score for item in found]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)
    assert [i.paper_id for i in similar(shore, TIDES.id, k=10, within=[SURGE.id])] == [SURGE.id]
    assert similar(shore, TIDES.id, k=1) == found[:1]
    with pytest.raises(PaperNotFound, match="pmid:1"):
        similar(shore, "pmid:1", k=1)


@pytest.mark.parametrize(
    ("question", "kind", "cited"),
    [
        ("arxiv:2403.05530", "paper", [TIDES.id]),
        ("Show me the abstract of Storm surges and tides", "paper", [SURGE.id]),
        ("storm surges and tides", "paper", [SURGE.id]),
        ("the paper FIT", "paper", [WAVES.id]),
        ("Find the paper Forecasting tides from", "paper", [TIDES.id]),
        ("Show me papers titled storm surges and tides", "paper", [SURGE.id]),
        ('find papers "Baking bread"', "paper", [BREAD.id]),
        ("find papers doi:10.1234/waves", "paper", [WAVES.id]),
        ("https://arxiv.org/abs/2403.99999", "paper", []),
    ],
)
def test_a_paper_asked_for_is_told(
    shore: Corpus, question: str, kind: str, cited: list[str]
) -> None:
    answer = Assistant(shore).ask(question)
    assert (answer.kind, [one.paper_id for one in answer.citations]) == (kind, cited)
    assert answer.status == ("answered" if cited else "no_answer")
    assert verify(answer, {one.id: one.abstract for one in PAPERS}) == []


@pytest.mark.parametrize(
    "question",
    [
        "Find papers with forecasting tides from",
        "Show me papers forecasting tides from the moon",
        "find studies for storm surges and tides",
        "find the paper with tides from the moon",
        "Show me papers FIT",
        "summarize the paper baking many loaves",
    ],
)
def test_a_topic_is_no_title_though_a_title_holds_its_words(shore: Corpus, question: str) -> None:
    shore.add(paper(f"pmid:{n}", f"Baking many loaves, {n}", f"Loaf {n} rises.") for n in range(4))
    assert Assistant(shore).ask(question).kind != "paper"


def test_an_id_that_is_not_there_is_said(shore: Corpus) -> None:
    assert Assistant(shore).ask("2403.99999").coverage.unknown_id == "arxiv:2403.99999"


@pytest.mark.parametrize(
    "question",
    ["papers like FiT", "What is similar to FiT?", "similar papers to FiT", "more like [1] (FiT)"],
)
def test_papers_like_one_are_listed_with_a_sentence_each(shore: Corpus, question: str) -> None:
    answer = Assistant(shore).ask(question)
    assert answer.kind == "similar"
    cited = [one.paper_id for one in answer.citations]
    assert TIDES.id not in cited
    assert WAVES.id in cited
    assert len(answer.quotes) == len(cited)
    assert all(quote.why is None for quote in answer.quotes)
    assert verify(answer, {one.id: one.abstract for one in PAPERS}) == []


def test_what_names_no_paper_is_an_ordinary_question(shore: Corpus) -> None:
    assistant = Assistant(shore)
    asked = ("papers like rain", "Show me papers on tides", "the paper about the sun", "FiT")
    assert {assistant.ask(question).kind for question in asked} <= {"list", "factoid"}
