"""Upgrade: a store that an older version made."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

from store.catalog import Catalog, Entry
from store.papers import title_key


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
