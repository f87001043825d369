"""What is suggested to ask next: made from the papers, and tried before it is offered."""

from assistant.answer import Answer, Citation, Context, Coverage, Kind, Quote
from assistant.assistant import FOLLOW_UPS, Assistant
from assistant.composition.suggestion import questions_about, questions_after
from assistant.conversation import Turn
from store.papers import Paper, sha256

FERRY = Paper(
    id="title:ferry",
    title="Ferry: Carrying Tokens Across",
    abstract=(
        "We present Ferry. It works by carrying tokens in boats. Ferry is faster than RaftNet"
        " and Ferry-Mini. Code is available at https://example.org/ferry."
    ),
)
NAMELESS = Paper(
    id="title:nameless",
    title="On the Depth of Rivers",
    abstract="We measure depth using ropes. Rivers are deeper than lakes.",
)


def answered(paper: Paper, start: int, end: int, *, kind: Kind = "factoid") -> Answer:
    """Return an answer that quotes one stretch of one paper."""
    return Answer(
        question="How do tokens cross?",
        query="How do tokens cross?",
        kind=kind,
        status="answered",
        confidence=0.9,
        quotes=(
            Quote(
                text=paper.abstract[start:end],
                paper_id=paper.id,
                start=start,
                end=end,
                citation=1,
                score=0.9,
                context=Context(start=start, end=end),
            ),
        ),
        citations=(
            Citation(
                number=1,
                paper_id=paper.id,
                title=paper.title,
                abstract_sha256=sha256(paper.abstract),
            ),
        ),
        coverage=Coverage(papers_searched=2),
        snapshot="0" * 64,
        version="0",
    )


def test_a_paper_is_asked_for_what_its_unquoted_sentences_say() -> None:
    # The first sentence, "We present Ferry.", is quoted: 17 characters.
    asked = list(questions_after(answered(FERRY, 0, 17), cited=[FERRY], related=[]))
    assert asked == [
        "How does Ferry work?",
        "How does Ferry compare with RaftNet?",
        "Is the code of Ferry available?",
        "What does Ferry achieve?",
    ]


def test_what_is_quoted_already_is_not_asked_for() -> None:
    # "It works by carrying tokens in boats." is the only sentence on how it works.
    start = FERRY.abstract.index("It works")
    end = FERRY.abstract.index(" Ferry is faster")
    asked = list(questions_after(answered(FERRY, start, end), cited=[FERRY], related=[]))
    assert "How does Ferry work?" not in asked


def test_a_paper_without_a_name_is_it_where_the_answer_is_about_one_thing() -> None:
    # 29 characters: "We measure depth using ropes."
    last = NAMELESS.abstract.index("Rivers are"), len(NAMELESS.abstract)
    one = answered(NAMELESS, *last)
    assert list(questions_after(one, cited=[NAMELESS], related=[])) == ["How does it work?"]
    many = answered(NAMELESS, *last, kind="list")
    assert list(questions_after(many, cited=[NAMELESS], related=[])) == []


def test_related_papers_take_turns_with_the_cited_one() -> None:
    asked = questions_after(answered(FERRY, 0, 17), cited=[FERRY], related=[NAMELESS, FERRY])
    assert list(asked)[:3] == [
        "How does Ferry work?",
        "What is Ferry?",
        "How does Ferry compare with RaftNet?",
    ]
    assert list(questions_about([NAMELESS])) == []


def test_what_is_offered_is_answered_with_something_new(assistant: Assistant) -> None:
    offered = 0
    for question in ("What is HyenaDNA?", "How does Token Recycling work?"):
        answer = assistant.ask(question)
        shown = {(quote.paper_id, quote.start) for quote in answer.quotes}
        suggested = assistant.follow_ups(answer)
        assert len(suggested) <= FOLLOW_UPS
        assert suggested == assistant.follow_ups(answer)
        assert question not in suggested
        assert assistant.with_follow_ups(answer).follow_ups == suggested
        for text in suggested:
            offered += 1
            said = assistant.ask(text, turns=[Turn(question, answer)])
            assert said.status == "answered"
            assert (said.quotes[0].paper_id, said.quotes[0].start) not in shown
    assert offered >= 2


def test_after_no_answer_nothing_is_offered(assistant: Assistant) -> None:
    answer = assistant.ask("How long should sourdough proof?")
    assert assistant.follow_ups(answer) == ()
    assert answer.follow_ups == ()
