"""Backup and restore: the same store again, or an error and nothing changed."""

import json
import re
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import date
from pathlib import Path
from zipfile import ZipFile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store.backup import back_up, restore, verify_backup
from store.connecting import sqlite_url
from store.corpus import Corpus
from store.embedding import Embedder
from store.errors import StoreBusy, StoreError
from store.lock import StoreLock
from store.opening import open_catalog
from store.papers import Paper
from store.popularity import Popularity, Standing

Everything = Callable[[Corpus], list[object]]
DAY = date(2024, 3, 11)


@pytest.fixture
def folder(tmp_path: Path, embedder: Embedder, animals: list[Paper]) -> Path:
    """A store with two papers, one removed, a vote, keys and a fetch that was interrupted."""
    folder = tmp_path / "store"
    with Corpus(folder, embedder) as corpus:
        corpus.add(animals)
        corpus.remove(["title:falcon"])
    with closing(Popularity(folder)) as popularity:
        popularity.vote("title:zebra", "somebody", on=DAY)
    (folder / "keys.json").write_text('{"keys": []}')
    (folder / "keys.json").chmod(0o600)
    (folder / "fetching.json").write_text('{"a": 1}')
    return folder


@pytest.fixture
def backup(folder: Path, tmp_path: Path) -> Path:
    back_up(folder, tmp_path / "backup.zip")
    return tmp_path / "backup.zip"


def test_what_is_restored_is_the_same_store(
    folder: Path, backup: Path, tmp_path: Path, embedder: Embedder, everything: Everything
) -> None:
    manifest = restore(backup, tmp_path / "again")
    with Corpus(folder, embedder) as before, Corpus(tmp_path / "again", embedder) as after:
        assert before.snapshot == after.snapshot == manifest.stats.snapshot
        assert before.generation == after.generation == manifest.stats.generation == 2
        assert list(before.papers()) == list(after.papers())
        assert everything(before) == everything(after)
    with closing(Popularity(tmp_path / "again")) as popularity:
        assert popularity.standings(["title:zebra"]) == {"title:zebra": Standing(votes=1)}
    assert (tmp_path / "again" / "keys.json").read_text() == '{"keys": []}'
    assert (tmp_path / "again" / "keys.json").stat().st_mode & 0o777 == 0o600


def test_a_backup_holds_what_is_to_be_kept_and_nothing_that_was_removed(
    backup: Path, tmp_path: Path
) -> None:
    names = {"catalog.sqlite3", "popularity.sqlite3", "keys.json"}
    assert set(verify_backup(backup).files) == names
    with ZipFile(backup) as packed:
        assert set(packed.namelist()) == {*names, "manifest.json"}
        assert b"pigeons" not in packed.read("catalog.sqlite3")
        assert b"squid" in packed.read("catalog.sqlite3")
    assert backup.stat().st_mode & 0o777 == 0o600
    assert {file.name for file in tmp_path.iterdir()} == {"backup.zip", "store"}


def test_a_live_store_is_backed_up_as_of_one_moment(
    tmp_path: Path, embedder: Embedder, animals: list[Paper]
) -> None:
    folder, stop = tmp_path / "store", threading.Event()
    with Corpus(folder, embedder) as corpus:
        corpus.add(animals)
        seen = {corpus.snapshot}

        def change() -> None:
            while not stop.is_set():
                corpus.remove(["title:whale"])
                seen.add(corpus.snapshot)
                corpus.add(animals)

        writer = threading.Thread(target=change)
        writer.start()
        made = [back_up(folder, tmp_path / f"{number}.zip") for number in range(3)]
        stop.set()
        writer.join()
    assert {manifest.stats.snapshot for manifest in made} <= seen
    restore(tmp_path / "2.zip", tmp_path / "again")
    with closing(open_catalog(tmp_path / "again")) as catalog:
        assert catalog.snapshot() == made[2].stats.snapshot


def test_a_store_is_replaced_only_where_that_is_said_and_readers_follow(
    folder: Path, backup: Path, embedder: Embedder, animals: list[Paper], everything: Everything
) -> None:
    with Corpus(folder, embedder) as corpus:
        whole, before = everything(corpus), corpus.snapshot
        corpus.remove(["title:zebra"])
        corpus.add([animals[2]])
    (folder / "notes.txt").write_text("mine\n")
    (folder / "keys.json").write_text('{"keys": ["later"]}')
    with pytest.raises(StoreError, match=r"there is a store in .* already; .* --replace"):
        restore(backup, folder)
    with Corpus(folder, embedder) as reader:
        assert everything(reader) != whole
        restore(backup, folder, replace=True)
        assert (everything(reader), reader.snapshot) == (whole, before)
    with Corpus(folder, embedder) as again:
        assert (everything(again), again.snapshot, again.generation) == (whole, before, 5)
    # Older keys would let in whose key was taken back since; the rest is not the store's.
    assert (folder / "keys.json").read_text() == '{"keys": ["later"]}'
    assert (folder / "notes.txt").exists()
    assert not (folder / "restoring").exists()


@pytest.mark.parametrize("damage", [b"", b"not a database at all, but long enough " * 200])
def test_a_damaged_catalog_is_replaced(
    folder: Path, backup: Path, embedder: Embedder, damage: bytes, everything: Everything
) -> None:
    with Corpus(folder, embedder) as corpus:
        whole = everything(corpus)
    (folder / "catalog.sqlite3").write_bytes(damage)
    restore(backup, folder, replace=True)
    with Corpus(folder, embedder) as corpus:
        assert everything(corpus) == whole


def cut(backup: Path) -> None:
    backup.write_bytes(backup.read_bytes()[:-100])


def change_a_byte(backup: Path) -> None:
    data = bytearray(backup.read_bytes())
    data[2000] ^= 1
    backup.write_bytes(data)


def repack(backup: Path, name: str, content: bytes) -> None:
    """Put other content into the archive, which then is a sound one of its kind."""
    with ZipFile(backup) as packed:
        members = {one: packed.read(one) for one in packed.namelist()}
    with ZipFile(backup, "w") as packed:
        for one, kept in {**members, name: content}.items():
            packed.writestr(one, kept)


def change_a_member(backup: Path) -> None:
    repack(backup, "keys.json", b'{"keys": ["another"]}')


def lead_elsewhere(backup: Path) -> None:
    with ZipFile(backup) as packed:
        manifest = json.loads(packed.read("manifest.json"))
    manifest["files"]["../elsewhere"] = "0" * 64
    repack(backup, "manifest.json", json.dumps(manifest).encode())


def of_a_later_version(backup: Path) -> None:
    with ZipFile(backup) as packed:
        manifest = json.loads(packed.read("manifest.json"))
    repack(backup, "manifest.json", json.dumps({**manifest, "format": 2}).encode())


def no_archive(backup: Path) -> None:
    backup.write_text("Dear all,")


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.floats(0, 1), st.integers(0, 7)), min_size=1, max_size=4))
def test_whatever_is_damaged_of_a_backup_is_one_error(
    backup: Path, bits: list[tuple[float, int]]
) -> None:
    whole = backup.read_bytes()
    damaged = bytearray(whole)
    for share, bit in bits:
        damaged[int(share * (len(whole) - 1))] ^= 1 << bit
    other = backup.with_name("damaged.zip")
    other.write_bytes(damaged)
    # What only says who may read a file is no content.
    with suppress(StoreError):
        assert verify_backup(other) == verify_backup(backup)


@pytest.mark.parametrize(
    "damage",
    [cut, change_a_byte, change_a_member, lead_elsewhere, of_a_later_version, no_archive],
)
def test_a_backup_that_is_not_whole_changes_nothing(
    folder: Path, backup: Path, tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    damage(backup)
    before = (folder / "catalog.sqlite3").read_bytes()
    for place in (folder, tmp_path / "new"):
        with pytest.raises(StoreError, match="is no whole backup of this version"):
            restore(backup, place, replace=True)
    assert not (tmp_path / "new").exists()
    assert (folder / "catalog.sqlite3").read_bytes() == before


def test_nothing_is_backed_up_over_another_file_or_from_a_damaged_store(
    folder: Path, backup: Path, tmp_path: Path
) -> None:
    with pytest.raises(StoreError, match=r"there is .*backup.zip' already; name a new file"):
        back_up(folder, backup)
    with closing(sqlite3.connect(folder / "catalog.sqlite3")) as connection, connection:
        connection.execute("UPDATE papers SET abstract = 'Whales fly.' WHERE id = 'title:whale'")
    with pytest.raises(StoreError, match="the record of 'title:whale' is damaged; restore a"):
        back_up(folder, tmp_path / "second.zip")
    with closing(sqlite3.connect(folder / "catalog.sqlite3")) as connection, connection:
        connection.execute("UPDATE facts SET value = 'many' WHERE name = 'generation'")
    with pytest.raises(StoreError, match=re.escape(f"{folder / 'catalog.sqlite3'} cannot be used")):
        back_up(folder, tmp_path / "second.zip")
    assert not (tmp_path / "second.zip").exists()
    with pytest.raises(StoreError, match="cannot be written: No such file or directory"):
        back_up(folder, tmp_path / "missing" / "third.zip")


def test_a_store_that_is_being_written_is_not_replaced(folder: Path, backup: Path) -> None:
    with StoreLock(folder), pytest.raises(StoreBusy, match="is being written"):
        restore(backup, folder, replace=True)


def test_a_catalog_elsewhere_in_sqlite_leaves_the_other_files_where_they_are(
    tmp_path: Path, embedder: Embedder, animals: list[Paper]
) -> None:
    folder, url = tmp_path / "store", sqlite_url(tmp_path / "elsewhere.sqlite3")
    with Corpus(folder, embedder, url=url) as corpus:
        corpus.add(animals)
    with closing(Popularity(folder, url=url)) as popularity:
        popularity.vote("title:zebra", "somebody", on=DAY)
    back_up(folder, tmp_path / "backup.zip", url=url)
    again, other = tmp_path / "again", sqlite_url(tmp_path / "other.sqlite3")
    restore(tmp_path / "backup.zip", again, url=other)
    with closing(Popularity(again, url=other)) as popularity:
        assert popularity.standings(["title:zebra"]) == {"title:zebra": Standing(votes=1)}
    with closing(sqlite3.connect(tmp_path / "elsewhere.sqlite3")) as connection:
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
    assert "votes" not in tables


def test_what_a_crash_left_beside_a_database_is_not_read_into_the_restored_one(
    folder: Path, backup: Path, embedder: Embedder, everything: Everything
) -> None:
    with Corpus(folder, embedder) as corpus:
        whole = everything(corpus)
    (folder / "catalog.sqlite3").unlink()
    (folder / "catalog.sqlite3-wal").write_bytes(b"of another database" * 200)
    restore(backup, folder, replace=True)
    with Corpus(folder, embedder) as corpus:
        assert everything(corpus) == whole


def test_a_backup_is_not_written_into_the_store(folder: Path) -> None:
    with pytest.raises(StoreError, match="lies in the store itself; name a file outside"):
        back_up(folder, folder / "backup.zip")
