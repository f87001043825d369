"""Reading from the command line: encodings, archives, and names that a terminal is spared."""

import io
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

Run = Callable[..., subprocess.CompletedProcess[str]]
RIS = "TY  - JOUR\nTI  - {}\nAB  - It works.\nER  - \n"


def test_another_encoding_is_read_where_it_is_named(command: Run, tmp_path: Path) -> None:
    file, store = tmp_path / "papers.ris", tmp_path / "store"
    file.write_bytes(RIS.format("Größe").encode("cp1252"))
    done = command("add", file, "--store", store)
    assert done.stderr == (
        f"error: {file}:2: not UTF-8 text (byte 0xf6); "
        "save the file as UTF-8, or name its encoding with assistant add --encoding\n"
    )
    assert done.returncode == 2
    done = command("add", file, "--store", store, "--encoding", "cp1252")
    assert done.stdout == "1 added, 0 updated, 0 unchanged, 0 skipped\n"
    done = command("add", file, "--store", store, "--encoding", "nonsense")
    assert done.stderr == (
        "error: --encoding: no encoding is called 'nonsense'; name one such as cp1252\n"
    )


def test_a_report_holds_no_control_characters(command: Run, tmp_path: Path) -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("a\x1b[2J\u202eb.ris", RIS.format("A") + RIS.format(""))
    done = command("add", "-", "--store", tmp_path / "store", stdin=archive.getvalue())
    assert done.stderr == ("skipped standard input/a\ufffd[2J\ufffdb.ris:5: no title\n")
    assert done.stdout == "1 added, 0 updated, 0 unchanged, 1 skipped\n"
