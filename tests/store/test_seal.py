"""The seal: valid only while every covered file is as it was."""

from collections.abc import Callable
from pathlib import Path

import pytest

from store.seal import break_seal, put_seal, sealed_generation


def covers(file: Path) -> bool:
    return file.name != "log"


@pytest.fixture
def index(tmp_path: Path) -> Path:
    folder = tmp_path / "index"
    (folder / "part").mkdir(parents=True)
    (folder / "part" / "a.bin").write_bytes(b"aaaa")
    (folder / "b.bin").write_bytes(b"")
    (folder / "log").write_text("one")
    put_seal(folder, 7, covers=covers)
    return folder


def test_a_sealed_index_names_its_generation(index: Path) -> None:
    assert sealed_generation(index, covers=covers) == 7


def test_a_file_that_is_not_covered_may_change(index: Path) -> None:
    (index / "log").write_text("two")
    (index / "part" / "log").write_text("three")
    assert sealed_generation(index, covers=covers) == 7


def flip(index: Path) -> None:
    (index / "part" / "a.bin").write_bytes(b"aaab")


def cut(index: Path) -> None:
    (index / "part" / "a.bin").write_bytes(b"aaa")


def lose(index: Path) -> None:
    (index / "b.bin").unlink()


def add(index: Path) -> None:
    (index / "c.bin").touch()


def move(index: Path) -> None:
    (index / "part" / "a.bin").rename(index / "a.bin")


def lose_all(index: Path) -> None:
    index.rename(index.with_name("elsewhere"))


def spoil_seal(index: Path) -> None:
    index.with_name("index.seal").write_bytes(b"\xff\x00")


def cut_seal(index: Path) -> None:
    seal = index.with_name("index.seal")
    seal.write_text(seal.read_text()[:-5])


@pytest.mark.parametrize(
    "damage", [flip, cut, lose, add, move, lose_all, spoil_seal, cut_seal, break_seal]
)
def test_any_damage_ends_the_seal(index: Path, damage: Callable[[Path], None]) -> None:
    damage(index)
    assert sealed_generation(index, covers=covers) is None


def test_a_broken_seal_can_be_put_again(index: Path) -> None:
    break_seal(index)
    break_seal(index)
    put_seal(index, 8, covers=covers)
    assert sealed_generation(index, covers=covers) == 8


def test_a_seal_of_another_store_is_none(index: Path) -> None:
    put_seal(index, 7, covers=covers, store="one")
    assert sealed_generation(index, covers=covers, store="one") == 7
    assert sealed_generation(index, covers=covers, store="two") is None


def test_breaking_a_seal_before_there_is_a_folder(tmp_path: Path) -> None:
    break_seal(tmp_path / "not yet" / "index")
    assert sealed_generation(tmp_path / "not yet" / "index", covers=covers) is None
