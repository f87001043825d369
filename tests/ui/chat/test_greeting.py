import re
from datetime import UTC, datetime
from pathlib import Path

from assistant.assistant import Assistant
from store.corpus import Corpus
from store.embedding import Embedder
from store.papers import Paper
from tests.ui.render.test_render import text_of
from ui.chat.collection import Collection
from ui.chat.greeting import greeting
from ui.render import welcome_html


def paper(number: int, **known: object) -> Paper:
    made = {"id": f"title:{number}", "title": f"Paper {number}", "abstract": "It is short."}
    return Paper.model_validate({**made, **known})


def test_a_collection_is_told_in_its_own_figures(embedder: Embedder, tmp_path: Path) -> None:
    with Corpus(tmp_path / "store", embedder, write=True) as corpus:
        assert corpus.last_added is None
        assert text_of(welcome_html(Collection.of(corpus))).startswith("No papers yet")
        corpus.add([paper(1, published="2019", venue="<ACL>"), paper(2, published="2024-03-11")])
        corpus.add([paper(3, venue="<ACL>"), paper(4, venue="EMNLP"), paper(5, listed=("Mar 2",))])
        today = datetime.now(UTC).date().isoformat()
        known = Collection.of(corpus)
        assert known == Collection(
            papers=5,
            published=("2019", "2024-03-11"),
            listed=("Mar 2", "Mar 2"),
            column="venue",
            named=(("<ACL>", 2), ("EMNLP", 1)),
            values=2,
            added=today,
        )
        shown = welcome_html(known)
        said = text_of(shown.replace("</tr>", "\n"))
        assert "Ask 5 paper abstracts" in said
        assert "Published2019 – March 2024\n" in said
        assert "Venues<ACL> 2, EMNLP 1\n" in said
        assert not re.search("<ACL>", shown)


def test_the_venues_of_fewest_papers_are_counted_only() -> None:
    named = (("A", 9), ("B", 5), ("C", 2))
    shown = welcome_html(Collection(papers=20, column="source", named=named, values=5))
    assert "SourcesA 9, B 5, C 2 and 2 more" in text_of(shown)


def test_the_greeting_of_one_paper_offers_what_it_answers(assistant: Assistant) -> None:
    every = greeting(assistant, examples=["What is X?"])
    assert every.examples == ("What is X?",)
    assert every.prompt == f"Ask {len(assistant.corpus)} abstracts a question"
    one = next(one for one in assistant.corpus.papers() if one.title.startswith("HyenaDNA"))
    about = greeting(assistant, examples=["What is X?"], paper_id=one.id)
    assert one.title in text_of(about.welcome)
    assert about.examples[0] == "What is HyenaDNA?"
    assert "What is X?" not in about.examples
    assert greeting(assistant, examples=[], paper_id="title:none").prompt.endswith("a question")
