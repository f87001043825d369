"""Chunk: windows of three sentences, exact, each sentence in one of them."""

from hypothesis import given
from hypothesis import strategies as st

from store.chunks import WINDOW, WINDOW_CHARACTERS, Chunk, chunk, embedded_text
from store.papers import Paper
from store.sentences import sentence_spans

SENTENCES = st.lists(
    st.sampled_from(
        ["It works.", "We win by 3.5%!", "Does it?", "Ünïcode 😀 too.", "Long " * 80 + "one.", "\n"]
    ),
    min_size=1,
    max_size=12,
).map(" ".join)
ABSTRACTS = (SENTENCES | st.text(st.characters(exclude_categories=["Cs"]))).filter(str.strip)


def paper(abstract: str) -> Paper:
    return Paper(id="arxiv:2403.05530", title="A title", abstract=abstract)


def test_three_sentences_make_a_window_and_the_rest_another() -> None:
    parts = chunk(paper("One. Two. Three. Four."))
    assert parts == [
        Chunk("arxiv:2403.05530", 0, 16, "One. Two. Three."),
        Chunk("arxiv:2403.05530", 17, 22, "Four."),
    ]
    assert [part.id for part in parts] == ["arxiv:2403.05530:0-16", "arxiv:2403.05530:17-22"]


def test_every_window_but_the_last_is_full() -> None:
    parts = chunk(paper("A1. B2. C3. D4. E5. F6. G7. H8."))
    assert [part.text for part in parts] == ["A1. B2. C3.", "D4. E5. F6.", "G7. H8."]


def test_a_window_ends_before_it_grows_too_long() -> None:
    long = "x" * 499 + "."
    parts = chunk(paper(f"{long} {long} It ends."))
    assert [(part.start, part.end) for part in parts] == [(0, 500), (501, 1010)]


def test_one_sentence_beyond_the_limit_is_a_window_of_its_own() -> None:
    longest = "x" * 1200 + "."
    assert [part.text for part in chunk(paper(f"{longest} It ends."))] == [longest, "It ends."]


def test_the_title_stands_before_what_is_embedded() -> None:
    assert embedded_text("A title", "It works.") == "A title\nIt works."


@given(ABSTRACTS)
def test_chunks_partition_the_sentences_and_are_exact(abstract: str) -> None:
    record = paper(abstract)
    parts = chunk(record)
    sentences = sentence_spans(abstract)
    at = 0
    for part in parts:
        assert record.abstract[part.start : part.end] == part.text
        inside = [span for span in sentences if part.start <= span.start and span.end <= part.end]
        assert inside == sentences[at : at + len(inside)]
        assert (part.start, part.end) == (inside[0].start, inside[-1].end)
        assert 1 <= len(inside) <= WINDOW
        assert len(inside) == 1 or len(part.text) <= WINDOW_CHARACTERS
        at += len(inside)
    assert at == len(sentences) > 0
