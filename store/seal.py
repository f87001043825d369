"""Seal: the mark that a derived index is whole, and which generation it has applied.

An index's files are hashed when it has been written and closed to changes. The seal is broken
before the next change begins. So a process that dies in the middle, a file that is damaged, cut
or lost, all end the same way: no valid seal at the next opening, and the index is rebuilt.
"""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

from pydantic import BaseModel, ValidationError


class Seal(BaseModel):
    """The generation applied, and the SHA-256 of each file by its path in the index's folder.

    `store` is the identity of the catalog that the index is made of, where that is known.
    """

    generation: int
    files: dict[str, str]
    store: str = ""


#: Says of a file whether the seal covers it.
Covers = Callable[[Path], bool]


def put_seal(folder: Path, generation: int, *, covers: Covers, store: str = "") -> None:
    """Seal the files of the index in `folder` that `covers` holds for, as one of a `store`'s."""
    seal = Seal(generation=generation, files=_digests(folder, covers), store=store)
    aside = _place(folder).with_suffix(".part")
    with aside.open("w", encoding="utf-8") as stream:
        stream.write(seal.model_dump_json(indent=1))
        stream.flush()
        os.fsync(stream.fileno())
    aside.replace(_place(folder))


def break_seal(folder: Path) -> None:
    """Remove the seal, durably, because the index is about to change."""
    _place(folder).unlink(missing_ok=True)
    if folder.parent.is_dir():
        descriptor = os.open(folder.parent, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def is_sealed(folder: Path) -> bool:
    """Return whether there is a seal; what it says is not looked at."""
    return _place(folder).exists()


def sealed_generation(folder: Path, *, covers: Covers, store: str = "") -> int | None:
    """Return the generation that the index has applied, or None where it cannot be trusted.

    It is not, where it is another store's; an older version's seal does not say whose it is.
    """
    try:
        seal = Seal.model_validate_json(_place(folder).read_text("utf-8"))
        foreign = seal.store and seal.store != store
        return None if foreign or seal.files != _digests(folder, covers) else seal.generation
    except (OSError, ValidationError, UnicodeDecodeError):
        return None


def _place(folder: Path) -> Path:
    return folder.with_name(folder.name + ".seal")


def _digests(folder: Path, covers: Covers) -> dict[str, str]:
    digests = {}
    for file in sorted(folder.rglob("*")):
        if file.is_file() and covers(file):
            with file.open("rb") as stream:
                digest = hashlib.file_digest(stream, "sha256").hexdigest()
            digests[file.relative_to(folder).as_posix()] = digest
    return digests
