"""Upgrade: a store that an older version made."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from store.adding import AddReport, add_batch
from store.catalog import Catalog, Entry
from store.database import Tables
from store.embedding import Embedder
from store.papers import paper_id, title_key
from store.schema import LAYOUT, aliases, facts, metadata
from store.upgrade import upgrade


def test_a_store_of_layout_1_is_brought_up_at_opening(
    tmp_path: Path, entry: Callable[..., Entry]
) -> None:
    file = tmp_path / "catalog.sqlite3"
    made = Catalog(f"sqlite:///{file}")
    made.write([entry("a", venue="ACL"), entry("b")])
    before = made.snapshot()
    made.close()
    with sqlite3.connect(file) as connection:
        for column in ("aliases", "arxiv_version", "withdrawn"):
            connection.execute(f"ALTER TABLE papers DROP COLUMN {column}")
        connection.execute("DROP TABLE aliases")
        connection.execute("UPDATE facts SET value = '1' WHERE name = 'layout'")
    for _ in range(2):
        catalog = Catalog(f"sqlite:///{file}")
        assert catalog.papers(["title:a"]) == {"title:a": entry("a", venue="ACL").paper}
        key = title_key("Paper a")
        assert catalog.owners([key]) == {key: ["title:a"]}
        assert (catalog.snapshot(), catalog.generation) == (before, 1)
        catalog.close()
    catalog = Catalog(f"sqlite:///{file}")
    catalog.touch([entry("b", aliases=("doi:10.1000/3",), withdrawn=True).paper])
    assert catalog.owners(["doi:10.1000/3"]) == {"doi:10.1000/3": ["title:b"]}
    assert catalog.papers(["title:b"])["title:b"].withdrawn
    catalog.close()


#: What the former version made of identifiers, and what is made of the same ones now.
FORMS = {
    "arxiv:math.gt/0309136": "arxiv:math/0309136",
    "doi:10.1000/abc.": "doi:10.1000/abc",
    "doi:10.1002/(sici)1%281%29&lt;3&gt;": "doi:10.1002/(sici)1(1)<3>",
    "pmid:00123": "pmid:123",
}
#: Its key of a title with an entity, as that of any title without braces, is that of its words.
TITLE, STUDY = "A study of A &amp; B", "arxiv:2403.05530"


def as_layout_2(catalog: Catalog) -> None:
    """Make of the keys that are noted in a catalog those that the former version noted."""
    present = title_key(TITLE)
    with catalog.database.transaction() as connection:
        own = aliases.c.alias == present
        connection.execute(sa.update(aliases).where(own).values(alias=paper_id(TITLE)))
        connection.execute(sa.update(facts).where(facts.c.name == "layout").values(value="2"))


def noted(tables: Tables) -> list[tuple[str, str]]:
    """Return what papers may be met under, and which."""
    rows = tables.rows(sa.select(aliases).order_by(aliases.c.alias, aliases.c.paper_id))
    return [(row.alias, row.paper_id) for row in rows]


@pytest.mark.parametrize("place", ["sqlite", "postgres"])
def test_a_store_of_layout_2_knows_its_papers_by_the_ids_and_titles_of_today(
    place: str,
    request: pytest.FixtureRequest,
    tmp_path: Path,
    entry: Callable[..., Entry],
    refusing: Embedder,
) -> None:
    sqlite = f"sqlite:///{tmp_path / 'catalog.sqlite3'}"
    url = sqlite if place == "sqlite" else request.getfixturevalue("postgres")()
    catalog = Catalog(url)
    former = [entry(f"{n}", id=name, source="a.bib") for n, name in enumerate(FORMS)]
    study = entry("s", id=STUDY, aliases=("doi:10.1000/s.",), title=TITLE, source="a.bib")
    catalog.write([*former, study])
    as_layout_2(catalog)
    assert catalog.owners([title_key("A study of A & B"), *FORMS.values()]) == {}
    catalog.close()

    # One that is broken off has changed nothing.
    tables = Tables(url, metadata)
    with pytest.raises(KeyboardInterrupt), tables.transaction() as connection:
        upgrade(connection)
        raise KeyboardInterrupt
    kept = tables.rows(sa.select(facts.c.value).where(facts.c.name == "layout"))
    assert (kept[0].value, len(noted(tables))) == ("2", 6)
    tables.close()

    catalog = Catalog(url)
    assert catalog.database.fact("layout") == str(LAYOUT)
    today = {new: [old] for old, new in FORMS.items()}
    of_study = (title_key("A study of A & B"), paper_id(TITLE), "doi:10.1000/s", "doi:10.1000/s.")
    today |= {key: [STUDY] for key in of_study}
    assert catalog.owners(today) == today
    # What is the same but for its ids says nothing new, and no paper gets another id.
    before = (catalog.generation, catalog.snapshot(), noted(catalog.database))
    records = [one.paper.model_copy(update={"id": FORMS[one.paper.id]}) for one in former]
    records.append(study.paper.model_copy(update={"aliases": ("doi:10.1000/s",)}))
    report = AddReport()
    add_batch(catalog, refusing, records, report)
    assert (report.added, report.updated, report.unchanged) == (0, 0, 5)
    assert (catalog.generation, catalog.snapshot(), noted(catalog.database)) == before
    # Opened again, it is what it is.
    catalog.close()
    catalog = Catalog(url)
    assert noted(catalog.database) == before[-1]
    catalog.close()
