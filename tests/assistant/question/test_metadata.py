"""What a question says of authors, venue and date, and the papers that it is then asked of."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.assistant import Assistant
from assistant.composition.statements import statements
from assistant.query import Filters
from assistant.question.metadata import metadata_in
from assistant.verification.verify import verify
from store.corpus import Corpus
from store.embedding import Embedder
from store.papers import Paper


def paper(
    name: str, abstract: str, *, authors: tuple[str, ...], published: str, venue: str | None
) -> Paper:
    return Paper(
        id=f"title:{name}",
        title=name,
        abstract=abstract,
        authors=authors,
        published=published,
        venue=venue,
        categories=("cs.CL",),
    )


PAPERS = (
    paper(
        "Attention",
        "Reading is slow. We propose attention for parsing sentences of a language.",
        authors=("Noam Shazeer", "Ann Lee"),
        published="2023-06-12",
        venue="ACL 2023",
    ),
    paper(
        "Mixtures",
        "We present a mixture of experts for speech.",
        authors=("Noam Shazeer",),
        published="2024-03-11",
        venue="acl2024",
    ),
    paper(
        "Trees",
        "We describe a parser of sentences into trees, for parsing.",
        authors=("Bo Lee", "Laurens van der Maaten"),
        published="2024-03",
        venue="ACL 2024",
    ),
    paper(
        "Bread",
        "Yeast makes dough rise.",
        authors=("Mary Ann Lee", "the"),
        published="2023",
        venue="Journal of Food",
    ),
)


@pytest.fixture(scope="module")
def corpus(embedder: Embedder, tmp_path_factory: pytest.TempPathFactory) -> Any:
    with Corpus(tmp_path_factory.mktemp("metadata"), embedder, write=True) as corpus:
        corpus.add(PAPERS)
        yield corpus


SHAZEER, LEE = {"authors": ("Noam Shazeer",)}, {"authors": ("Lee",)}
IN_2023, IN_2024 = {"since": "2023", "until": "2023"}, {"since": "2024", "until": "2024"}
MARCH = {"since": "2024-03", "until": "2024-03"}
ACL_2024 = {"venues": ("ACL 2024", "acl2024")}
ACL = {"venues": ("ACL 2023", "ACL 2024", "acl2024")}


@pytest.mark.parametrize(
    ("question", "filters", "rest"),
    [
        ("papers by Noam Shazeer", SHAZEER, "papers"),
        ("Which papers by Noam Shazeer use experts?", SHAZEER, "Which papers use experts"),
        ("Noam Shazeer's papers on speech", SHAZEER, "papers on speech"),
        ("work by shazeer", {"authors": ("shazeer",)}, "work"),
        ("papers by N. Shazeer", {"authors": ("N. Shazeer",)}, "papers"),
        ("papers from cs.CL on parsing", {"categories": ("cs.CL",)}, "papers on parsing"),
        ("cs.CL papers", {"categories": ("cs.CL",)}, "papers"),
        ("papers by van der Maaten", {"authors": ("van der Maaten",)}, "papers"),
        ("What did Lee et al. publish in 2023?", LEE | IN_2023, "papers"),
        (
            "What has Noam Shazeer written about speech since 2024?",
            SHAZEER | {"since": "2024"},
            "papers about speech",
        ),
        ("ACL 2024 papers on parsing", ACL_2024, "papers on parsing"),
        ("acl 2024 papers on parsing", ACL_2024, "papers on parsing"),
        ("which papers on parsing were published at ACL?", ACL, "which papers on parsing"),
        ("ACL papers from 2024", ACL | IN_2024, "papers"),
        ("papers from March 2024 about parsing", MARCH, "papers about parsing"),
        ("How many papers are from 2023?", IN_2023, "How many papers"),
        ("how many papers on dough by Lee", LEE, "how many papers on dough"),
        ("parsing papers by Lee and colleagues", LEE, "parsing papers"),
        (
            "articles in the Journal of Food published before 2024",
            {"venues": ("Journal of Food",), "until": "2023"},
            "articles",
        ),
        ("2023 papers about dough", IN_2023, "papers about dough"),
    ],
)
def test_what_the_records_hold_is_read_and_taken_out(
    corpus: Corpus, question: str, filters: dict[str, Any], rest: str
) -> None:
    told = metadata_in(corpus, question)
    assert told is not None
    assert told.filters == Filters(**filters)
    assert told.rest == rest


@pytest.mark.parametrize(
    "question",
    [
        "papers by Nobody",
        "papers by the",
        "Which papers speed up decoding by speculation?",
        "papers in food",
        "NeurIPS papers on parsing",
        "papers about the election in 2020",
        "What did yeast do in 2023?",
        "Which articles of the treaty are in force?",
        "Is Lee faster than Shazeer?",
        "papers",
        "",
    ],
)
def test_other_questions_are_left_as_they_are(corpus: Corpus, question: str) -> None:
    assert metadata_in(corpus, question) is None


WORDS = (
    "papers",
    "by",
    "in",
    "from",
    "Lee",
    "ACL",
    "2024",
    "March",
    "on",
    "parsing",
    "did",
    "what",
)


@settings(max_examples=50)
@given(st.lists(st.sampled_from(WORDS), max_size=12))
def test_nothing_but_the_words_of_the_question_is_left(corpus: Corpus, words: list[str]) -> None:
    told = metadata_in(corpus, " ".join(words))
    assert told is None or set(told.rest.split()) <= {*words, "papers"}


def cited(assistant: Assistant, question: str, **filters: Any) -> list[str]:
    answer = assistant.ask(question, filters=Filters(**filters) if filters else None)
    assert verify(answer, {one.id: one.abstract for one in PAPERS}) == []
    return [citation.title for citation in answer.citations]


def test_without_a_topic_the_papers_come_newest_first(corpus: Corpus) -> None:
    answer = Assistant(corpus).ask("papers by Noam Shazeer")
    assert [quote.text for quote in answer.quotes] == [
        "We present a mixture of experts for speech.",
        "We propose attention for parsing sentences of a language.",
    ]
    assert answer.filters == Filters(authors=("Noam Shazeer",))
    assert answer.coverage.papers_searched == 2
    assert answer.coverage.missing_terms == ()
    assert [str(one) for one in statements(answer)] == [
        "Searched in papers by Noam Shazeer.",
        "2 papers are here to be searched.",
    ]


def test_with_a_topic_only_those_papers_are_searched(corpus: Corpus) -> None:
    assistant = Assistant(corpus)
    assert cited(assistant, "ACL 2024 papers on parsing") == ["Trees"]
    assert cited(assistant, "ACL 2023 papers on parsing") == ["Attention"]
    assert cited(assistant, "papers from 2023 on parsing") == ["Attention"]


def test_what_the_asker_gave_must_hold_as_well(corpus: Corpus) -> None:
    assistant = Assistant(corpus)
    assert cited(assistant, "papers by Noam Shazeer", since="2024") == ["Mixtures"]
    assert cited(assistant, "papers by Noam Shazeer", authors=("Ann Lee",)) == ["Attention"]
    assert cited(assistant, "papers from 2023", since="2024") == []


def test_the_same_filters_given_beside_change_nothing(corpus: Corpus) -> None:
    assistant = Assistant(corpus)
    answer = assistant.ask("ACL papers from 2024 by Lee")
    assert assistant.ask("ACL papers from 2024 by Lee", filters=answer.filters) == answer
