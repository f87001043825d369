"""A disk that is full, and a folder that cannot be written."""

import os
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from store.corpus import Corpus
from store.embedding import Embedder
from store.errors import StoreError
from store.papers import Paper

Everything = Callable[[Corpus], list[object]]
Run = Callable[..., subprocess.CompletedProcess[str]]
#: Bytes of the small disk, and of what is added when little of it is left.
DISK, LEFT = 12_000_000, (0, 150_000, 1_200_000)
MORE = [
    Paper(id=f"title:{n}", title=f"Paper {n}", abstract=f"Gnu number {n} grazes. " * 12)
    for n in range(150)
]
#: Takes from root what lets it write everywhere.
UNPRIVILEGED = ("setpriv", "--bounding-set=-dac_override,-dac_read_search", "--")


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small disk of its own."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK}", "none", place]
    if not shutil.which("mount") or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("nothing may be mounted here")
    yield place
    subprocess.run(["umount", "--lazy", place], check=True)


def free(place: Path) -> int:
    found = os.statvfs(place)
    return found.f_bavail * found.f_frsize


@pytest.mark.parametrize("left", LEFT)
def test_on_a_full_disk_nothing_is_lost_and_what_was_there_is_answered_from(
    disk: Path, left: int, embedder: Embedder, animals: list[Paper], everything: Everything
) -> None:
    folder, ballast = disk / "store", disk / "ballast"
    with Corpus(folder, embedder) as corpus:
        corpus.add(animals)
        before = everything(corpus)
    ballast.write_bytes(bytes(free(disk) - left))
    acknowledged = 0

    def note(count: int) -> None:
        nonlocal acknowledged
        acknowledged += count

    with pytest.raises(StoreError, match=r"disk|space left"), Corpus(folder, embedder) as corpus:
        corpus.add(MORE, progress=note)
    if left:
        with Corpus(folder, embedder) as corpus:
            assert len(corpus) >= len(animals) + acknowledged
            hits = corpus.search_lexical("savanna lions", k=1) + corpus.search_dense("lions", k=1)
            assert {hit.id.partition(":")[2].partition(":")[0] for hit in hits} == {"zebra"}
    ballast.unlink()
    with Corpus(folder, embedder) as corpus:
        report = corpus.add(MORE)
        assert report.added + report.unchanged == len(MORE)
        assert report.unchanged >= acknowledged
        corpus.remove([paper.id for paper in MORE])
        assert everything(corpus) == before


@pytest.fixture
def read_only(command: Run, tmp_path: Path, animals: list[Paper]) -> Iterator[Path]:
    """A store in a folder that cannot be written, nor what is in it."""
    folder = tmp_path / "store"
    lines = "".join(paper.model_dump_json() + "\n" for paper in animals)
    assert command("add", "-", "--store", folder, stdin=lines).returncode == 0
    # As the former version left it, which cannot be brought up to date here.
    with closing(sqlite3.connect(folder / "catalog.sqlite3")) as connection, connection:
        connection.execute("UPDATE facts SET value = '2' WHERE name = 'layout'")
    inside = [folder, *folder.rglob("*")]
    for place in inside:
        place.chmod(place.stat().st_mode & 0o555)
    yield folder
    for place in inside:
        place.chmod(place.stat().st_mode | 0o200)


def test_a_store_that_cannot_be_written_is_read(
    read_only: Path, executable: str, environment: dict[str, str], tmp_path: Path
) -> None:
    before = {file: file.stat().st_mtime_ns for file in read_only.rglob("*")}
    copy = shutil.copytree(read_only, tmp_path / "copy")

    def run(*arguments: object) -> tuple[str, str]:
        prefix = UNPRIVILEGED if os.geteuid() == 0 else ()
        done = subprocess.run(
            [*prefix, executable, *map(str, arguments)],
            env=environment, capture_output=True, text=True, timeout=120,
        )  # fmt: skip
        return done.stdout, done.stderr

    said, errors = run("ask", "What do falcons hunt?", "--json", "--store", read_only)
    assert not errors
    assert said == run("ask", "What do falcons hunt?", "--json", "--store", copy)[0] != ""
    for change in (("remove", "title:zebra"), ("watch", "add", "falcons"), ("feedback", "list")):
        said, errors = run(*change, "--store", read_only)
        assert not said
        assert re.fullmatch(
            r"error: the store '.*' can be read, but not changed; make the folder writable, or "
            r"copy it and name the copy\n",
            errors,
        )
    assert {file: file.stat().st_mtime_ns for file in read_only.rglob("*")} == before
