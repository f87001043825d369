"""Documents: what is kept of a paper is used while it is right, and made again where it is not."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from store.catalog import Catalog, Entry
from store.lexical import LexicalIndex
from store.lexical.documents import FILE, document, documents, forget_others
from store.papers import Paper

MakeEntry = Callable[..., Entry]
IDS = ["title:a", "title:b", "title:c"]


@pytest.fixture
def three(catalog: Catalog, entry: MakeEntry) -> Catalog:
    catalog.write([entry(name, f"The {name} zebra of GPT-4. It works.") for name in "abc"])
    return catalog


def made(catalog: Catalog) -> list[str]:
    return [of(paper) for paper in catalog.papers(IDS).values()]


def of(paper: Paper) -> str:
    return document(paper.id, title=paper.title, abstract=paper.abstract)


def test_a_document_holds_what_is_sought(three: Catalog, entry: MakeEntry) -> None:
    paper = entry("x", "Zebras colour GPT-4.", title="FIT: Grazing").paper
    assert json.loads(of(paper)) == {
        "id": "title:x",
        # The title is taken twice; a compound stands in each of its forms.
        "text": "fit graze fit graze zebra color gpt 4 gpt4",
        "word": "FIT Grazing FIT Grazing Zebras colour GPT-4",
        "part": "4 GPT GPT4",
        "name": "FIT",
    }


def test_what_is_kept_is_used(three: Catalog, tmp_path: Path) -> None:
    assert list(documents(three, IDS, folder=None)) == made(three)
    assert list(documents(three, IDS, folder=tmp_path)) == made(three)
    with closing(sqlite3.connect(tmp_path / FILE)) as kept, kept:
        (packed,) = kept.execute("SELECT document FROM documents WHERE id = 'title:a'").fetchone()
        kept.execute("UPDATE documents SET document = ? WHERE id = 'title:b'", [packed])
    first, second, _ = documents(three, IDS, folder=tmp_path)
    assert first == second == made(three)[0]


def replaced(catalog: Catalog, entry: MakeEntry, _folder: Path) -> None:
    catalog.write([entry("b", "Another text.")])


def damaged(_catalog: Catalog, _entry: MakeEntry, folder: Path) -> None:
    with closing(sqlite3.connect(folder / FILE)) as kept, kept:
        kept.execute("UPDATE documents SET document = substr(document, 1, 20) WHERE id = 'title:b'")


def spoilt(_catalog: Catalog, _entry: MakeEntry, folder: Path) -> None:
    (folder / FILE).write_bytes(b"spoilt" * 1000)


def spoilt_within(_catalog: Catalog, _entry: MakeEntry, folder: Path) -> None:
    data = bytearray((folder / FILE).read_bytes())
    pages = range(4096, len(data), 4096)
    assert pages
    for page in pages:
        data[page : page + 8] = b"spoilt!!"
    (folder / FILE).write_bytes(data)


def older(_catalog: Catalog, _entry: MakeEntry, folder: Path) -> None:
    """What other code has made."""
    with closing(sqlite3.connect(folder / FILE)) as kept, kept:
        kept.execute("UPDATE documents SET document = (SELECT min(document) FROM documents)")
        kept.execute("PRAGMA user_version=1")


def lost(_catalog: Catalog, _entry: MakeEntry, folder: Path) -> None:
    (folder / FILE).unlink()


@pytest.mark.parametrize("change", [replaced, damaged, spoilt, spoilt_within, older, lost])
def test_what_is_kept_and_wrong_is_made_again(
    three: Catalog,
    entry: MakeEntry,
    tmp_path: Path,
    change: Callable[[Catalog, MakeEntry, Path], None],
) -> None:
    assert list(documents(three, IDS, folder=tmp_path)) == made(three)
    change(three, entry, tmp_path)
    for _ in range(2):
        assert list(documents(three, IDS, folder=tmp_path)) == made(three)


def test_damage_to_what_is_kept_stops_no_writing(
    three: Catalog, entry: MakeEntry, tmp_path: Path
) -> None:
    index = LexicalIndex(tmp_path / "lexical")
    index.fill(three)
    spoilt_within(three, entry, tmp_path / "lexical")
    three.write([entry("d", "The d zebra.")])
    index.apply(three, three.changes(1))
    spoilt_within(three, entry, tmp_path / "lexical")
    three.remove(["title:b"])
    index.apply(three, three.changes(2))
    assert {hit.id for hit in index.search("zebra", k=5)} == {"title:a", "title:c", "title:d"}


def test_a_damaged_record_is_told_and_keeps_no_other_from_being_found(
    three: Catalog, entry: MakeEntry, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with closing(sqlite3.connect(tmp_path / "catalog.sqlite3")) as damage, damage:
        damage.execute("UPDATE papers SET abstract = 'Lions.', authors = '[' WHERE id = 'title:b'")
    index = LexicalIndex(tmp_path / "lexical")
    index.fill(three)
    assert "The record of 'title:b' is damaged; remove it" in caplog.messages[0]
    assert [hit.id for hit in index.search("zebra", k=5)] == ["title:a", "title:c"]
    three.write([entry("b", "The b zebra of GPT-4. It works.")])
    index.apply(three, three.changes(1))
    assert [hit.id for hit in index.search("zebra", k=5)] == IDS
    assert len(caplog.messages) == 1


def test_removed_papers_are_forgotten_and_unknown_ones_left_out(
    three: Catalog, tmp_path: Path
) -> None:
    list(documents(three, IDS, folder=tmp_path))
    three.remove(["title:b"])
    forget_others(tmp_path, three.paper_ids())
    with closing(sqlite3.connect(tmp_path / FILE)) as kept:
        assert sorted(kept.execute("SELECT id FROM documents")) == [("title:a",), ("title:c",)]
    assert list(documents(three, IDS, folder=tmp_path)) == made(three)


def test_while_an_index_is_made_anew_the_former_one_is_searched(
    three: Catalog, tmp_path: Path
) -> None:
    index = LexicalIndex(tmp_path / "lexical")
    index.fill(three)
    three.remove(["title:b"])
    seen = []

    class Watched(Catalog):
        """A catalog that looks into the index whenever it is read."""

        def content_hashes(self, paper_ids: object) -> dict[str, str]:
            seen.append([hit.id for hit in index.search("zebra", k=5)])
            return super().content_hashes(paper_ids)  # type: ignore[arg-type]

    with closing(Watched(f"sqlite:///{tmp_path / 'catalog.sqlite3'}")) as watched:
        index.apply(watched, watched.changes(1))
    assert seen == [IDS]
    assert [hit.id for hit in index.search("zebra", k=5)] == ["title:a", "title:c"]
