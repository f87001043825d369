"""The lexical index: BM25 by the book, names, ties, filters; the papers alone decide."""

import math
import shutil
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.catalog import Catalog, Entry
from store.hits import Hit
from store.lexical import LexicalIndex, open_to_read
from store.seal import break_seal, put_seal

MakeEntry = Callable[..., Entry]
NAMES = st.permutations("abcdefghij")
CUTS = st.lists(st.integers(1, 9), max_size=4, unique=True).map(sorted)


def filled(catalog: Catalog, folder: Path | None = None) -> LexicalIndex:
    index = LexicalIndex(folder)
    index.fill(catalog)
    return index


def found(index: LexicalIndex, text: str, *, k: int = 10, **limits: Sequence[str]) -> list[str]:
    return [hit.id.removeprefix("title:") for hit in index.search(text, k=k, **limits)]


def test_scores_are_bm25_with_the_title_counted_twice(catalog: Catalog, entry: MakeEntry) -> None:
    # Three papers of 6 terms each; "zebra" stands in one title, so twice, and in one abstract.
    # idf = ln(1 + (3 - 2 + 0.5) / (2 + 0.5)) = 0.4700036; every length is the average, so
    # tf 2 gives 2 * 2.2 / (2 + 1.2) = 1.375 and tf 1 gives 2.2 / 2.2 = 1.
    for name, title, abstract in [
        ("a", "Zebra grass", "Savanna lion"),
        ("b", "Lion rock", "Zebra savanna"),
        ("c", "Lion rock", "Savanna grass"),
    ]:
        catalog.write([entry(name, abstract, title=title)])
    hits = filled(catalog).search("zebra", k=5)
    assert [(hit.id, hit.rank, hit.source) for hit in hits] == [
        ("title:a", 1, "lexical"),
        ("title:b", 2, "lexical"),
    ]
    assert [hit.score for hit in hits] == pytest.approx([0.646255, 0.470004], abs=1e-5)


def test_a_compound_is_found_however_it_is_written(catalog: Catalog, entry: MakeEntry) -> None:
    catalog.write(
        [
            entry("a", "Pre-training of GPT-4."),
            entry("b", "Pretraining of GPT4."),
            entry("c", "The zebra grazes."),
        ]
    )
    index = filled(catalog)
    for question in ("pretraining", "pre-training", "GPT4", "GPT-4", "gpt 4"):
        assert sorted(found(index, question)) == ["a", "b"], question
    # Written apart and whole it is one thing, and counts as much as its better form alone.
    whole = {hit.id: hit.score for hit in index.search("pretraining", k=5)}
    apart = {hit.id: hit.score for hit in index.search("pre training", k=5)}
    both = {hit.id: hit.score for hit in index.search("pre-training", k=5)}
    assert both == {"title:a": max(whole["title:a"], apart["title:a"]), "title:b": whole["title:b"]}


NAMED = {
    "fit": ("FIT: Folded Iterative Trees", "We present FIT, which folds trees."),
    "fits": ("FiT: Fluid Tiles", "FiT tiles a plane. FiT is fluid. How FiT fits is shown."),
    "ems": ("EMS: Evict, Merge, Store", "EMS keeps what matters."),
    "sd": ("EMS-SD: Early Multi-Stage Drafts", "EMS-SD drafts early."),
    "magnet": ("MAGNET: Making Grids Neat", "MAGNET makes grids neat."),
    "net": ("Masks for audio", "MAGNeT masks audio. With MAGNeT, audio is masked by MAGNeT."),
    "octopus": ("Octopus: A Toolkit", "A toolkit with eight arms."),
    "v4": ("Octopus v4: A Graph", "Octopus v4 is a graph. Octopus v4 routes. Octopus is fast."),
}


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("What is FIT?", "fit"),
        ("What is FiT?", "fits"),
        ("What is EMS?", "ems"),
        ("What is EMS-SD?", "sd"),
        ("What does MAGNET do?", "magnet"),
        ("What does MAGNeT do?", "net"),
        ("What is Octopus?", "octopus"),
        ("What is Octopus v4?", "v4"),
    ],
)
def test_a_name_finds_the_paper_that_holds_it_letter_for_letter(
    catalog: Catalog, entry: MakeEntry, question: str, first: str
) -> None:
    catalog.write([entry(name, text, title=title) for name, (title, text) in NAMED.items()])
    hits = filled(catalog).search_names(question, k=10)
    assert hits[0].id == f"title:{first}"
    assert len(hits) == 1 or hits[0].score > hits[1].score


def test_papers_are_counted_that_hold_every_word(catalog: Catalog, entry: MakeEntry) -> None:
    texts = {"a": "Fish swim in pre-training.", "b": "Fish fly.", "c": "FiT swims with fish."}
    catalog.write([entry(name, text) for name, text in texts.items()])
    index = filled(catalog)
    counted = {"fish": 3, "swimming fish": 2, "pretraining": 1, "FiT": 1, "FIT": 0, "fit": 1}
    assert {text: index.count(text) for text in counted} == counted
    assert (index.count("the of"), index.count("")) == (0, 0)
    assert index.count("fish", within=["title:a", "title:b", "title:x"]) == 2
    assert index.count("fish", within=[]) == 0
    many = [f"title:{number}" for number in range(5000)]
    assert index.count("fish", within=[*many, "title:c"]) == 1


def test_a_name_is_counted_alone_and_at_a_hyphen_of_a_longer_one(
    catalog: Catalog, entry: MakeEntry
) -> None:
    texts = ("GPT writes.", "GPT-4 writes.", "GPT-3.5 writes.", "A nano-GPT writes.", "gpt writes.")
    others = ("GPTQ and ChatGPT write.", "GPT4 writes.", "Llama 3 writes.", "LLaMA-3 writes.")
    catalog.write([entry(f"{at}", text) for at, text in enumerate((*texts, *others))])
    counted = {"GPT": 4, "GPT-4": 2, "GPT4": 2, "GPT-3": 0, "GPT-3.5": 1, "GPTQ": 1}
    # In plain letters it is no name, and is counted in any.
    counted |= {"Llama-3": 2, "LLaMA-3": 1, "writing GPT-4": 2}
    index = filled(catalog)
    assert {text: index.count(text) for text in counted} == counted


def test_a_name_in_lower_case_says_nothing(catalog: Catalog, entry: MakeEntry) -> None:
    for name, title in (("a", "FIT: Folding"), ("b", "FiT: Folding"), ("c", "Grass: Growing")):
        catalog.write([entry(name, "Text.", title=title)])
    index = filled(catalog)
    assert index.search_names("what is fit", k=5) == []
    first, second = index.search("What is FIT?", k=5)
    assert (first.id, second.id, first.score) == ("title:a", "title:b", second.score)


def test_a_name_counts_half_a_word_and_an_own_name_two(catalog: Catalog, entry: MakeEntry) -> None:
    # Both fields are of average length in each paper. The exact word stands in one paper of four:
    # idf ln(1 + 3.5 / 1.5). Once in the title, which is taken twice, and once in the abstract: tf 3
    # gives 3 * 2.2 / 4.2.
    for name in ("FIT", "FiT", "Zoo", "Yak"):
        catalog.write([entry(name, f"{name} folds", title=f"{name}: Folding")])
    idf = math.log(1 + 3.5 / 1.5)
    (hit,) = filled(catalog).search_names("How does FIT fold?", k=5)
    assert (hit.id, hit.score) == (
        "title:FIT",
        pytest.approx(0.5 * idf * 3 * 2.2 / 4.2 + 2 * idf, abs=1e-4),
    )


def test_names_are_sought_within_a_limit(catalog: Catalog, entry: MakeEntry) -> None:
    catalog.write([entry(name, "GPT-4 writes.") for name in "abc"])
    index = filled(catalog)
    hits = index.search_names("GPT-4", k=5, within=["title:c"])
    assert [hit.id for hit in hits] == ["title:c"]
    assert index.search_names("GPT-4", k=5, within=[]) == []


def test_the_vocabulary_is_of_words_in_lower_case(catalog: Catalog, entry: MakeEntry) -> None:
    catalog.write([entry("a", "Zebras graze, zebras run."), entry("b", "Zoos keep zebras: z3.")])
    index = filled(catalog)
    assert index.vocabulary("z") == {"zebras": 2}
    assert index.vocabulary("Z") == {}
    catalog.write([entry("c", "Two zoos hold zebras.")])
    index.apply(catalog, catalog.changes(1))
    assert index.vocabulary("z") == {"zebras": 3, "zoos": 1}


def test_a_rare_word_weighs_more_than_a_common_one(catalog: Catalog, entry: MakeEntry) -> None:
    catalog.write([entry(name, "Common words.") for name in "abc"] + [entry("d", "Rare words.")])
    assert found(filled(catalog), "common rare")[0] == "d"


def test_equals_at_the_cutoff_are_chosen_by_id(catalog: Catalog, entry: MakeEntry) -> None:
    index = LexicalIndex(None)
    for generation, name in enumerate("hgfedcba"):
        catalog.write([entry(name, "Equal text.", title="Same")])
        index.apply(catalog, catalog.changes(generation))
    assert [found(index, "equal", k=k) for k in (1, 3, 8, 20)] == [
        ["a"],
        ["a", "b", "c"],
        list("abcdefgh"),
        list("abcdefgh"),
    ]


@settings(max_examples=15)
@given(NAMES, CUTS)
def test_neither_order_nor_batches_of_writing_change_a_hit(
    tmp_path_factory: pytest.TempPathFactory, entry: MakeEntry, names: list[str], cuts: list[int]
) -> None:
    folder = tmp_path_factory.mktemp("catalog")
    catalog = Catalog(f"sqlite:///{folder / 'catalog.sqlite3'}")
    grown = LexicalIndex(None)
    for start, end in zip([0, *cuts], [*cuts, len(names)], strict=True):
        before = catalog.generation
        catalog.write([_varied(entry, name) for name in names[start:end]])
        grown.apply(catalog, catalog.changes(before))
    whole = filled(catalog)
    for question in ("alpha", "beta gamma", "alpha beta gamma delta"):
        for k in (1, 4, 10):
            hits = grown.search(question, k=k)
            assert hits == whole.search(question, k=k)
            assert hits == EXPECTED.setdefault((question, k), hits)
    catalog.close()


#: What the first order of writing found; every other one must find the same.
EXPECTED: dict[tuple[str, int], list[Hit]] = {}


def _varied(entry: MakeEntry, name: str) -> Entry:
    kinds = ("Alpha beta.", "Alpha gamma gamma.", "Beta delta epsilon zeta.", "Alpha beta.")
    return entry(name, kinds[ord(name) % 4], title="Title")


def test_a_replaced_or_removed_paper_leaves_no_trace_in_scores(
    catalog: Catalog, entry: MakeEntry
) -> None:
    catalog.write([entry("a", "Zebra grass."), entry("b", "Lion rock."), entry("c", "Zebra.")])
    index = filled(catalog)
    catalog.write([entry("a", "Lion grass.")])
    catalog.remove(["title:c"])
    index.apply(catalog, catalog.changes(1))
    assert index.is_level(catalog)
    assert found(index, "zebra") == []
    assert index.search("lion", k=5) == filled(catalog).search("lion", k=5)
    assert index.document_frequency("lion") == 2


def test_a_limit_finds_only_its_papers_and_an_empty_one_nothing(
    catalog: Catalog, entry: MakeEntry
) -> None:
    catalog.write([entry(name, "Zebra.") for name in "abc"])
    index = filled(catalog)
    assert found(index, "zebra", within=["title:c", "title:b", "title:x"]) == ["b", "c"]
    assert found(index, "zebra", within=[]) == []
    many = ["title:c", *(f"title:unknown{n}" for n in range(2000))]
    assert found(index, "zebra", within=many) == ["c"]
    assert found(index, "zebra", k=1, within=["title:b", *many]) == ["b"]
    every = index.search("zebra", k=5)
    assert index.search("zebra", k=5, within=["title:a", "title:b", "title:c"]) == every


@pytest.mark.parametrize("question", ["", "the of", "unknown"])
def test_a_question_without_a_known_term_finds_nothing(
    catalog: Catalog, entry: MakeEntry, question: str
) -> None:
    catalog.write([entry("a", "Zebra.")])
    assert found(filled(catalog), question) == []


def test_a_reader_takes_the_sealed_files_and_follows_no_later_change(
    catalog: Catalog, entry: MakeEntry, tmp_path: Path
) -> None:
    folder = tmp_path / "lexical"
    catalog.write([entry("a", "Zebra.")])
    writer = filled(catalog, folder)
    put_seal(folder, catalog.generation, covers=LexicalIndex.covers)
    before = _files(folder)
    reader = open_to_read(folder, catalog)
    assert (found(reader, "zebra"), _files(folder)) == (["a"], before)
    break_seal(folder)
    catalog.remove(["title:a"])
    writer.apply(catalog, catalog.changes(1))
    # A reader that watched its files would look at them every half second.
    time.sleep(1)
    assert found(reader, "zebra") == ["a"]


@pytest.mark.parametrize("state", ["absent", "unsealed", "behind", "spoilt"])
def test_a_reader_makes_its_own_where_the_files_cannot_be_used(
    catalog: Catalog, entry: MakeEntry, tmp_path: Path, state: str
) -> None:
    folder = tmp_path / "lexical"
    catalog.write([entry("a", "Zebra.")])
    filled(catalog, folder)
    put_seal(folder, catalog.generation, covers=LexicalIndex.covers)
    if state == "absent":
        shutil.rmtree(folder)
    elif state == "unsealed":
        break_seal(folder)
    elif state == "behind":
        catalog.write([entry("b", "Lion.")])
    else:
        (folder / ".managed.json").write_text("spoilt")
    before = _files(folder)
    assert found(open_to_read(folder, catalog), "zebra") == ["a"]
    assert _files(folder) == before


def _files(folder: Path) -> dict[str, bytes]:
    return {str(file): file.read_bytes() for file in folder.rglob("*") if file.is_file()}
