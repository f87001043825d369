"""Identity: one paper from many sources, whatever the order in which they come."""

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from store.adding import AddReport, add_batch
from store.catalog import Catalog
from store.embedding import Embedder, Model
from store.identity import contradict, keys, namesakes
from store.papers import Paper, namesake_id, paper_id, published_ids, title_key


class Lengths:
    """A backend whose vectors say how long a text is, and that remembers what it embedded."""

    dimension = 2

    def __init__(self) -> None:
        self.embedded: list[str] = []

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        self.embedded.extend(texts)
        return np.array([[len(text), 1] for text in texts], dtype=np.float32)


def counted(batch: Collection[Paper]) -> tuple[int, int, int, int]:
    report = AddReport()
    add_batch(Catalog("sqlite://"), Embedder(_model(), Lengths(), prompts={}), list(batch), report)
    return report.added, report.updated, report.unchanged, len(report.skipped)


def paper(title: str, abstract: str = "It works.", **fields: Any) -> Paper:
    named = {name: fields.pop(name) for name in ("arxiv", "doi", "pmid") if name in fields}
    ids = published_ids(**named) or (paper_id(title),)
    return Paper(
        id=ids[0], aliases=tuple(sorted(ids[1:])), title=title, abstract=abstract, **fields
    )


def stored(*batches: Collection[Paper], backend: Lengths | None = None) -> Catalog:
    catalog = Catalog("sqlite://")
    embedder = Embedder(Model("lengths", Path(), "0" * 64), backend or Lengths(), prompts={})
    for batch in batches:
        add_batch(catalog, embedder, list(batch), AddReport())
    return catalog


def ids(*batches: Collection[Paper]) -> list[str]:
    return stored(*batches).paper_ids()


def test_a_paper_known_by_its_title_gets_its_doi_and_then_its_arxiv_id() -> None:
    backend = Lengths()
    listed = paper("On Rocks", listed=("Mar 11",), source="page.txt")
    published = paper("On rocks.", venue="Journal of Rocks", doi="10.1000/3")
    preprint = paper("On {R}ocks", "It works well.", arxiv="2403.05530v2", authors=("Ann Lee",))
    both = paper("Rocks, Revisited", "It works well.", arxiv="2403.05530", doi="10.1000/3")
    catalog = stored([listed], [published], [preprint], [both], backend=backend)
    assert catalog.paper_ids() == ["arxiv:2403.05530"]
    kept = catalog.papers(["arxiv:2403.05530"])["arxiv:2403.05530"]
    assert kept.aliases == ("doi:10.1000/3",)
    assert (kept.listed, kept.source, kept.venue) == (("Mar 11",), "page.txt", "Journal of Rocks")
    assert kept.authors == ("Ann Lee",)
    for known_as in (listed.id, "doi:10.1000/3", title_key("Rocks, Revisited"), kept.id):
        assert catalog.owners([known_as]) == {known_as: [kept.id]}
    assert [chunk_id for chunk_id, _ in catalog.chunks()] == [f"{kept.id}:0-14"]


def test_a_better_id_is_taken_without_embedding_the_text_again() -> None:
    backend = Lengths()
    catalog = stored([paper("On Rocks")], [paper("On Rocks", doi="10.1000/3")], backend=backend)
    assert backend.embedded == ["On Rocks\nIt works."]
    ((chunk_id, vector),) = catalog.chunks()
    assert (chunk_id, list(vector)) == ("doi:10.1000/3:0-9", [18, 1])
    changes = catalog.changes(1)
    assert changes.dropped_chunks == (f"{paper_id('On Rocks')}:0-9",)
    assert changes.written_papers == ("doi:10.1000/3",)


def test_one_record_can_show_that_two_papers_are_one() -> None:
    apart = [paper("On Rocks", arxiv="2403.05530"), paper("Rocks, Revisited", pmid="123")]
    assert ids(apart) == ["arxiv:2403.05530", "pmid:123"]
    bridge = paper("Rocks", arxiv="2403.05530", pmid="123")
    assert ids(apart, [bridge]) == ids([*apart, bridge]) == ["arxiv:2403.05530"]
    catalog = stored(apart, [bridge])
    assert catalog.counts() == (1, 1)
    assert catalog.owners([title_key(each.title) for each in apart]).keys() == {
        title_key(each.title) for each in apart
    }


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"doi": "10.1000/3"}, {"doi": "10.1000/4"}),
        ({"arxiv": "2403.05530"}, {"arxiv": "2403.05531", "doi": "10.1000/4"}),
        (
            {"doi": "10.1000/3", "authors": ("Ann Lee", "B. Ray")},
            {"pmid": "4", "authors": ("Müller, Bo",)},
        ),
    ],
)
def test_papers_of_one_title_stay_apart_where_something_contradicts(
    one: dict[str, Any], other: dict[str, Any]
) -> None:
    first, second = paper("Editorial", **one), paper("Editorial", **other)
    assert namesakes(first, second)
    assert ids([first], [second]) == ids([second, first]) == sorted([first.id, second.id])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"doi": "10.1000/3"}, {"arxiv": "2403.05530"}),
        ({"authors": ("Lee A",), "doi": "10.1000/3"}, {"authors": ("Ann Lee", "Bo Ray")}),
        (
            {"authors": ("Bo Müller",), "pmid": "3"},
            {"authors": ("MULLER, B.",), "doi": "10.1000/3"},
        ),
    ],
)
def test_papers_of_one_title_are_one_where_nothing_contradicts(
    one: dict[str, Any], other: dict[str, Any]
) -> None:
    assert len(ids([paper("On Rocks", **one)], [paper("On rocks", **other)])) == 1


def test_one_wrong_identifier_does_not_make_two_papers_one() -> None:
    wolves = paper("Wolves", "They hunt.", arxiv="2401.00001", authors=("Ann Lee",))
    nets = paper(
        "Networks", "They learn.", arxiv="2402.00002", doi="10.1000/n", authors=("Bo Ray",)
    )
    wrong = paper("Wolves", "They hunt.", arxiv="2401.00001", doi="10.1000/n", authors=("Ann Lee",))
    assert contradict(wolves, nets) and contradict(wrong, nets) and not contradict(wrong, wolves)
    catalog = stored([wolves, nets], [wrong])
    kept = catalog.papers([wolves.id, nets.id])
    assert list(kept.values()) == [wolves, nets]
    assert catalog.owners(["doi:10.1000/n"]) == {"doi:10.1000/n": [nets.id]}


CHAPTERS = (
    paper("Volcanoes of Iceland", "Lava.", doi="10.1000/book", authors=("Ann Lee",)),
    paper("Frogs of Iceland", "Pools.", doi="10.1000/book", authors=("Bo Ray",)),
)


def test_chapters_with_the_identifier_of_their_book_are_all_kept() -> None:
    volcanoes, frogs = CHAPTERS
    for batches in ([CHAPTERS], [[volcanoes], [frogs]], [CHAPTERS, CHAPTERS]):
        catalog = stored(*batches)
        own = paper_id(frogs.title)
        assert catalog.papers([volcanoes.id, own]) == {
            volcanoes.id: volcanoes,
            own: frogs.model_copy(update={"id": own}),
        }
        assert catalog.counts().papers == 2
    assert counted(CHAPTERS) == (2, 0, 0, 0)


def test_a_paper_whose_every_name_is_anothers_gets_one_of_its_own() -> None:
    other = paper("Frogs of Iceland", "Ponds.", authors=("Cy Oak",))
    report = AddReport()
    catalog = stored([CHAPTERS[0], other])
    add_batch(catalog, Embedder(_model(), Lengths(), prompts={}), [CHAPTERS[1]], report)
    assert (report.added, report.updated, report.unchanged) == (1, 0, 0)
    assert catalog.papers([other.id]) == {other.id: other}
    own = namesake_id(CHAPTERS[1])
    assert catalog.papers([own]) == {own: CHAPTERS[1].model_copy(update={"id": own})}


@pytest.mark.parametrize(
    "apart",
    [
        [{"authors": ("Anna Berger",)}, {"authors": ("Carl Dunst",)}],
        [{"published": "2001"}, {"published": "2002-03"}, {"published": "2003-01-02"}],
        [{"url": "https://a.example/1"}, {"url": "https://a.example/2"}],
    ],
)
def test_papers_of_one_title_and_nothing_published_are_kept_apart(
    apart: list[dict[str, Any]],
) -> None:
    texts = ("Turnips grow here.", "Parsnips taste well.", "Leeks are left out.")
    papers = [paper("Introduction", text, **told) for text, told in zip(texts, apart, strict=False)]
    assert counted(papers) == (len(papers), 0, 0, 0)
    catalog = stored(papers)
    known = catalog.papers(catalog.paper_ids())
    assert sorted(one.abstract for one in known.values()) == sorted(texts[: len(papers)])
    # Each finds itself again, whichever comes first.
    report = AddReport()
    add_batch(catalog, Embedder(_model(), Lengths(), prompts={}), papers[::-1], report)
    assert (report.added, report.updated, report.unchanged) == (0, 0, len(papers))
    assert catalog.papers(catalog.paper_ids()) == known


def test_a_paper_of_one_title_whose_abstract_begins_alike_is_the_same_one() -> None:
    opening = "Rocks are wet in rain and dry in the sun again."
    first = paper("On Rocks", f"{opening} So it is.", published="2023")
    second = paper("On Rocks", f"{opening} So it was.", published="2024")
    assert counted([first, second])[0] == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        # A new title and other first authors, a better identifier, the place of its printing.
        ({"arxiv": "2401.00001", "authors": ("Ann Lee",)}, {"authors": ("A. Lee", "Bo Ray")}),
        ({"pmid": "3", "authors": ("Ann Lee",)}, {"pmid": "3", "doi": "10.1000/n"}),
        ({"arxiv": "2401.00001", "doi": "10.1000/m"}, {"arxiv": "2401.00001", "doi": "10.1000/n"}),
    ],
)
def test_what_may_differ_between_records_of_one_identifier(
    one: dict[str, Any], other: dict[str, Any]
) -> None:
    other = {name: one[name] for name in ("arxiv",) if name in one} | other
    first, second = paper("Old Rocks", **one), paper("Stones, Anew", **other)
    assert not contradict(first, second)
    assert len(ids([first], [second])) == len(ids([second, first])) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        # Of one kind another, of a better kind another, and neither the title nor an author.
        ({"arxiv": "2401.00001"}, {"arxiv": "2401.00002"}),
        ({"arxiv": "2401.00001", "doi": "10.1000/m"}, {"arxiv": "2401.00002", "doi": "10.1000/m"}),
        ({"pmid": "3", "doi": "10.1000/m"}, {"pmid": "3", "doi": "10.1000/n"}),
        ({"pmid": "3", "authors": ("Ann Lee",)}, {"pmid": "3", "authors": ("Bo Ray",)}),
    ],
)
def test_what_may_not_differ_between_records_of_one_identifier(
    one: dict[str, Any], other: dict[str, Any]
) -> None:
    first, second = paper("Old Rocks", **one), paper("Stones, Anew", **other)
    assert contradict(first, second)
    assert len(ids([first], [second])) == len(ids([second, first])) == 2


def test_a_title_alone_does_not_join_what_was_published_twice_over() -> None:
    kidneys = paper("Editorial", "Kidneys filter blood.", doi="10.1000/kidney")
    soil = paper("Editorial", "Soil holds water.", pmid="555")
    again = paper("Editorial", "Kidneys filter blood. They are two.", arxiv="2401.00001")
    assert namesakes(kidneys, soil) and not namesakes(kidneys, again)
    assert ids([kidneys], [soil]) == ids([soil, kidneys]) == [kidneys.id, soil.id]
    assert ids([soil, kidneys], [again]) == ["arxiv:2401.00001", soil.id]
    # Without an identifier it goes to the one that it speaks for.
    unnamed = paper("Editorial", "Soil holds water. It is brown.")
    kept = stored([kidneys, soil], [unnamed]).papers([kidneys.id, soil.id])
    assert [one.abstract for one in kept.values()] == [kidneys.abstract, unnamed.abstract]


@pytest.mark.parametrize(
    "title",
    [
        "On ROCKS.",
        "On  {R}ocks",
        "On <i>Rocks</i>",
        "On &lt;i&gt;Rocks&lt;/i&gt;",
        'On <jats:italic toggle="yes">Rocks</jats:italic>',
        "on rocks",
        "On $Rocks$",
        "On\n Rocks .",
    ],
)
def test_markup_of_a_source_does_not_make_another_title(title: str) -> None:
    assert title_key(title) == title_key("On Rocks") == paper_id("On Rocks")


@pytest.mark.parametrize(
    "title",
    [
        r"Schr\"odinger & Erd\H{o}s in Poincar{\'e}'s na\"{\i}ve Fa\c{c}ade",
        "Schrödinger &amp; Erdo\u030bs in Poincaré's naïve façade",
    ],
)
def test_accents_as_tex_writes_them_do_not_make_another_title(title: str) -> None:
    assert title_key(title) == paper_id("Schrödinger & Erdős in Poincaré's naïve façade")


@pytest.mark.parametrize("title", ["On Rock", "On Rocks?", "Rocks, On", "On Rocks 2"])
def test_another_title_is_another_paper(title: str) -> None:
    assert title_key(title) != title_key("On Rocks")


@pytest.mark.parametrize("flip", [False, True])
def test_the_text_of_the_highest_version_wins_in_any_order(flip: bool) -> None:
    versions = [
        paper("On Rocks", f"Text {n}.", arxiv="2403.05530", arxiv_version=n) for n in (1, 3, 2)
    ]
    unversioned = paper("On Rocks", "Another text.", arxiv="2403.05530", venue="ACL")
    every = [*versions, unversioned]
    for order in (every, every[::-1]):
        catalog = stored(order) if flip else stored(*([each] for each in order))
        kept = catalog.papers(["arxiv:2403.05530"])["arxiv:2403.05530"]
        assert (kept.abstract, kept.arxiv_version, kept.venue) == ("Text 3.", 3, "ACL")


def test_a_removed_paper_leaves_no_alias() -> None:
    catalog = stored([paper("On Rocks")], [paper("On Rocks", doi="10.1000/3")])
    catalog.remove(["doi:10.1000/3"])
    assert catalog.owners([paper_id("On Rocks"), "doi:10.1000/3"]) == {}
    assert ids([paper("On Rocks")]) == [paper_id("On Rocks")]


NAMES = ("arxiv", "doi", "pmid")


@st.composite
def records(draw: st.DrawFn) -> list[Paper]:
    """Records of a few papers, each naming some of its paper's identifiers and one title of two."""
    made = []
    for number in range(draw(st.integers(1, 3))):
        names = {
            "arxiv": f"2403.0000{number}",
            "doi": f"10.1000/{number}",
            "pmid": f"{number + 1}",
        }
        titles = (f"On Rocks {number}", f"Rocks Revisited {number}")
        for _ in range(draw(st.integers(1, 4))):
            chosen = draw(st.sets(st.sampled_from(NAMES)))
            made.append(
                paper(
                    draw(st.sampled_from(titles)),
                    draw(st.sampled_from(["It works.", "It works well."])),
                    venue=draw(st.sampled_from([None, "ACL"])),
                    **{name: names[name] for name in sorted(chosen)},
                )
            )
    return made


def split(papers: list[Paper], at: int) -> tuple[list[Paper], list[Paper]]:
    return papers[:at], papers[at:]


UNSHRUNK = [phase for phase in Phase if phase is not Phase.shrink]


@settings(max_examples=60, phases=UNSHRUNK)
@given(st.data())
def test_any_order_of_the_same_records_gives_the_same_papers(data: st.DataObject) -> None:
    given_ = data.draw(records())
    shuffled = data.draw(st.permutations(given_))
    at, other = data.draw(st.tuples(st.integers(0, 12), st.integers(0, 12)))
    one, two = stored(*split(given_, at)), stored(*split(list(shuffled), other))
    assert one.paper_ids() == two.paper_ids()
    every = sorted({key for record in given_ for key in keys(record)})
    assert one.owners(every) == two.owners(every)
    assert set(one.owners(every)) == set(every)
    for left, right in zip(
        one.papers(one.paper_ids()).values(), two.papers(two.paper_ids()).values(), strict=True
    ):
        assert (left.id, left.aliases, left.venue) == (right.id, right.aliases, right.venue)


@settings(max_examples=40, phases=UNSHRUNK)
@given(records(), st.integers(0, 12))
def test_adding_again_changes_nothing(given_: list[Paper], at: int) -> None:
    catalog = stored(*split(given_, at), given_)
    before = (catalog.generation, catalog.snapshot(), catalog.counts())
    unique = list({record.id: record for record in given_}.values())
    for paper_id_, kept in catalog.papers(catalog.paper_ids()).items():
        assert paper_id_ == kept.id
    backend = Lengths()
    embedder = Embedder(_model(), backend, prompts={})
    report = AddReport()
    last = [catalog.papers(catalog.owners([record.id])[record.id]) for record in unique]
    add_batch(catalog, embedder, [kept for found in last for kept in found.values()], report)
    assert (catalog.generation, catalog.snapshot(), catalog.counts()) == before
    assert (report.added, report.updated, backend.embedded) == (0, 0, [])


def _model() -> Model:
    return Model("lengths", Path(), "0" * 64)
